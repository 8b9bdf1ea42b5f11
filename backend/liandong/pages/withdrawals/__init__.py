"""Withdrawing: a signed message that is relayed, or a transaction of the wallet's own."""
