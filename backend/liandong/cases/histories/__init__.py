"""Random histories: case files by seed, to hold model and contracts against each other.

The same seed gives the same case. See :func:`~liandong.cases.histories.author.random_case`.
"""
