"""A whole random history by its seed."""

from __future__ import annotations

from liandong.cases.document import Case
from liandong.cases.histories.author import REGIONS, Author, NothingFits
from liandong.cases.histories.steps import CHOOSERS
from liandong.rules.accounts import NOT_WITHDRAWABLE
from liandong.rules.orders import Status

WRONG = 0.12
"""How often an argument is out of place; a good quarter of all steps is then refused."""


def random_case(seed: int, steps: int = 100, wrong: float = WRONG) -> Case:
    """A history of about this many steps, with the model's result as ``expect``. Same seed, same case.

    Begins with a small team that has sold something, goes on at random. Nothing in it but what rules § 7
    allow, so it can be written to a file, played through any driver, and replayed alone when it fails.
    """
    author = Author(seed, wrong)
    _begin(author)
    ops, weights = zip(*author.theme.weights.items(), strict=True)
    while len(author.steps) < steps:
        if author.theme.dry and author.chance(0.02):
            _run_dry(author)
        op = author.rng.choices(ops, weights)[0]
        try:
            fields = CHOOSERS[op](author)
        except NothingFits:
            continue
        if author.write(op, **fields) and op in ("close_month", "close_year") and author.chance(0.7):
            _claim_all(author, "claim_support" if op == "close_month" else "claim_dividend", fields["epoch"])
    return author.case(f"Random history {seed}: {author.theme_name}.")


def _begin(author: Author) -> None:
    author.write("join", agent="老板", region=REGIONS[0])
    introducers = ["老板"]
    for number in range(author.rng.randint(3, 7)):
        agent, introducer = f"amy{number}", author.rng.choice(introducers)
        if author.write("join", agent=agent, introducer=introducer, region=author.region()):
            introducers.append(agent)
    for agent in introducers[1:]:
        if author.chance(0.5):
            author.write("certify", agent=agent)
    if author.chance(0.7):
        for agent in introducers[1:]:
            author.write("order", channel="retail", price=6000, cost=2000, supplier="sup1", seller=agent)
        sold = list(range(1, len(author.ledger.orders) + 1))
        author.write("deliver", orders=sold)
        author.write("advance", days=author.ledger.plan.return_days + 1)
        author.write("settle", orders=sold)


def _claim_all(author: Author, op: str, epoch: int) -> None:
    books = author.ledger.books
    pool = books.support if op == "claim_support" else books.dividend
    for agent in [one.id for one in author.ledger.people.agents() if pool.is_claimable(one.id)]:
        for _ in range(author.rng.choice([0, 1, 1, 1, 1, 2])):
            author.write(op, agent=agent, epoch=epoch)


def _run_dry(author: Author) -> None:
    """All that can be withdrawn is, then settled orders are refunded by the smallest unit.

    Somebody's line then falls by one and becomes debt while another's rises by one, which nobody can pay.
    """
    accounts = author.ledger.books.accounts
    for name, account in accounts.items():
        if account.available and name not in NOT_WITHDRAWABLE:
            author.write("withdraw", account=name, amount=account.available)
    if accounts.treasury:
        author.write("withdraw", account="treasury", amount=accounts.treasury)
    for order in [one for one in author.ledger.orders if one.status is Status.SETTLED][-6:]:
        author.write("refund", order=order.number, amount=1)
