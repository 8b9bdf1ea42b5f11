"""The check of what always holds finds what does not (rules § 6)."""

import pytest

from liandong.errors import InvariantBroken
from liandong.rules.invariants import check_invariants


def without_its_leader(world):
    world.ledger.people.agent("boss").leader = "amy"


def paid_twice(world):
    world.ledger.books.accounts.credit("amy", 5)


def shifted(world):
    world.ledger.books.accounts["sup"].available -= 1
    world.ledger.books.accounts["amy"].available += 1


def early(world):
    world.ledger.order_numbered(1).settled_on -= 1


def lost_from_escrow(world):
    world.ledger.books.out_of_escrow(1)


def overdrawn(world):
    world.ledger.books.accounts["fees"].available -= 5
    world.ledger.books.accounts["platform"].available += 5


def rich_debtor(world):
    world.ledger.books.accounts["amy"].debt += 1


def nobodys_team(world):
    world.ledger.join("bob", 0, "amy")
    world.ledger.people.agent("bob").leader = "amy"


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (without_its_leader, "§ 6.4: founder boss has a leader"),
        (paid_twice, "§ 6.1"),
        (shifted, "§ 6.5: sup has had"),
        (early, "§ 6.3: order 1"),
        (lost_from_escrow, "§ 6.1.*in escrow"),
        (overdrawn, "account fees has a negative"),
        (rich_debtor, "both money and debt"),
        (nobodys_team, "§ 6.4: leader of bob is no boss"),
    ],
)
def test_what_is_found(world, tamper, says) -> None:
    world.sold("amy", cost=300)
    world.sell("amy")
    check_invariants(world.ledger)
    tamper(world)
    with pytest.raises(InvariantBroken, match=says):
        check_invariants(world.ledger)
