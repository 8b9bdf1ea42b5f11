"""``/app/node``: reads of our contracts, passed on to the node, so that pages need no other host."""

from __future__ import annotations

import threading
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from liandong.chain.rpc import RpcClient
from liandong.http.context import Context, InContext
from liandong.pages.errors import CallNotRelayed
from liandong.pages.session import SignedIn

router = APIRouter()

_local = threading.local()


class Read(BaseModel):
    """One read, as in JSON-RPC."""

    model_config = ConfigDict(extra="forbid")

    method: Literal["eth_chainId", "eth_call", "eth_getTransactionReceipt"]
    params: Annotated[list[Any], Field(max_length=2)] = []


class Answer(BaseModel):
    """The node's result."""

    result: Any


@router.post("/node")
def read(body: Read, context: InContext, visitor: SignedIn) -> Answer:
    """The node's own answer. Raises :class:`CallNotRelayed`, and the node's errors."""
    return Answer(result=_node(context).call(body.method, *_checked(body, context)))


def _checked(body: Read, context: Context) -> list[Any]:
    if body.method == "eth_chainId":
        return []
    if body.method == "eth_getTransactionReceipt":
        (hash_,) = body.params if len(body.params) == 1 else ("",)
        if not isinstance(hash_, str) or len(hash_) != 66:
            raise CallNotRelayed("a receipt is asked for by a transaction's hash")
        return [hash_]
    call = body.params[0] if body.params else None
    ours = {context.deployment.settlement.lower(), context.deployment.lens.lower()}
    if not isinstance(call, dict) or str(call.get("to", "")).lower() not in ours:
        raise CallNotRelayed("only the settlement contract and its lens are read")
    return [{"to": call["to"], "data": str(call.get("data", "0x")), "gas": hex(2**24)}, "latest"]


def _node(context: Context) -> RpcClient:
    """The node for the public, by a connection of the calling thread's own."""
    url = context.settings.public_rpc_url
    if url is None:
        return context.node()
    clients: dict[str, RpcClient] = _local.__dict__.setdefault("clients", {})
    return clients.get(url) or clients.setdefault(url, RpcClient(url, timeout=10))
