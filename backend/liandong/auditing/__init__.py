"""The audit behind the API: runs beside it, one at a time."""
