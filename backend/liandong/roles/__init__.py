"""Who holds which role of the hot path, and giving roles."""
