"""Mutation check of the split, batches, deliveries and settling: would the tests notice wrong code?

Makes small changes (mutants) to those contracts, one at a time, in a copy of the project, and runs the fast
forge tests against each. A mutant that compiles and passes them all has survived: a test is missing, or the
change changes nothing. The latter are listed, with the reason, in tests/solidity/equivalent_mutants.txt.

    scripts/mutants.py [--sample N] [--seed S] [--only PART] [--list]

Prints each survivor and the share killed; ends with 1 where that is not above 90 %.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SUBJECTS = (
    "pure/Split.sol",
    "pure/BatchTree.sol",
    "pure/Deliveries.sol",
    "logic/OrderStatus.sol",
    "logic/Settling.sol",
)
EQUIVALENT = PROJECT / "tests/solidity/equivalent_mutants.txt"
HISTORY = (
    "Books",
    "Comparisons",
    "EventLedger",
    "MoneySteps",
    "OrderSteps",
    "PeopleSteps",
    "RulesSplit",
    "Steps",
    "World",
)
# What is about them: unit tests, and the long history. The gas snapshot would notice all, whatever they do.
TESTS = (
    "pure/Split.t.sol",
    "pure/PlainSplit.sol",
    "pure/BatchTree.t.sol",
    "pure/Deliveries.t.sol",
    "pure/PlainDeliveries.sol",
    "pure/OrderStatus.t.sol",
    "settlement/Deliver.t.sol",
    "settlement/Settle.t.sol",
    "settlement/SettleLines.t.sol",
    "settlement/Selections.t.sol",
    "settlement/Weights.t.sol",
    "settlement/Activity.t.sol",
    "settlement/BatchEqualsSingles.t.sol",
    "invariants/LongHistory.t.sol",
    *(f"invariants/{name}.sol" for name in HISTORY),
)
# Nothing but bytecode is asked of the compiler: it runs once a mutant.
SETTINGS = {
    "FOUNDRY_PROFILE": "quick",
    "FOUNDRY_FUZZ_SEED": "0x1",
    "FOUNDRY_FUZZ_RUNS": "64",
    "HISTORY_STEPS": "1000",
    "FOUNDRY_AST": "false",
    "FOUNDRY_EXTRA_OUTPUT": "[]",
}
NEEDED = 0.9
TIMEOUT = 120  # seconds; a mutant that loops for ever is killed by it

# What an operator becomes. Longest first, so that `<=` is not taken for `<`.
OPERATORS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?<![<>])>>(?!=)", ("<<",)),
    (r"(?<!<)<<(?!=)", (">>",)),
    (r"==", ("!=",)),
    (r"!=", ("==",)),
    (r"<=", ("<",)),
    (r"(?<!>)>=", (">",)),
    (r"(?<![<=>])<(?![<=])", ("<=", ">=")),
    (r"(?<![<=>])>(?![=>])", (">=", "<=")),
    (r"&&", ("||",)),
    (r"\|\|", ("&&",)),
    (r"\+=", ("-=", "=")),
    (r"-=", ("+=", "=")),
    (r"\|=", ("&=", "=")),
    (r"(?<=\s)\+(?=\s)", ("-",)),
    (r"(?<=\s)-(?=\s)", ("+",)),
    (r"(?<=\s)\*(?=\s)", ("/",)),
    (r"(?<=\s)/(?=\s)", ("*",)),
    (r"(?<=\s)&(?=\s)", ("|",)),
    (r"(?<=\s)\|(?=\s)", ("&",)),
    (r"(?<=\s)\^(?=\s)", ("&",)),
    (r"(?<=[\s(])~(?=[\w(])", ("",)),
    (r"(?<=[\s(])!(?=[\w(])", ("",)),
    (r"\badd\(", ("sub(",)),
    (r"\bshl\(", ("shr(",)),
    (r"\band\(", ("or(",)),
    (r"\blt\(", ("gt(",)),
    (r"\b0x20\b", ("0x40",)),
    (r"\b0x40\b", ("0x20",)),
    (r"\b0\b", ("1",)),
    (r"\b1\b", ("0", "2")),
    (r"\b10_000\b", ("9_999",)),
    (r"\bunchecked\b(?= \{)", ()),
)
STATEMENT = re.compile(
    r"^\s+(?!return\b|revert\b|assembly\b|uint256\[?\]? |bytes32 |using\b|import\b|let\b)[\w.\[\]]+.*;\s*$"
)
DECLARED = re.compile(r"^\s+[\w.\[\]]+( memory| storage| calldata)? \w+( = .*)?;$")
CONDITION = re.compile(r"\bif \((?P<condition>.*)\) (?!\{$)|\bif \((?P<block>.*)\) \{$")


@dataclass(frozen=True)
class Mutant:
    """One change: line ``number`` (from 1) of ``path`` (below contracts/) reads ``after``, not ``before``."""

    path: str
    number: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.path}:{self.number}: {self.before.strip()}  →  {self.after.strip() or '(nothing)'}"

    @property
    def key(self) -> str:
        """What tells it from others, whatever moves around it; the form of equivalent_mutants.txt."""
        return f"{self.path}: {self.before.strip()}  →  {self.after.strip() or '(nothing)'}"


def mutants_of(path: str, source: str) -> list[Mutant]:
    """All mutants of a contract, in the order of its lines; comments, imports and structs are left alone."""
    found: list[Mutant] = []
    in_struct = False
    for number, line in enumerate(source.splitlines(), 1):
        code = line.split("//")[0].rstrip()
        if re.match(r"\s*struct ", code):
            in_struct = True
        if (
            in_struct
            or re.match(r"\s*(pragma|import|using|library|function|error|\})", code)
            or not code.strip()
        ):
            in_struct = in_struct and not re.match(r"\s*\}", code)
            continue
        changes = [
            code[: match.start()] + replacement + code[match.end() :]
            for pattern, replacements in OPERATORS
            for match in re.finditer(pattern, code)
            for replacement in replacements
        ]
        if STATEMENT.match(code) and not DECLARED.match(code):
            changes.append("")
        if match := CONDITION.search(code):
            name = "condition" if match["condition"] is not None else "block"
            changes += [
                code[: match.start(name)] + value + code[match.end(name) :] for value in ("true", "false")
            ]
        found += [Mutant(path, number, line, change) for change in dict.fromkeys(changes) if change != code]
    return found


def copy_project(to: Path) -> None:
    """What forge needs of the project, with what does not change linked."""
    for name in ("contracts", "scripts/solc"):
        shutil.copytree(PROJECT / name, to / name)
    tests = Path("tests/solidity")
    for name in (*TESTS, *(file.name for file in (PROJECT / tests).glob("*.sol"))):
        source, target = PROJECT / tests / name, to / tests / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    shutil.copy(PROJECT / "foundry.toml", to)
    for name in ("node_modules", "forge-std"):
        (to / name).symlink_to((PROJECT / name).resolve())


# ---- all mutants in one compilation: the chain's number says which one acts ----

FIRST_CHAIN = 1_000_000
SWITCH = """// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

