"""A browser wallet (EIP-6963, EIP-1193) that signs with a key of the test's, and does what it is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from eth_account.messages import encode_defunct, encode_typed_data
from playwright.sync_api import Page

from liandong.chain.rpc import RpcClient
from liandong.chain.signer import Sender, Signer
from liandong.errors import LiandongError

INJECTED = """
(() => {
  const provider = {
    request: async ({ method, params }) => {
      const said = JSON.parse(await window.askTestWallet(method, JSON.stringify(params ?? [])));
      if (said.error) throw Object.assign(new Error(said.error.message), { code: said.error.code });
      return said.result;
    },
  };
  const info = { uuid: "350670db-19fa-4704-a166-e52e178b59d2", name: "Test Wallet", rdns: "test.wallet" };
  const detail = Object.freeze({ info, provider });
  const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
})();
"""


class Refused(Exception):
    """The person at the wallet said no."""


@dataclass
class TestWallet:
    """``chain_id``: the network that the wallet is on; ``refuses``: methods that the person says no to."""

    __test__ = False

    signer: Signer
    rpc_url: str
    chain_id: int
    refuses: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def put_into(self, page: Page) -> None:
        """Lets the page's browser have this wallet."""
        page.expose_function("askTestWallet", self._answer)
        page.add_init_script(INJECTED)

    def _answer(self, method: str, written: str) -> str:
        self.asked.append(method)
        try:
            if method in self.refuses:
                raise Refused
            return json.dumps({"result": self._do(method, json.loads(written))})
        except Refused:
            return json.dumps({"error": {"code": 4001, "message": "User rejected the request."}})
        except LiandongError as error:
            return json.dumps({"error": {"code": -32603, "message": str(error)}})

    def _do(self, method: str, params: list[Any]) -> Any:
        account = self.signer.account
        match method:
            case "eth_requestAccounts" | "eth_accounts":
                return [account.address]
            case "eth_chainId":
                return hex(self.chain_id)
            case "wallet_switchEthereumChain":
                self.chain_id = int(params[0]["chainId"], 16)
                return None
            case "personal_sign":
                text = bytes.fromhex(params[0][2:]).decode()
                return "0x" + account.sign_message(encode_defunct(text=text)).signature.hex()
            case "eth_signTypedData_v4":
                message = encode_typed_data(full_message=json.loads(params[1]))
                return "0x" + account.sign_message(message).signature.hex()
            case "eth_sendTransaction":
                (call,) = params
                sender = Sender(RpcClient(self.rpc_url), fixed_gas=2**20)
                self.signer.nonce = None
                return sender.send(self.signer, call["to"], bytes.fromhex(call["data"][2:])).transaction
            case _:
                return RpcClient(self.rpc_url).call(method, *params)
