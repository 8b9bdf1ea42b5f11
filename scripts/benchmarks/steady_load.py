"""Requests at a steady rate, each sent when it is due, however long those before it take.

A caller that waits for an answer before it asks again hides how long the others would have waited; here a
request's time begins when it was due.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: what was asked, how it was answered, after how many milliseconds."""

    name: str
    status: int
    milliseconds: float


def ask_steadily(
    ports: Sequence[int], requests: Sequence[tuple[str, str]], rate: float, headers: str
) -> list[Answered]:
    """Sends ``requests`` (name, path) at so many a second to these ports in turn; returns all answers."""
    return asyncio.run(_ask(ports, requests, rate, headers))


async def _ask(
    ports: Sequence[int], requests: Sequence[tuple[str, str]], rate: float, headers: str
) -> list[Answered]:
    idle: dict[int, deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]]] = {
        port: deque() for port in ports
    }
    answers: list[Answered] = []
    begun = time.perf_counter() + 0.1

    async def one(number: int, name: str, path: str) -> None:
        due = begun + number / rate
        port = ports[number % len(ports)]
        asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n".encode()
        while True:
            reused = bool(idle[port])
            reader, writer = idle[port].pop() if reused else await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(asked)
                head = await reader.readuntil(b"\r\n\r\n")
                break
            except (asyncio.IncompleteReadError, ConnectionError):
                if not reused:  # a server may close what was idle for seconds
                    raise
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        answers.append(Answered(name, int(head[9:12]), (time.perf_counter() - due) * 1000))
        idle[port].append((reader, writer))

    tasks = []
    for number, (name, path) in enumerate(requests):
        wait = begun + number / rate - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(one(number, name, path)))
    await asyncio.gather(*tasks)
    for free in idle.values():
        for _, writer in free:
            writer.close()
    return answers


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of values does not exceed."""
    found = sorted(values)
    return found[min(int(len(found) * share), len(found) - 1)]
