"""Tells malls what happened: signed, tried again, in order for each order."""
