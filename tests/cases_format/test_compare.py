"""The first difference between two documents is named by its path."""

import pytest

from liandong.cases.compare import first_difference


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b: expected 1, got 2"),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, "a[1].b: expected 2, got 3"),
        ({"a": 1}, {}, "a: expected 1, got nothing"),
        ({}, {"a": 1}, "a: expected nothing, got 1"),
        ([1], [1, 2], "[1]: expected nothing, got 2"),
        ([1, 2], [1], "[1]: expected 2, got nothing"),
        ({"a": True}, {"a": 1}, "a: expected True, got 1"),
        ({"a": 1}, {"a": 1.0}, "a: expected 1, got 1.0"),
        ({"a": None}, {"a": 0}, "a: expected None, got 0"),
        ({"a": {}}, {"a": []}, "a: expected {}, got []"),
        ({"a": "xy"}, {"a": ["x", "y"]}, "a: expected 'xy', got ['x', 'y']"),
        ({"a": 1, "b": 2, "c": 3}, {"c": 0, "b": 0, "a": 1}, "b: expected 2, got 0"),
        (
            {"steps": [{"ok": True}]},
            {"steps": [{"ok": False, "error": "OrderHeld"}]},
            "steps[0].ok: expected True, got False",
        ),
    ],
)
def test_first_difference(expected, got, says) -> None:
    assert str(first_difference(expected, got)) == says


@pytest.mark.parametrize("same", [{}, [], {"a": [1, {"b": None}], "c": "x"}])
def test_no_difference(same) -> None:
    assert first_difference(same, same) is None


def test_the_order_of_keys_means_nothing() -> None:
    assert first_difference({"a": 1, "b": 2}, {"b": 2, "a": 1}) is None
