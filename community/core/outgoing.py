"""The one way out to other people's servers: the named host, at the address that was checked, no redirects, limits."""

import ipaddress
import json as json_
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
MOST_BYTES = 8 * 1024 * 1024
CHUNK = 64 * 1024
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052


class RefusedAddressError(ValueError):
    """An address that we do not go to: another host, no web address, or a private network."""


class UnreachableError(Exception):
    """No whole answer came. What was asked for may have been done all the same."""


@dataclass(frozen=True)
class Answer:
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON. Raises `ValueError` where it is none."""
        return json_.loads(self.body)


@dataclass(frozen=True)
class Body:
    """What is sent: bytes with their kind."""

    data: bytes
    kind: str


def json_body(value: object) -> Body:
    """A value as JSON."""
    return Body(json_.dumps(value, ensure_ascii=False).encode(), "application/json")


def form_body(fields: Mapping[str, str]) -> Body:
    """Fields as a web form sends them."""
    return Body(urlencode(fields).encode(), "application/x-www-form-urlencoded")


class Outgoing:
    """Asks servers under one base address. Nothing is tried twice: whoever asks decides what an error means."""

    def __init__(self, base: str, *, allow_private: bool = False, certificates: str | None = None) -> None:
        """Raises `RefusedAddressError` for a base that is no web address, or not HTTPS outside of private networks."""
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RefusedAddressError(f"{base} is no web address")
        if parts.username or parts.password:
            raise RefusedAddressError("keys belong into their own fields, not into the address")
        if parts.scheme == "http" and not allow_private:
            raise RefusedAddressError("a desk outside of the private network must be asked over https")
        self._parts, self._private = parts, allow_private
        self._trust = ssl.create_default_context(cafile=certificates)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        body: Body | None = None,
    ) -> Answer:
        """Ask once. `path` is below the base, or a whole address of the same host.

        Raises `RefusedAddressError` before anything is sent, `UnreachableError` where no whole answer came.
        """
        target = self._target(path, params)
        sent = {"User-Agent": "Isthmus", "Accept": "application/json", **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", body.kind)
        with self._pool() as pool:
            try:
                answer = pool.urlopen(
                    method,
                    target,
                    body=body.data if body else None,
                    headers={"Host": self._parts.netloc, **sent},
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
                )
                data = _read(answer)
            except urllib3.exceptions.HTTPError as error:
                raise UnreachableError(_why(error)) from error
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, data)

    def _target(self, path: str, params: Mapping[str, str] | Iterable[tuple[str, str]]) -> str:
        asked = urlsplit(path)
        if asked.netloc and (asked.scheme, asked.netloc) != (self._parts.scheme, self._parts.netloc):
            raise RefusedAddressError(f"{asked.netloc} is not the host that was configured")
        way = asked.path if asked.netloc else self._parts.path.rstrip("/") + "/" + asked.path.lstrip("/")
        query = "&".join(
            part
            for part in (
                asked.query,
                urlencode(list(dict(params).items()) if isinstance(params, Mapping) else list(params)),
            )
            if part
        )
        return f"{way or '/'}?{query}" if query else way or "/"

    def _pool(self) -> urllib3.HTTPConnectionPool:
        host = self._parts.hostname or ""
        address = resolve(host, self._parts.port or self._default_port, allow_private=self._private)
        if self._parts.scheme == "http":
            return urllib3.HTTPConnectionPool(address, self._parts.port, maxsize=1)
        return urllib3.HTTPSConnectionPool(
            address,
            self._parts.port,
            maxsize=1,
            ssl_context=self._trust,
            server_hostname=host,
            assert_hostname=host,
        )

    @property
    def _default_port(self) -> int:
        return 443 if self._parts.scheme == "https" else 80


def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """An address of the host that we may go to; the connection is made to this very address, so that no second
    answer of the name server can lead elsewhere. Raises `RefusedAddressError`, `UnreachableError`.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(f"the name {host} cannot be found") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        reached = _innermost(ipaddress.ip_address(address.split("%")[0]))
        if reached.is_link_local or reached.is_multicast or reached.is_unspecified:
            raise RefusedAddressError(f"{host} leads to {address}, where no server of anybody's is")
        if not allow_private and not reached.is_global:
            raise RefusedAddressError(f"{host} leads to {address}, which is not on the public network")
    return addresses[0]


def _innermost(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Where a packet ends up: IPv6 has several ways to carry an IPv4 address."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip


def _read(answer: urllib3.BaseHTTPResponse) -> bytes:
    read = bytearray()
    for chunk in answer.stream(CHUNK, decode_content=True):
        read += chunk
        if len(read) > MOST_BYTES:
            answer.close()
            raise UnreachableError(f"the answer is larger than {MOST_BYTES // 1024 // 1024} MB")
    return bytes(read)


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
