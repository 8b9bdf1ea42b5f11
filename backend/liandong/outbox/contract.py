"""What the outbox asks of the node: standard ``eth_`` calls only."""

from __future__ import annotations

from collections.abc import Sequence

from liandong.chain.abi import abi_of
from liandong.chain.deployment import Deployment
from liandong.chain.errors import NodeRefused, NodeUnreachable, WrongChain
from liandong.chain.reverts import explained
from liandong.chain.rpc import RpcClient
from liandong.chain.signer import TRANSACTION_GAS
from liandong.errors import LiandongError
from liandong.outbox.errors import TooMuchGas
from liandong.outbox.kinds.body import ContractCall
from liandong.outbox.screening import require_refusal

GAS_LACKING = ("out of gas", "gas required exceeds", "exceeds gas limit", "intrinsic gas too high")
"""How nodes say that a call does not end within the gas that it may use."""

UNKNOWN_METHOD = (-32601, -32600, -32004)
"""Codes by which nodes say that they have no such method."""

Call = tuple[str, bytes]
"""Where to, and with what data."""

ORDERS_WORD = 2
"""Place of the number of orders in what the view ``book`` returns."""


class Contract:
    """The deployed contracts, behind one node. Not for use by several threads at once."""

    def __init__(self, client: RpcClient, deployment: Deployment) -> None:
        self.client = client
        self.deployment = deployment
        self._simulates = True

    def require_chain(self) -> None:
        """Raises ``WrongChain`` where the node's chain is another one, or lacks the contract."""
        self.deployment.require_chain(self.client)
        if self.client.call("eth_getCode", self.deployment.settlement, "latest") in (None, "0x"):
            raise WrongChain(
                f"{self.client.url} has no contract at {self.deployment.settlement}: its chain was reset, it "
                "lags, or the deployment file is of another chain"
            )

    def encode(self, call: ContractCall) -> Call:
        """The call as a transaction has it."""
        contract, function, arguments = call
        data = abi_of(contract).functions[function].call_data(arguments)
        known = {"LocalToken": self.deployment.token, "Authority": self.deployment.authority}
        to = known.get(contract, self.deployment.settlement)
        return to, data

    def estimate(self, sender: str, call: Call) -> int:
        """Gas for a call, a sixth more than it takes now. Raises what it would revert with.

        Nodes that can simulate run the call once; the others search for the least gas by running it again
        and again, which takes ten times as long.
        """
        needed = self._simulated(sender, call) if self._simulates else None
        if needed is None:
            needed = self._estimated(sender, call)
        return min(needed + needed // 6, max(needed, TRANSACTION_GAS))

    def _simulated(self, sender: str, call: Call) -> int | None:
        """The most gas that the call can have needed; None where the node does not say."""
        asked = {"blockStateCalls": [{"calls": [_call(sender, call)]}]}
        try:
            ((outcome,),) = (block["calls"] for block in self.client.call("eth_simulateV1", asked, "latest"))
            if int(outcome["status"], 16) == 1:
                # what was given back at the end was needed before, and is a fifth at most (EIP-3529)
                return min(int(outcome["gasUsed"], 16) * 5 // 4, TRANSACTION_GAS)
        except NodeRefused as error:
            self._simulates = error.code not in UNKNOWN_METHOD
        except (KeyError, TypeError, ValueError):
            self._simulates = False
        return None

    def _estimated(self, sender: str, call: Call) -> int:
        try:
            return int(self.client.call("eth_estimateGas", _call(sender, call), "latest"), 16)
        except NodeRefused as error:
            said = explained(error)
            if isinstance(said, NodeRefused) and any(words in said.message.lower() for words in GAS_LACKING):
                raise TooMuchGas(said.message) from error
            raise require_refusal(said) from error

    def refusals(self, sender: str, calls: Sequence[Call]) -> list[LiandongError | None]:
        """What each call would revert with by itself."""
        asked = [("eth_call", (_call(sender, call), "latest")) for call in calls]
        return [
            require_refusal(explained(answer)) if isinstance(answer, NodeRefused) else None
            for answer in self.client.batch(asked)
        ]

    def reason(self, sender: str, call: Call, block: int) -> str:
        """Why a call reverted in a block, as far as the node can tell afterwards."""
        try:
            self.client.call("eth_call", _call(sender, call), hex(block))
        except NodeRefused as error:
            return str(explained(error))
        except NodeUnreachable as error:
            return str(error)
        return "the same call does not fail now"

    def next_order(self) -> int:
        """The number that the next order gets, as the chain is now."""
        return int(self._view("book")[ORDERS_WORD]) + 1

    def today(self) -> int:
        """Days since deployment, by the chain's clock."""
        return int(self._view("today")[0])

    def _view(self, name: str) -> list[int]:
        function = abi_of("Settlement").functions[name]
        call = {"to": self.deployment.settlement, "data": "0x" + function.selector.hex()}
        return function.result_words(bytes.fromhex(self.client.call("eth_call", call, "latest")[2:]))


def _call(sender: str, call: Call) -> dict[str, str]:
    to, data = call
    return {"from": sender, "to": to, "data": "0x" + data.hex(), "gas": hex(TRANSACTION_GAS)}
