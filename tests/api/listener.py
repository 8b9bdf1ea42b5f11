"""A mall's server, to which webhooks go."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listener:
    """A mall's server that takes messages, or refuses as many as it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict, str, bytes]] = []
        self.refuse = 0
        mine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                refused = mine.refuse > 0
                mine.refuse -= refused
                if not refused:
                    mine.taken.append((json.loads(body), self.headers["Liandong-Signature"], body))
                self.send_response(503 if refused else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/told"


@contextmanager
def listening() -> Iterator[Listener]:
    """Listens until the block ends."""
    found = Listener()
    try:
        yield found
    finally:
        found.server.shutdown()
        found.server.server_close()
