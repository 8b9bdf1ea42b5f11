"""The way up, the team below as a tree, and the way to the next tier."""
