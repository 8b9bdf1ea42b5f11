"""Mutation check of the split, the batch tree and settling: would the tests notice if the code were wrong?

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
SUBJECTS = ("pure/Split.sol", "pure/BatchTree.sol", "logic/Settling.sol")
EQUIVALENT = PROJECT / "tests/solidity/equivalent_mutants.txt"
# What is about them, unit tests first. The gas snapshot would notice every mutant, whatever it does.
TESTS = (
    "pure/Split.t.sol",
    "pure/PlainSplit.sol",
    "pure/BatchTree.t.sol",
    "settlement/Settle.t.sol",
    "settlement/SettleLines.t.sol",
    "settlement/Selections.t.sol",
    "settlement/Weights.t.sol",
    "settlement/Activity.t.sol",
    "invariants",
)
# Nothing but bytecode is asked of the compiler: it runs once a mutant.
SETTINGS = {
    "FOUNDRY_PROFILE": "quick",
    "FOUNDRY_FUZZ_SEED": "0x1",
    "FOUNDRY_FUZZ_RUNS": "64",
    "FOUNDRY_AST": "false",
    "FOUNDRY_EXTRA_OUTPUT": "[]",
}
NEEDED = 0.9
TIMEOUT = 300  # seconds; a mutant that loops for ever is killed by it

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
        if STATEMENT.match(code):
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


def run_tests(where: Path) -> tuple[bool, str]:
    """Whether the fast tests pass, and what forge said; the histories only where all others have passed."""
    environment = os.environ | SETTINGS
    output = ""
    for choice in ("--no-match-path", "--match-path"):
        command = ["forge", "test", "--fail-fast", "--no-match-contract", "SettlementInvariants"]
        command += [choice, "tests/solidity/invariants/*"]
        try:
            done = subprocess.run(
                command, cwd=where, env=environment, capture_output=True, text=True, timeout=TIMEOUT
            )
        except subprocess.TimeoutExpired:
            return False, "timeout"
        output += done.stdout + done.stderr
        if done.returncode != 0:
            return False, output
    return True, output


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

    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        where = Path(folder)
        copy_project(where)
        passed, output = run_tests(where)
        if not passed:
            print(
                output[-4000:],
                "error: the tests fail without any mutant; mend that first",
                sep="\n",
                file=sys.stderr,
            )
            return 2
        killed: dict[str, int] = dict.fromkeys(subjects, 0)
        tried: dict[str, int] = dict.fromkeys(subjects, 0)
        for i, mutant in enumerate(mutants, 1):
            target = where / "contracts" / mutant.path
            lines = sources[mutant.path].splitlines()
            lines[mutant.number - 1] = mutant.after
            target.write_text("\n".join(lines) + "\n", encoding="utf-8")
            passed, output = run_tests(where)
            target.write_text(sources[mutant.path], encoding="utf-8")
            if "Compiler run failed" in output:
                continue
            tried[mutant.path] += 1
            killed[mutant.path] += not passed
            verdict = "survived" if passed else "killed"
            print(
                f"[{i}/{len(mutants)}] {verdict}: {mutant}",
                flush=True,
                file=sys.stdout if passed else sys.stderr,
            )
        for path in subjects:
            print(f"{path:24} {killed[path]:4} of {tried[path]:4} killed")
        share = sum(killed.values()) / max(1, sum(tried.values()))
        print(f"mutants killed: {sum(killed.values())} of {sum(tried.values())}, {share:.1%}")
        return 0 if share > NEEDED else 1


if __name__ == "__main__":
    sys.exit(main())
