"""Accounts, statements, withdrawals (rules § 4)."""
