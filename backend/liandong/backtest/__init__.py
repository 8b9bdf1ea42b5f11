"""Backtests: what a plan would have paid on a brand's own past orders, lived through on the contracts.

:mod:`history`, :mod:`matching`, :mod:`agents`, :mod:`sellers` and :mod:`costs` turn files into what
happened on which day; :mod:`play` lives through it on the contracts and the Python rules side by side;
:mod:`statement` says what came of it, and the reports write that down.
"""
