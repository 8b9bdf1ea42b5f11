"""Where messages may go: to public hosts by https; to this machine and private networks if settings say so.

A name is looked up anew for each message, and that very address is connected to, so that no name leads
messages to where they may not go.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from liandong.webhooks.errors import WebhookUrlRefused

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def check(url: str, *, private: bool = False) -> None:
    """Raises :class:`WebhookUrlRefused`, as far as the URL alone says. ``private``: settings allow it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise WebhookUrlRefused("it is no URL") from None
    if not host or parts.username is not None or parts.fragment:
        raise WebhookUrlRefused("it needs a host, and neither a password nor a fragment")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise WebhookUrlRefused("it has characters that no URL has")
    if parts.scheme != "https" and not (parts.scheme == "http" and private and _is_near(host)):
        raise WebhookUrlRefused("it must begin with https://")
    if not private and _is_near(host):
        raise WebhookUrlRefused("it leads into a private network; LIANDONG_WEBHOOK_PRIVATE would allow that")


def address_of(url: str, *, private: bool = False) -> str:
    """The address to connect to. Raises :class:`WebhookUrlRefused`, and ``OSError`` for unknown names."""
    parts = urlsplit(url)
    found = [one[4][0] for one in socket.getaddrinfo(*_place(parts), type=socket.SOCK_STREAM)]
    allowed = [one for one in map(str, found) if private or not is_private(ipaddress.ip_address(one))]
    if not allowed:
        raise WebhookUrlRefused("its name leads into a private network")
    return allowed[0]


def is_private(address: Address) -> bool:
    """Whether an address is not one of the public internet's, also where it is written as another kind's."""
    if isinstance(address, ipaddress.IPv6Address):
        within = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if within is not None:
            return is_private(within)
    return not address.is_global or address.is_multicast


def _is_near(host: str) -> bool:
    """Whether a host, as it is written, is this machine or an address of a private network."""
    if host in THIS_MACHINE or host.endswith(".localhost"):
        return True
    try:
        return is_private(ipaddress.ip_address(host))
    except ValueError:
        return False


def _place(parts: SplitResult) -> tuple[str, int]:
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
