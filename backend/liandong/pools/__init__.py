"""The support fund and the dividend: months, years, claims (rules § 5)."""
