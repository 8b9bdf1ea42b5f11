"""Signing in with a browser wallet (EIP-4361, EIP-6963, EIP-1193) and out again."""
