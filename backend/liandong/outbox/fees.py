"""EIP-1559 fees within caps, in wei a unit of gas."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.chain.errors import NodeRefused
from liandong.chain.rpc import RpcClient
from liandong.chain.signer import Fees
from liandong.outbox.errors import FeesAboveCap

GWEI = 10**9

BUMP_NUMERATOR, BUMP_DENOMINATOR = 9, 8
"""A replacement pays 1.125 times as much: nodes ask for a tenth more, at least."""


@dataclass(frozen=True, slots=True)
class FeeCaps:
    """The most that a unit of gas may cost, and the most of it that may be a tip."""

    fee: int = 500 * GWEI
    tip: int = 50 * GWEI


def current(client: RpcClient, caps: FeeCaps) -> Fees:
    """Fees that stand for more than five full blocks, as far as the caps allow.

    Raises :class:`FeesAboveCap` where even the present base fee is above the cap.
    """
    block, tip = client.batch([("eth_getBlockByNumber", ("latest", False)), ("eth_maxPriorityFeePerGas", ())])
    if isinstance(block, NodeRefused):
        raise block
    base = int(block.get("baseFeePerGas") or "0x0", 16)
    if base > caps.fee:
        raise FeesAboveCap(f"the base fee is {base} wei, the cap {caps.fee} wei")
    # a node need not know the method for tips; where base fees are 0, gas is free
    wanted = 0 if base == 0 else GWEI if isinstance(tip, NodeRefused) else int(tip, 16)
    most = min(2 * base + min(wanted, caps.tip), caps.fee)
    return Fees(most, min(wanted, caps.tip, most))


def raised(last: Fees, now: Fees, caps: FeeCaps) -> Fees | None:
    """What to replace a stuck transaction with: an eighth more, or what is usual now if that is more.

    None where the caps leave no room for a replacement that nodes would take.
    """
    if last.most == now.most == 0:
        return None  # gas is free: nobody pays to be preferred, and wallets may have no coins
    most = min(max(_eighth_more(last.most), now.most), caps.fee)
    tip = min(max(_eighth_more(last.tip), now.tip), caps.tip, most)
    if most < _eighth_more(last.most) or tip < _eighth_more(last.tip):
        return None
    return Fees(most, tip)


def _eighth_more(wei: int) -> int:
    return -(-wei * BUMP_NUMERATOR // BUMP_DENOMINATOR) if wei else 1
