"""Liandong (链动): commission settlement for retail brands, on chain."""

__version__ = "0.1.0"
