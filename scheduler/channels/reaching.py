"""Posts to addresses that people gave, and only to where the operator allows.

The host must stand on the operator's list; every address that it resolves to must be a public
one; the connection goes to the very address that was looked at, so that a second answer of the
name server changes nothing; nothing is redirected, and answers are read up to a bound.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

SECONDS = 10
LARGEST = 64 * 1024
FIRST_FAILURE = 300
LAST_PORT = 65_535
EMBEDDING = tuple(
    ipaddress.IPv6Network(one) for one in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")
)
"""IPv6 addresses that lead to an IPv4 address within them, perhaps a private one."""


class NotReached(OSError):
    """Nobody took what was posted; the text names host and status, never the whole address."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where may be posted to.

    Attributes:
        hosts: Names of hosts in lower case; one that begins with a dot allows all below it.
        private: Whether private and loopback addresses, and plain http, are allowed.
        context: What certificates are checked by; the system's if none is given.
    """

    hosts: tuple[str, ...] = ()
    private: bool = False
    context: ssl.SSLContext | None = None

    def admits(self, address: str) -> bool:
        """Return whether the form and the host of an address are allowed; asks no name server."""
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return False
        schemes = {"https", "http"} if self.private else {"https"}
        if parts.scheme not in schemes or parts.username is not None or parts.fragment:
            return False
        if not address.isascii() or not address.isprintable() or " " in address or "\\" in address:
            return False
        if port is not None and not 0 < port <= LAST_PORT:
            return False
        return any(
            host == one or (one.startswith(".") and host.endswith(one) and len(host) > len(one))
            for one in self.hosts
        )

    def resolved(self, host: str, port: int) -> str:
        """Return an address of `host` that may be connected to.

        Raises:
            NotReached: It has none, or one of them is not public.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NotReached(f"{host} cannot be found") from error
        addresses = [str(one[4][0]) for one in found]
        if not addresses:
            raise NotReached(f"{host} cannot be found")
        if not self.private and not all(is_public(one) for one in addresses):
            raise NotReached(f"{host} leads to an address that is not public")
        return addresses[0]


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the open internet.

    >>> [is_public(one) for one in ("8.8.8.8", "10.1.1.1", "::ffff:127.0.0.1", "169.254.169.254")]
    [True, False, False, False]
    """
    found = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in network for network in EMBEDDING):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def post(address: str, body: bytes, headers: Mapping[str, str], reach: Reach) -> bytes:
    """Post `body` and return the answer, up to 64 KB.

    Raises:
        ValueError: The address may not be posted to.
        NotReached: It cannot be reached, took too long, redirected, or refused.
    """
    if not reach.admits(address):
        raise ValueError("this address may not be posted to")
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    connection = _connection(parts, host, reach)
    path = parts.path or "/"
    if parts.query:
        path += f"?{parts.query}"
    try:
        connection.request("POST", path, body, {"User-Agent": "Wenze", **headers})
        with connection.getresponse() as response:  # one without a length stays open otherwise
            answer = response.read(LARGEST)
    except (OSError, http.client.HTTPException) as error:
        raise NotReached(f"{host}: {type(error).__name__}") from error
    finally:
        connection.close()
    if not http.HTTPStatus.OK <= response.status < FIRST_FAILURE:
        raise NotReached(f"{host} answered {response.status}")
    return answer


def _connection(parts: SplitResult, host: str, reach: Reach) -> http.client.HTTPConnection:
    """Return a connection to the address that was looked at, under the name that was asked for."""
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    address = reach.resolved(host, port)
    try:
        opened = socket.create_connection((address, port), timeout=SECONDS)
        if is_tls:
            context = reach.context or ssl.create_default_context()
            opened = context.wrap_socket(opened, server_hostname=host)
    except OSError as error:
        raise NotReached(f"{host}: {type(error).__name__}") from error
    connection = http.client.HTTPConnection(host, port if parts.port else None, timeout=SECONDS)
    connection.sock = opened
    return connection
