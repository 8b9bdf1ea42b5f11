"""What is paused, pausing, and ending a pause."""
