"""Liandong (链动): commission settlement for social commerce, with the money rules on chain."""