library Mutant {
    function id() internal pure returns (uint256) {
        function() internal view returns (uint256) read = _id;
        function() internal pure returns (uint256) pretend;
        assembly ("memory-safe") {
            pretend := read
        }
        return pretend();
    }

    function _id() private view returns (uint256) {
        return block.chainid;
    }
}
"""
DECLARATION = re.compile(
    r"^(?P<type>\w+(?:\[\])?(?: memory| calldata| storage)?) (?P<name>\w+) = (?P<value>.*);$"
)
HEADER = re.compile(r"^(?P<head>(?:\} else )?(?:if|while) \()(?P<condition>.*)(?P<tail>\) \{)$")


def switched(before: str, changes: dict[int, str]) -> str | None:
    """A line that does as ``changes`` says on the chain of that number, and as ``before`` says on all others.

    None where that cannot be said in one line: assembly, headers of ``for``, parts of longer statements.
    """
    code = before.split("//")[0].strip()
    others = {chain: change.strip() for chain, change in changes.items()}
    if header := HEADER.match(code):
        chosen = header["condition"]
        for chain, change in others.items():
            match = HEADER.match(change)
            if match is None:
                return None
            chosen = f"Mutant.id() == {chain} ? ({match['condition']}) : ({chosen})"
        return f"{header['head']}{chosen}{header['tail']}"
    if (
        not code.endswith(";")
        or code.startswith(("for ", "else ", "(", "assembly"))
        or code.count("(") != code.count(")")
    ):
        return None
    declared = ""
    if match := DECLARATION.match(code):
        declared = f"{match['type']} {match['name']}; "
        code = f"{match['name']} = {match['value']};"
        start = before.strip().index(f"{match['name']} =")
        others = {chain: change[start:] for chain, change in others.items()}
    branches = "".join(
        f"if (Mutant.id() == {chain}) {{ {change} }} else " for chain, change in others.items()
    )
    return f"{declared}{branches}{{ {code} }}"


def in_assembly(source: str) -> set[int]:
    """Numbers of the lines (from 1) that are in assembly."""
    found: set[int] = set()
    depth = 0
    for number, line in enumerate(source.splitlines(), 1):
        code = line.split("//")[0]
        if depth or re.match(r"\s*assembly\b", code):
            found.add(number)
            depth += code.count("{") - code.count("}")
    return found


def write_together(where: Path, sources: dict[str, str], mutants: dict[int, Mutant]) -> set[int]:
    """Writes the contracts with all mutants that can be switched; returns the chains of those."""
    (where / "contracts/Mutant.sol").write_text(SWITCH, encoding="utf-8")
    written: set[int] = set()
    for path, source in sources.items():
        lines = source.splitlines()
        assembly = in_assembly(source)
        for number in sorted({m.number for m in mutants.values() if m.path == path} - assembly):
            here = {chain: m.after for chain, m in mutants.items() if (m.path, m.number) == (path, number)}
            if (line := switched(lines[number - 1], here)) is not None:
                lines[number - 1] = line
                written |= here.keys()
        first = next(i for i, line in enumerate(lines) if line.startswith("import "))
        lines[first] = 'import {Mutant} from "../Mutant.sol"; ' + lines[first]
        (where / "contracts" / path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return written


def without_invalid(output: str, mutants: dict[int, Mutant]) -> dict[int, Mutant]:
    """The mutants but for those on lines that the compiler refuses."""
    refused = {
        (m[1], int(m[2])) for m in re.finditer(r"Error[^\n]*\n\s+--> contracts/([\w/.]+):(\d+):", output)
    }
    return {chain: m for chain, m in mutants.items() if (m.path, m.number) not in refused}


def compile_together(where: Path, sources: dict[str, str], mutants: dict[int, Mutant]) -> set[int]:
    """Compiles as many mutants as go together; returns their chains. Lines that do not compile go alone."""
    while True:
        written = write_together(where, sources, mutants)
        done = subprocess.run(
            ["forge", "build"],
            cwd=where,
            env=os.environ | SETTINGS,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return written
        fewer = without_invalid(done.stdout + done.stderr, mutants)
        if len(fewer) == len(mutants):
            raise SystemExit(
                f"error: the mutants do not compile together:\n{(done.stdout + done.stderr)[-3000:]}"
            )
        mutants = fewer


# ---- running ----


def run_tests(where: Path, chain: int) -> tuple[bool, str]:
    """Whether the tests pass, and what forge said. No filter, because forge compiles anew for each."""
    command = ["forge", "test", "--fail-fast", "--chain-id", str(chain)]
    environment = os.environ | SETTINGS
    try:
        done = subprocess.run(
            command, cwd=where, env=environment, capture_output=True, text=True, timeout=TIMEOUT
        )
    except subprocess.TimeoutExpired:
        return False, "timeout"
    return done.returncode == 0, done.stdout + done.stderr


def read_equivalent() -> set[str]:
    """The changes that are known to change nothing; a line with ``#`` gives the reason for those below it."""
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines() if EQUIVALENT.exists() else []
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="only N mutants, drawn at random (all)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of that draw (1)")
    parser.add_argument("--only", default="", metavar="PART", help="only contracts whose path has this in it")
    parser.add_argument("--list", action="store_true", help="only list the mutants")
    options = parser.parse_args()

    subjects = [path for path in SUBJECTS if options.only in path]
    sources = {path: (PROJECT / "contracts" / path).read_text(encoding="utf-8") for path in subjects}
    equivalent = read_equivalent()
    mutants = [m for path in subjects for m in mutants_of(path, sources[path]) if m.key not in equivalent]
    if options.sample and options.sample < len(mutants):
        chosen = set(random.Random(options.seed).sample(range(len(mutants)), options.sample))
        mutants = [m for i, m in enumerate(mutants) if i in chosen]
    if options.list:
        print(*mutants, sep="\n")
        return 0

    by_chain = dict(enumerate(mutants, FIRST_CHAIN))
    verdicts: dict[int, bool] = {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        where = Path(folder)
        copy_project(where)
        together = compile_together(where, sources, by_chain)
        passed, output = run_tests(where, FIRST_CHAIN - 1)
        if not passed:
            print(
                output[-4000:],
                "error: the tests fail without any mutant; mend that first",
                sep="\n",
                file=sys.stderr,
            )
            return 2
        for chain in sorted(together):
            verdicts[chain] = not run_tests(where, chain)[0]
            report(by_chain[chain], verdicts[chain], len(verdicts), len(mutants))
        for path, source in sources.items():
            (where / "contracts" / path).write_text(source, encoding="utf-8")
        for chain in sorted(by_chain.keys() - together):
            mutant = by_chain[chain]
            target = where / "contracts" / mutant.path
            lines = sources[mutant.path].splitlines()
            lines[mutant.number - 1] = mutant.after
            target.write_text("\n".join(lines) + "\n", encoding="utf-8")
            passed, output = run_tests(where, FIRST_CHAIN - 1)
            target.write_text(sources[mutant.path], encoding="utf-8")
            if "Compiler run failed" not in output:
                verdicts[chain] = not passed
                report(mutant, not passed, len(verdicts), len(mutants))

    print()
    for path in subjects:
        killed = [killed for chain, killed in verdicts.items() if by_chain[chain].path == path]
        print(f"{path:24} {sum(killed):4} of {len(killed):4} killed")
    share = sum(verdicts.values()) / max(1, len(verdicts))
    print(f"mutants killed: {sum(verdicts.values())} of {len(verdicts)}, {share:.1%}")
    return 0 if share > NEEDED else 1


def report(mutant: Mutant, killed: bool, done: int, of: int) -> None:
    """A line on what survived; on the error stream, what was killed."""
    verdict = "killed" if killed else "survived"
    print(f"[{done}/{of}] {verdict}: {mutant}", flush=True, file=sys.stderr if killed else sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
