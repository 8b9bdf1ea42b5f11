"""The eight scenarios on screen: played on the contracts, compared with the Python rules."""
