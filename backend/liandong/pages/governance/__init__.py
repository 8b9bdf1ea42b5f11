"""Roles, plans, what supervisors count, and exports."""
