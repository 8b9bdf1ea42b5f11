"""Who may do what: API keys, wallets that sign in, the one authorisation matrix, rate limits."""
