"""Agents, suppliers and stores: joining, lineage, teams, regions (rules § 1)."""
