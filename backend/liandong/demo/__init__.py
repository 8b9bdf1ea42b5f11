"""The eight scenarios on screen, one after the other: played on the contracts, compared with the Python rules."""
