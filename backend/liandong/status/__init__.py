"""Whether the service lives, is caught up, and how it does."""
