"""What callers asked for and what became of it: requests and transactions."""
