"""Backtests that are asked for over HTTP: played one at a time in a process of their own, kept a day."""
