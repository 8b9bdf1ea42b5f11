"""Support fund and yearly dividend: what an agent's shares are, and claiming them."""
