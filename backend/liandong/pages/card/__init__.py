"""An agent's card: who it is, and the QR code by which others join."""
