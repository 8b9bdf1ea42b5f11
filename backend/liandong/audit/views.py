"""The contract's views at one block, many in a round trip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liandong.chain.abi import Function, abi_of
from liandong.chain.deployment import Deployment
from liandong.chain.rpc import RpcClient


class Views:
    """Reads a deployment as it was at one block."""

    def __init__(self, rpc: RpcClient, deployment: Deployment, block: int) -> None:
        self._rpc = rpc
        self._deployment = deployment
        self._block = hex(block)

    def words(self, calls: Sequence[tuple[Any, ...]]) -> list[list[int]]:
        """What views of static results return, as plain words: ``(function, argument, …)`` each."""
        functions = abi_of("Settlement").functions
        return self._call(
            self._deployment.settlement, [functions[name].call_data(rest) for name, *rest in calls]
        )

    def token_balance(self) -> int:
        """Tokens that the settlement contract holds."""
        data = abi_of("LocalToken").functions["balanceOf"].call_data((self._deployment.settlement,))
        return self._call(self._deployment.token, [data])[0][0]

    def _call(self, to: str, data: Sequence[bytes]) -> list[list[int]]:
        requests = [("eth_call", ({"to": to, "data": "0x" + one.hex()}, self._block)) for one in data]
        answers = self._rpc.batch_strict(requests)
        return [Function.result_words(bytes.fromhex(answer[2:])) for answer in answers]
