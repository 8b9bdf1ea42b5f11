"""Deploys and wires everything, one step after the other, and goes on after an interruption anywhere.

Before a creation is sent, the signed transaction is in the deployment file. Whoever goes on finds it mined,
or sends the very same one again; so nothing is created twice. Wiring asks the chain what is done already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eth_abi import encode
from eth_utils import to_checksum_address

from liandong.chain.abi import abi_of
from liandong.chain.contracts import load
from liandong.chain.deployment import (
    CHINA,
    ROLE_BITS,
    DeployedContract,
    Deployment,
    Pending,
    Roles,
    chain_identity,
    read_deployment,
)
from liandong.chain.errors import DeploymentFileError, NodeRefused
from liandong.chain.plan_parameters import plan_tuple
from liandong.chain.reverts import explained
from liandong.chain.signer import Receipt, Sender, Signer
from liandong.rules.plan import SEED, Plan

PLAN_ADMIN_ROLE = 1
"""Role of the access manager that may publish plans."""

ADMIN_ROLE = 0
"""Role of the access manager that may do all else: give roles, end pauses."""

OnStep = Callable[[str], None]
"""Told what is about to be done."""


class Deployer:
    """Makes a deployment, or finishes one. See :func:`deploy`."""

    def __init__(
        self, sender: Sender, signer: Signer, deployment: Deployment, path: Path | None, on_step: OnStep
    ) -> None:
        self._sender = sender
        self._client = sender.client
        self._signer = signer
        self._deployment = deployment
        self._path = path
        self._on_step = on_step

    def run(self, plan: Plan, token: str | None) -> Deployment:
        """All steps that are not done yet."""
        d = self._deployment
        if d.complete:
            return d
        for contract in d.contracts.values():
            self._require_code(contract.address)
        self._finish_pending()
        if token is None:
            self._create("LocalToken", ("address",), (self._signer.address,))
        elif "Token" not in d.contracts:
            self._require_code(token)
            d.contracts["Token"] = DeployedContract(to_checksum_address(token), "", None)
            self._save()
        self._create("Authority", ("address",), (self._signer.address,))
        for library in self._libraries("Settlement"):
            self._create(library)
        arguments = (d.token, d.authority, d.utc_offset, plan_tuple(plan))
        settlement = self._create("Settlement", abi_of("Settlement").constructor, arguments)
        if d.block is None:
            d.block = settlement.block
            self._save()
        self._create("SettlementLens", ("address",), (d.settlement,))
        self._wire()
        d.complete = True
        self._save()
        return d

    # --- creating

    def _create(
        self, name: str, types: tuple[str, ...] = (), arguments: tuple[Any, ...] = ()
    ) -> DeployedContract:
        done = self._deployment.contracts.get(name)
        if done is not None:
            return done
        self._on_step(f"create {name}")
        artifact = load(name)
        libraries = {one: self._deployment.contracts[one].address for one in artifact.libraries}
        encoded = encode(types, arguments)
        data = bytes.fromhex(artifact.linked_bytecode(libraries)[2:]) + encoded
        gas = self._sender.fixed_gas or self._sender.estimate(self._signer.address, None, data)
        raw, hash_ = self._sender.sign(self._signer, None, data, gas)
        self._deployment.pending = Pending(name, hash_, raw)
        self._save()
        try:
            self._client.call("eth_sendRawTransaction", raw)
        except NodeRefused as error:
            self._signer.nonce = None
            raise explained(error) from error
        assert self._signer.nonce is not None
        self._signer.nonce += 1
        return self._created(name, hash_, encoded, libraries)

    def _created(
        self, name: str, hash_: str, encoded: bytes, libraries: Mapping[str, str]
    ) -> DeployedContract:
        receipt = self._sender.receipt(hash_)
        assert receipt.contract is not None
        contract = DeployedContract(
            address=to_checksum_address(receipt.contract),
            artifact=name,
            creation_transaction=hash_,
            constructor_arguments="0x" + encoded.hex(),
            libraries=dict(libraries),
            block=receipt.block,
        )
        self._deployment.contracts[name] = contract
        self._deployment.pending = None
        self._save()
        return contract

    def _finish_pending(self) -> None:
        """A creation that was signed: mined, on its way, or never sent."""
        pending = self._deployment.pending
        if pending is None:
            return
        self._on_step(f"look for {pending.contract}, which was sent before")
        if self._client.call("eth_getTransactionByHash", pending.transaction) is None:
            try:
                self._client.call("eth_sendRawTransaction", pending.raw)
            except NodeRefused:
                # Mined meanwhile, or its nonce went to another transaction; then it can never be mined.
                if self._client.call("eth_getTransactionReceipt", pending.transaction) is None:
                    self._deployment.pending = None
                    self._save()
                    return
        artifact = load(pending.contract)
        libraries = {one: self._deployment.contracts[one].address for one in artifact.libraries}
        self._sender.wait(pending.transaction)
        found = self._client.call("eth_getTransactionByHash", pending.transaction)
        code = bytes.fromhex(artifact.linked_bytecode(libraries)[2:])
        given = bytes.fromhex(found["input"][2:])
        if not given.startswith(code):
            raise DeploymentFileError(
                f"{pending.contract} was sent from another build: deploy anew, to another file"
            )
        self._created(pending.contract, pending.transaction, given[len(code) :], libraries)

    def _libraries(self, name: str) -> Iterator[str]:
        """What a contract links to, what that links to first."""
        for library in load(name).libraries:
            yield from self._libraries(library)
            yield library

    def _require_code(self, address: str) -> None:
        if self._client.call("eth_getCode", address, "latest") in ("0x", None):
            raise DeploymentFileError(
                f"there is no contract at {address}: the file is of another chain, or that chain was reset"
            )

    # --- wiring

    def _wire(self) -> None:
        """Roles, administration, and last of all the deployer's own power handed over."""
        d, roles = self._deployment, self._deployment.roles
        for name, bit in ROLE_BITS.items():
            holder = getattr(roles, name)
            if self._read("Settlement", "roleOf", holder) != bit:
                self._do("Settlement", "setRole", holder, bit)
        if "LocalToken" in d.contracts and not _same(self._read("LocalToken", "owner"), roles.treasurer):
            self._do("LocalToken", "transferOwnership", roles.treasurer)
        publish = abi_of("Settlement").functions["publishPlan"].selector
        if self._read("Authority", "getTargetFunctionRole", d.settlement, publish) != PLAN_ADMIN_ROLE:
            self._do("Authority", "setTargetFunctionRole", d.settlement, [publish], PLAN_ADMIN_ROLE)
        self._grant(PLAN_ADMIN_ROLE, roles.plan_admin, roles.plan_delay)
        self._grant(ADMIN_ROLE, roles.admin, roles.admin_delay)
        deployer_is_admin = _same(roles.admin, self._signer.address)
        if not deployer_is_admin and self._read("Authority", "hasRole", ADMIN_ROLE, self._signer.address)[0]:
            self._do("Authority", "renounceRole", ADMIN_ROLE, self._signer.address)

    def _grant(self, role: int, holder: str, delay: int) -> None:
        if self._read("Authority", "hasRole", role, holder) != (True, delay):
            self._do("Authority", "grantRole", role, holder, delay)

    def _read(self, name: str, function: str, *arguments: Any) -> Any:
        found = abi_of(name).functions[function]
        call = {
            "to": self._deployment.contracts[name].address,
            "data": "0x" + found.call_data(arguments).hex(),
        }
        return found.result(bytes.fromhex(self._client.call("eth_call", call, "latest")[2:]))

    def _do(self, name: str, function: str, *arguments: Any) -> Receipt:
        self._on_step(f"{name}.{function}")
        data = abi_of(name).functions[function].call_data(arguments)
        return self._sender.send(self._signer, self._deployment.contracts[name].address, data)

    def _save(self) -> None:
        if self._path is not None:
            self._deployment.write(self._path)


