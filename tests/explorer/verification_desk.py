"""The three verification services as they answer on the wire, on this machine, strict about what they get.

They refuse what the real ones would refuse: a wrong method, path, field or content type ends in a 400 that
the test sees. The first contract that a service is asked about is pending at the first question.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from eth_utils import is_checksum_address, keccak

KEY = "a key of etherscan's"
VERSION = re.compile(r"0\.8\.\d+\+commit\.[0-9a-f]{8}")
PLACE = re.compile(r"/server/v2/(verify|contract)/(\d+)/(0x[0-9a-fA-F]{40})")
BLOCKSCOUT = re.compile(r"/api/v2/smart-contracts/(0x[0-9a-fA-F]{40})(/verification/via/standard-input)?")


@dataclass
class Desk:
    """What was sent, by service and address, and what to say of it."""

    url: str = ""
    sent: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    match: str | None = "exact_match"
    refusal: str = ""
    already: bool = False
    busy: int = 0
    broken: bool = False
    silent: bool = False

    def pending(self, service: str, address: str) -> bool:
        """Whether this is the first question to a service."""
        self.asked.append((service, address))
        return self.silent or [one for one, _ in self.asked].count(service) == 1


def require(told: object, about: str) -> None:
    """Ends the request with a 400."""
    if not told:
        raise ValueError(about)


def check_input(given: dict[str, Any], identifier: str) -> None:
    """The compiler's standard input, whole: every import among its sources, and nothing else of ours."""
    require(set(given) == {"language", "sources", "settings"}, f"input has {sorted(given)}")
    require(given["language"] == "Solidity", "language")
    file, _, name = identifier.rpartition(":")
    require(re.search(rf"\b(contract|library) {name}\b", given["sources"][file]["content"]), "identifier")
    settings = given["settings"]
    require("compilationTarget" not in settings, "compilationTarget is no setting of the compiler")
    require(settings["viaIR"] is True and settings["optimizer"]["enabled"] is True, "settings")
    for path, source in given["sources"].items():
        require(not path.startswith("/"), f"{path} is a machine's path")
        for imported in re.findall(r'^import .*?"([^"]+)";', source["content"], re.MULTILINE | re.DOTALL):
            known = [one for one in given["sources"] if one.endswith(imported.lstrip("./"))]
            require(known, f"{path} imports {imported}, which is missing")
    for library in settings["libraries"].values():
        require(all(is_checksum_address(address) for address in library.values()), "library addresses")


