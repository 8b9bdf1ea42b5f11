"""Plans as a brand works with them: written in a file, checked, and tried on a sample order."""
