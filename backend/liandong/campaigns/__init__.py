"""Group buys and live presales (rules § 3)."""
