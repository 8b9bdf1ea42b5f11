"""Replays a deployment from its logs alone and compares chain, mirror and rules."""
