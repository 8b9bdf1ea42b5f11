"""Trees and proofs: the contract accepts what Python builds, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market import Market, open_market

from liandong.chain.batch_tree import BatchTree, commitment, leaf
from liandong.chain.deliveries import members
from liandong.chain.errors import TermsMismatch
from liandong.chain.local import deploy_locally
from liandong.chain.node import EmbeddedNode
from liandong.chain.selections import Selection, selections
from liandong.errors import NotDelivered

subsets = st.integers(1, 240).flatmap(
    lambda width: st.tuples(st.just(width), st.sets(st.integers(0, width - 1), min_size=1))
)


@pytest.fixture(scope="module")
def crowded(node: EmbeddedNode) -> Market:
    """A market for all examples of this file."""
    return open_market(deploy_locally(node.client()))


def _settle(market: Market, selection: Selection) -> None:
    market.client._send(market.client.keys.anyone, "settle", [selection])


@settings(max_examples=40)
@given(subset=subsets, data=st.data())
def test_any_orders_of_a_batch_of_any_width_are_proved(
    crowded: Market, subset: tuple[int, set[int]], data: st.DataObject
) -> None:
    width, members = subset
    numbers = crowded.sell(width)
    batch = crowded.client.book.batch_of(numbers[0])
    assert batch is not None
    assert (
        crowded.client.read("batch", numbers[0]) == commitment(batch.tree.root, width, []) == batch.commitment
    )
    (selection,) = selections(crowded.client.book, [numbers[one] for one in sorted(members)])
    with pytest.raises(NotDelivered):
        _settle(crowded, selection)

    first, width, deliveries, bits, words, proof = selection
    wrong = data.draw(st.sampled_from(["words", "proof", "longer", "width", "members", "deliveries"]))
    if wrong == "words":
        words = [*words]
        words[data.draw(st.integers(0, len(words) - 1))] ^= 1 << data.draw(st.integers(0, 255))
    elif wrong == "proof" and proof:
        proof = proof[:-1] if data.draw(st.booleans()) else [*proof[:-1], bytes(32)]
    elif wrong == "width" and width < 240:
        width += 1
    elif wrong == "deliveries":
        deliveries = [data.draw(st.integers(0, 2**256 - 1))]
    elif wrong == "members" and bits & (bits + 1):
        bits = (1 << len(members)) - 1
    else:
        proof = [*proof, bytes(32)]
    with pytest.raises(TermsMismatch):
        _settle(crowded, (first, width, deliveries, bits, words, proof))


@settings(max_examples=20)
@given(width=st.integers(1, 240), data=st.data())
def test_the_lens_proves_one_order(crowded: Market, width: int, data: st.DataObject) -> None:
    numbers = crowded.sell(width)
    order = data.draw(st.sampled_from(numbers))
    batch = crowded.client.book.batch_of(order)
    assert batch is not None
    proof = batch.tree.proof([order - batch.first])
    amounts, parties = batch.words_of(order)
    delivered = data.draw(st.sets(st.sampled_from(numbers)))
    crowded.client.deliver(delivered)
    words = batch.deliveries

    def proves(deliveries: list[int], amounts: int) -> bool:
        return crowded.client.lens("proves", batch.first, width, deliveries, order, amounts, parties, proof)

    assert proves(words, amounts)
    assert not proves(words, amounts + 1)
    assert not proves([*words, 1], amounts)
    days, orders = crowded.client.lens("deliveriesOf", words)
    told = {
        (day, number) for day, bits in zip(days, orders, strict=True) for number in members(batch.first, bits)
    }
    assert told == {(0, number) for number in delivered}
    assert crowded.client.lens("leaf", order, amounts, parties) == leaf(order, amounts, parties)


@given(subset=subsets, at=st.integers(0, 239))
def test_a_changed_leaf_changes_the_root_as_a_new_tree_would(subset: tuple[int, set[int]], at: int) -> None:
    width, _ = subset
    leaves = [leaf(number, 1, 2) for number in range(width)]
    tree = BatchTree(leaves)
    leaves[at % width] = leaf(at, 3, 4)
    tree.replace(at % width, leaves[at % width])
    assert tree.root == BatchTree(leaves).root


@pytest.mark.parametrize("count", [0, 241])
def test_a_batch_has_1_to_240_orders(count: int) -> None:
    with pytest.raises(ValueError, match=f"not {count}"):
        BatchTree([bytes(32)] * count)


@pytest.mark.parametrize("members", [[], [-1], [5]])
def test_members_are_positions_in_the_batch(members: list[int]) -> None:
    with pytest.raises(ValueError, match="positions 0 to 4"):
        BatchTree([bytes(32)] * 5).proof(members)
