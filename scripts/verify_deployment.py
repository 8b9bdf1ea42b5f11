#!/usr/bin/env python3
"""Deploys all contracts onto an embedded node and verifies each as an exact match of its sources, offline.

make verify-exact

Sourcify's own library does it (scripts/verify_exact.mjs): it compiles anew from the metadata, a contract at a
time, which takes some minutes. Exits with what that exits with.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from liandong.chain.node import EmbeddedNode

SCRIPTS = Path(__file__).resolve().parent


def main() -> int:
    """Prints a line a contract."""
    with EmbeddedNode() as node, TemporaryDirectory() as folder:
        deployment = Path(folder) / "deployment.json"
        deploy = ["liandong", "deploy", "--rpc", node.url, "--out", str(deployment)]
        subprocess.run(deploy, check=True, stdout=subprocess.DEVNULL)
        return subprocess.run(["node", SCRIPTS / "verify_exact.mjs", deployment, node.url]).returncode


if __name__ == "__main__":
    sys.exit(main())
