"""Signing in with an API key: for auditors and the brand."""
