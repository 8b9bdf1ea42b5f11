"""From the chain's logs to rows: exactly once, safe against reorganisations (design: the mirror)."""
