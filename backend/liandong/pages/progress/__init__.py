"""How far a write is: followed until it is in a block, or refused."""
