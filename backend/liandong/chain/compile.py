"""Compiles the contracts into the package: `python -m liandong.chain.compile`.

Works in a checkout, where `foundry.toml` is the one place for compiler settings. Sources keep their names
relative to the checkout, so that no path of the machine gets into the metadata, and the bytecode is that of
`forge build`.
"""

import hashlib
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import solcx

from liandong.chain.contracts import ARTIFACTS, BUILD_FILE, SOURCES_FILE

OUTPUTS = ["abi", "evm.bytecode.object", "evm.bytecode.linkReferences", "evm.deployedBytecode.object",
           "evm.deployedBytecode.linkReferences", "evm.deployedBytecode.immutableReferences", "metadata",
           "storageLayout"]  # fmt: skip


class NotACheckout(Exception):
    """The package is installed without the contracts' sources, so there is nothing to compile."""

    def __init__(self, root: Path) -> None:
        super().__init__(f"{root} holds no foundry.toml: contracts are compiled in a checkout of the project")


class CompilerMissing(Exception):
    """The compiler that `foundry.toml` names is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"the compiler {path} is missing; foundry.toml names it under `solc`")


class CompilationFailed(Exception):
    """The compiler refused the sources; the message is its own."""


class AmbiguousName(Exception):
    """Two sources define a contract of the same name; artifacts are found by name alone."""

    def __init__(self, name: str, first: str, second: str) -> None:
        super().__init__(f"{name} is defined in {first} and in {second}: rename one")


#: Where a checkout lies from here; an installed wheel has no contracts there, and no need to compile them.
CHECKOUT = Path(__file__).resolve().parents[3]


def compiler_path(root: Path = CHECKOUT) -> Path:
    """The compiler that forge uses.

    :raises CompilerMissing: when it is not there.
    """
    path = root / _profile(root)["solc"]
    if not path.is_file():
        raise CompilerMissing(path)
    return path


def standard_input(root: Path = CHECKOUT) -> dict[str, Any]:
    """The compiler's input for all contracts of ours; what they import is read by the compiler itself."""
    profile = _profile(root)
    own = sorted(path.relative_to(root).as_posix() for path in (root / profile["src"]).rglob("*.sol"))
    return {
        "language": "Solidity",
        "sources": {name: {"content": _read(root / name)} for name in own},
        "settings": {
            "remappings": profile["remappings"],
            "optimizer": {"enabled": profile["optimizer"], "runs": profile["optimizer_runs"]},
            "metadata": {"bytecodeHash": profile["bytecode_hash"]},
            "evmVersion": profile["evm_version"],
            "viaIR": profile["via_ir"],
            "outputSelection": {name: {"*": OUTPUTS} for name in own},
        },
    }


def build(root: Path = CHECKOUT, artifacts: Path = ARTIFACTS) -> bool:
    """Compiles when anything that went into the last build has changed. Returns whether it had to.

    :raises NotACheckout: when there is no `foundry.toml` in `root`.
    :raises CompilerMissing: when the compiler named there is not installed.
    :raises CompilationFailed: with the compiler's words.
    :raises AmbiguousName: when two contracts share a name.
    """
    given = standard_input(root)
    compiler = compiler_path(root)
    if _is_current(root, given, artifacts):
        return False
    try:
        output = solcx.compile_standard(given, solc_binary=compiler, base_path=root, allow_paths=root)
    except solcx.exceptions.SolcError as error:
        raise CompilationFailed(error.message) from error
    ignored = set(_profile(root)["ignored_error_codes"])
    for warning in output.get("errors", []):
        if int(warning["errorCode"]) not in ignored:
            print(warning["formattedMessage"], file=sys.stderr)
    products = _products(output["contracts"])
    texts = {name: _read(root / name) for name in output["sources"]}
    _write(artifacts, products, texts, _fingerprint(given))
    return True


def _profile(root: Path) -> dict[str, Any]:
    if not (root / "foundry.toml").is_file():
        raise NotACheckout(root)
    return tomllib.loads(_read(root / "foundry.toml"))["profile"]["default"]


def _read(path: Path) -> str:
    # As bytes: a source is known by its hash, so line ends stay as they are.
    return path.read_bytes().decode("utf-8")


def _products(contracts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    products: dict[str, dict[str, Any]] = {}
    for source_name, by_name in contracts.items():
        for name, output in by_name.items():
            if name in products:
                raise AmbiguousName(name, products[name]["sourceName"], source_name)
            creation, deployed = output["evm"]["bytecode"], output["evm"]["deployedBytecode"]
            products[name] = {
                "sourceName": source_name,
                "abi": output["abi"],
                "bytecode": "0x" + creation["object"],
                "linkReferences": creation["linkReferences"],
                "deployedBytecode": "0x" + deployed["object"],
                "deployedLinkReferences": deployed["linkReferences"],
                "immutableReferences": deployed.get("immutableReferences", {}),
                "metadata": output["metadata"],
                "storageLayout": output.get("storageLayout", {}),
            }
    return products


def _write(artifacts: Path, products: dict[str, Any], texts: dict[str, str], fingerprint: str) -> None:
    artifacts.mkdir(parents=True, exist_ok=True)
    for old in artifacts.glob("*.json"):
        old.unlink()
    for name, product in products.items():
        _write_json(artifacts / f"{name}.json", product)
    _write_json(artifacts / SOURCES_FILE, texts)
    # Last, so that a build that was interrupted does not count.
    _write_json(artifacts / BUILD_FILE, {"input": fingerprint, "contracts": sorted(products)})


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _fingerprint(given: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


def _is_current(root: Path, given: dict[str, Any], artifacts: Path) -> bool:
    try:
        last = json.loads((artifacts / BUILD_FILE).read_text(encoding="utf-8"))
        texts = json.loads((artifacts / SOURCES_FILE).read_text(encoding="utf-8"))
        imports_unchanged = all(_read(root / name) == text for name, text in texts.items())
    except FileNotFoundError:
        return False
    present = all((artifacts / f"{name}.json").is_file() for name in last["contracts"])
    return last["input"] == _fingerprint(given) and present and imports_unchanged


def main() -> None:
    """Entry point of `python -m liandong.chain.compile`; exits with 1 and a message when that fails."""
    try:
        done = build()
    except (NotACheckout, CompilerMissing, CompilationFailed, AmbiguousName) as error:
        sys.exit(f"error: {error}")
    print("contracts compiled" if done else "contracts are up to date", f"({ARTIFACTS.name}/)")


if __name__ == "__main__":
    main()
