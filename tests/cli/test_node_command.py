"""`liandong node`, run as a user runs it."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command import LIANDONG

from liandong.chain.rpc import RpcClient


@contextmanager
def _running(folder: Path, *options: str) -> Iterator[dict[str, Any]]:
    """A node on a free port, until Ctrl-C; gives what it says of itself."""
    command = [str(LIANDONG), "node", "--state", str(folder), "--port", "0", "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
            assert (process.returncode, errors) == (0, "")


def test_the_chain_and_its_contracts_are_there_again(tmp_path: Path) -> None:
    with _running(tmp_path) as told:
        assert (told["chainId"], told["block"], told["contracts"]) == (31337, 0, {})
    with _running(tmp_path, "--deploy") as told:
        contracts = told["contracts"]
        assert len(contracts) == 12
        block = told["block"]
    with _running(tmp_path, "--deploy") as told:
        assert (told["contracts"], told["block"]) == (contracts, block)
        code = RpcClient(told["rpc"]).call("eth_getCode", contracts["Settlement"], "latest")
        assert len(code) > 10_000


def test_ctrl_c_stops_it_and_frees_its_port(tmp_path: Path) -> None:
    with _running(tmp_path) as told:
        pass
    with pytest.raises(Exception, match="no node answers"):
        RpcClient(told["rpc"], timeout=2).call("eth_chainId")


def test_two_nodes_never_share_a_folder(tmp_path: Path) -> None:
    with _running(tmp_path):
        command = [str(LIANDONG), "node", "--state", str(tmp_path), "--port", "0"]
        second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 3
    assert "another node runs on" in second.stderr


def test_people_are_told_where_it_is_and_what_to_do_next(tmp_path: Path) -> None:
    command = [str(LIANDONG), "node", "--state", str(tmp_path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert told[0].startswith("http://127.0.0.1:") and "chain 31337, block 0" in told[0]
    assert "nothing deployed: liandong deploy --rpc http://127.0.0.1:" in told[1]
    assert "Ctrl-C" in told[2]
    assert process.returncode == 0 and "the chain is kept in" in errors
