"""The error tree has the names of the rules, no more and no fewer."""

import re
from pathlib import Path

import pytest

from liandong.errors import LiandongError, OrderHeld, RuleError, rule_error, rule_error_names

RULES = Path(__file__).parents[2] / "docs" / "settlement-rules.md"


def names_in_the_rules() -> set[str]:
    """Every word in camel case in §§ 1 to 5 is an error's name."""
    text = RULES.read_text(encoding="utf-8").split("## 6.")[0]
    return set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", text))


def test_every_error_of_the_rules_has_its_type() -> None:
    assert rule_error_names() == names_in_the_rules()


@pytest.mark.parametrize("name", sorted(rule_error_names()))
def test_every_error_says_its_name_and_a_sentence(name: str) -> None:
    error = rule_error(name)("of order 7")
    assert isinstance(error, RuleError)
    assert isinstance(error, LiandongError)
    assert error.name == name
    assert re.fullmatch(r"[A-Z].{20,}\.", error.sentence)
    assert str(error) == f"{error.sentence} (of order 7)"
    assert str(rule_error(name)()) == error.sentence


def test_looking_up() -> None:
    assert rule_error("OrderHeld") is OrderHeld
    with pytest.raises(LookupError, match="'OrderLost' is not an error"):
        rule_error("OrderLost")
