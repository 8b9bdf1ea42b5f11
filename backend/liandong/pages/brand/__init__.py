"""What the brand works with: sales, liabilities, what settles next, lanes."""
