"""Shortens a history that fails to the few steps that it fails by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from liandong.cases.document import AnyStep, Case
from liandong.cases.model_driver import ModelDriver
from liandong.cases.play import play


def with_model_result(case: Case, steps: Sequence[AnyStep]) -> Case:
    """The case with other steps, and the model's result on them as ``expect``."""
    bare = case.model_copy(update={"steps": list(steps), "expect": None})
    expect = dict(play(bare, ModelDriver(bare.starting_plan)))
    return bare.model_copy(update={"expect": expect})


def shorten(case: Case, fails: Callable[[Case], bool]) -> Case:
    """A case that still fails, of which no single step can be left out any more.

    ``fails`` says of a case, whose ``expect`` is always the model's result, whether it fails; it is asked
    often. Leaves out ever smaller runs of steps, from the end; order numbers in what remains mean what they
    then mean.
    """
    steps = list(case.steps)
    run = len(steps) // 2
    while run > 0:
        start = len(steps) - run
        left_out = False
        while start >= 0:
            fewer = steps[:start] + steps[start + run :]
            if fails(with_model_result(case, fewer)):
                steps, left_out = fewer, True
            start -= run
        if not left_out or run > 1:
            run //= 2
    return with_model_result(case, steps)