class Handler(BaseHTTPRequestHandler):
    """Answers for all three, by path."""

    desk: Desk

    def do_GET(self) -> None:
        self._handle(b"")

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers["Content-Length"])))

    def _handle(self, body: bytes) -> None:
        try:
            if self.desk.broken:
                self._answer(502, b"<html>Bad gateway</html>", "text/html")
                return
            path = urlsplit(self.path).path
            for prefix, service in (("/server/", self._sourcify), ("/v2/api", self._etherscan)):
                if path.startswith(prefix):
                    status, answer = service(path, body)
                    break
            else:
                status, answer = self._blockscout(path, body)
        except (ValueError, KeyError, TypeError) as error:
            self.desk.complaints.append(f"{self.command} {self.path}: {error!r}")
            status, answer = 400, {"message": f"bad request: {error!r}"}
        self._answer(status, json.dumps(answer).encode(), "application/json")

    def _sourcify(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        desk = self.desk
        matched = {"match": desk.match, "creationMatch": desk.match, "runtimeMatch": desk.match}
        if self.command == "GET":
            if PLACE.fullmatch(path):
                return 200, matched
            address = path.removeprefix("/server/v2/verify/ticket-")
            done = not desk.pending("sourcify", address)
            found: dict[str, Any] = {"isJobCompleted": done, "contract": matched}
            if done and desk.refusal:
                found["error"] = {"customCode": "no_match", "message": desk.refusal, "errorId": "1"}
            return 200, found
        place = PLACE.fullmatch(path)
        require(place and place[1] == "verify" and place[2] == "31337", "path")
        require(self.headers["Content-Type"] == "application/json", "content type")
        given = json.loads(body)
        require(VERSION.fullmatch(given["compilerVersion"]), "compilerVersion has no v before it")
        require(re.fullmatch("0x[0-9a-f]{64}", given["creationTransactionHash"]), "creationTransactionHash")
        check_input(given["stdJsonInput"], given["contractIdentifier"])
        require(given["stdJsonInput"]["settings"]["libraries"] == {}, "libraries would change the metadata")
        desk.sent["sourcify", place[3]] = given
        if desk.already:
            return 409, {"customCode": "already_verified", "message": "already verified", "errorId": "2"}
        return 202, {"verificationId": f"ticket-{place[3]}"}

    def _etherscan(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        desk = self.desk
        if desk.busy:
            desk.busy -= 1
            return 200, {
                "status": "0",
                "message": "NOTOK",
                "result": "Max calls per sec rate limit reached (3/sec)",
            }
        query = {name: one[0] for name, one in parse_qs(urlsplit(self.path).query).items()}
        require(query.pop("chainid") == "31337", "chainid")
        if self.command == "GET":
            require(query["module"] == "contract" and query["action"] == "checkverifystatus", "action")
            require(query["apikey"] == KEY, "apikey")
            if desk.pending("etherscan", query["guid"]):
                return 200, {"status": "0", "message": "NOTOK", "result": "Pending in queue"}
            if desk.refusal:
                return 200, {"status": "0", "message": "NOTOK", "result": desk.refusal}
            return 200, {"status": "1", "message": "OK", "result": "Pass - Verified"}
        require(self.headers["Content-Type"] == "application/x-www-form-urlencoded", "content type")
        require(not query, "the form is in the body: a key in the address would be logged")
        form = {name: one[0] for name, one in parse_qs(body.decode(), keep_blank_values=True).items()}
        require(form["apikey"] == KEY, "apikey")
        require(form["module"] == "contract" and form["action"] == "verifysourcecode", "action")
        require(form["codeformat"] == "solidity-standard-json-input", "codeformat")
        require(
            VERSION.fullmatch(form["compilerversion"][1:]) and form["compilerversion"][0] == "v", "version"
        )
        require(re.fullmatch("([0-9a-f]{64})*", form["constructorArguements"]), "arguments without 0x")
        check_input(json.loads(form["sourceCode"]), form["contractname"])
        desk.sent["etherscan", form["contractaddress"]] = form
        if desk.already:
            return 200, {"status": "0", "message": "NOTOK", "result": "Contract source code already verified"}
        return 200, {"status": "1", "message": "OK", "result": keccak(text=form["contractaddress"]).hex()}

    def _blockscout(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        desk, place = self.desk, BLOCKSCOUT.fullmatch(path)
        require(place, "path")
        if self.command == "GET":
            if desk.pending("blockscout", place[1]):
                return 404, {"message": "Not found"}
            return 200, {"is_verified": True, "is_fully_verified": True, "is_partially_verified": False}
        require(place[2], "path")
        parts = message_from_bytes(f"Content-Type: {self.headers['Content-Type']}\n\n".encode() + body)
        require(parts.get_content_type() == "multipart/form-data", "content type")
        form = {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True).decode()
            for part in parts.get_payload()
        }
        require(
            VERSION.fullmatch(form["compiler_version"][1:]) and form["compiler_version"][0] == "v", "version"
        )
        require(form["license_type"] == "apache_2_0", "license_type")
        require(form["autodetect_constructor_args"] == "false", "autodetect_constructor_args")
        require(re.fullmatch("([0-9a-f]{64})*", form["constructor_args"]), "arguments without 0x")
        check_input(json.loads(form["files[0]"]), form["contract_name"])
        desk.sent["blockscout", place[1]] = form
        return 200, {"message": "Already verified" if desk.already else "Smart-contract verification started"}

    def _answer(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def open_desk() -> Iterator[Desk]:
    """Listens on a free port of this machine."""
    desk = Desk()
    handler = type("HandlerOfDesk", (Handler,), {"desk": desk})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    desk.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
