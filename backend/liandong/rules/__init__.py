"""The settlement rules in Python, written to be read beside ``docs/settlement-rules.md``.

Shares no code with the contracts: the two are held against each other. Amounts are integers in minor units,
rates are basis points, every division is floor division, days are whole calendar days since deployment.
"""
