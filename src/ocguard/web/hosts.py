"""Whom a server listens to: names that it goes by, and pages that may ask it.

A page of another site cannot choose what ``Host`` and ``Origin`` its browser sends. A name that
leads to this machine only for the attack (DNS rebinding) is not among ours, so it is refused, as is
every page that did not come from this server.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from typing import Final

from ocguard.web.problems import Refusal

__all__ = ["is_loopback", "require_own_host", "require_own_origin"]

LOCAL_NAMES: Final = frozenset({"localhost"})


def is_loopback(host: str) -> bool:
    """Tell whether an address that a server listens on is of this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOCAL_NAMES


def require_own_host(headers: Mapping[bytes, bytes], names: Collection[str]) -> None:
    """Refuse a request to a name that is not this server's.

    Parameters
    ----------
    headers : Mapping
        Of the request, names in lower case.
    names : collection of str
        Names that the server goes by beside ``localhost``. An address in digits is always allowed:
        a browser connects to it without asking for a name.
    """
    host = _host(headers.get(b"host", b"").decode("latin-1"))
    if not (host in LOCAL_NAMES or host in names or _is_address(host)):
        raise Refusal("foreign-host", "ask by the address that this server printed at its start")


def require_own_origin(headers: Mapping[bytes, bytes], scheme: str) -> None:
    """Refuse a request that a page of another site sends.

    Parameters
    ----------
    headers : Mapping
        Of the request, names in lower case.
    scheme : str
        ``http`` or ``https``, as clients see this server.
    """
    host = headers.get(b"host", b"").decode("latin-1").lower()
    origin = headers.get(b"origin", b"").decode("latin-1").lower()
    site = headers.get(b"sec-fetch-site", b"")
    if (origin and origin != f"{scheme}://{host}") or site in {b"cross-site", b"same-site"}:
        raise Refusal("foreign-origin", "this server answers programs and its own pages alone")


def _host(header: str) -> str:
    """Return a ``Host`` without its port."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0].lower()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
