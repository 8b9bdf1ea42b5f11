"""Joining by an invitation, with the newcomer's signed consent."""