def deploy(
    sender: Sender,
    signer: Signer,
    roles: Roles,
    *,
    plan: Plan = SEED,
    token: str | None = None,
    utc_offset: int = CHINA,
    path: Path | None = None,
    on_step: OnStep = lambda step: None,
) -> Deployment:
    """Deploys and wires all contracts; with ``path``, goes on where an earlier run was interrupted.

    ``signer`` pays, and has no power left at the end unless it is ``roles.admin``. ``token`` is the ERC-20
    to settle in; without it a local token is created, which ``roles.treasurer`` mints. Raises
    :class:`~liandong.chain.errors.WrongChain` and :class:`~liandong.chain.errors.DeploymentFileError`.
    """
    _require_apart(roles)
    parameters = asdict(plan) | {"tier_bps": list(plan.tier_bps)}
    if path is not None and path.exists():
        deployment = read_deployment(path)
        deployment.require_chain(sender.client)
        _require_same(deployment, roles, utc_offset, token, path)
        if deployment.plan != parameters:
            raise DeploymentFileError(
                f"{path.name} is of a deployment under another plan: give the same one to go on with it, or "
                "another file to deploy anew; plans of a deployment change by publishing the next version"
            )
    else:
        chain_id, genesis = chain_identity(sender.client)
        deployment = Deployment(chain_id, genesis, roles, utc_offset, parameters)
    return Deployer(sender, signer, deployment, path, on_step).run(plan, token)


def _require_apart(roles: Roles) -> None:
    hot = [getattr(roles, name).lower() for name in ROLE_BITS]
    if len(set(hot)) != len(hot):
        raise DeploymentFileError("operator, risk, treasurer and guardian must be four different addresses")
    if roles.guardian.lower() == roles.admin.lower():
        raise DeploymentFileError(
            "whoever pauses must not be who ends a pause: guardian and admin must differ"
        )


def _require_same(
    deployment: Deployment, roles: Roles, utc_offset: int, token: str | None, path: Path
) -> None:
    given = "Token" in deployment.contracts
    local = "LocalToken" in deployment.contracts
    same_token = not (token and local) and not (given and (not token or not _same(deployment.token, token)))
    if deployment.roles != roles or deployment.utc_offset != utc_offset or not same_token:
        raise DeploymentFileError(
            f"{path.name} is of a deployment with other roles, delays, time zone or token: give the same "
            "to go on with it, or another file to deploy anew"
        )


def _same(a: str, b: str) -> bool:
    return a.lower() == b.lower()
