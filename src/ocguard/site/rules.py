"""What a site tells crawlers: robots.txt, HTTP headers in each server's words, and TDMRep.

All of it asks and none of it forces. The one header that a known program for building data sets
obeys in its code is ``X-Robots-Tag: noai, noimageai`` (img2dataset).

References
----------
RFC 9309, Robots Exclusion Protocol, 2022. TDM Reservation Protocol (TDMRep), final report of the
W3C community group, 2024-05-10.
"""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from typing import Final

from ocguard.site.crawlers import USES, Crawlers

__all__ = ["headers", "plain_url", "robots_txt", "server_files", "tdmrep_json"]

NO_AI: Final = "noai, noimageai"

_IN_URLS: Final = frozenset(f"{string.ascii_letters}{string.digits}-._~:/?#[]@!&()*+,;=%")
"""Characters of an address that stay: RFC 3986 without ``$`` and ``'``, which servers read."""


def robots_txt(crawlers: Crawlers) -> str:
    """Write robots.txt: nothing for AI crawlers, everything for all others."""
    lines = [
        f"# Crawlers as known on {crawlers.checked}; source: {crawlers.source}.",
        "# Search engines are not named here and may go on.",
    ]
    for use, names in crawlers.names.items():
        lines += ["", f"# {USES[use]}"]
        lines += [f"User-agent: {name}" for name in names]
        lines += ["Disallow: /"]
    return "\n".join(lines) + "\n"


def headers(terms_url: str = "") -> dict[str, str]:
    """Return the HTTP headers of every answer of the site.

    Parameters
    ----------
    terms_url : str
        Page with the creator's terms; empty declares none.
    """
    policy = {"tdm-policy": plain_url(terms_url)} if terms_url else {}
    return {"X-Robots-Tag": NO_AI, "tdm-reservation": "1", **policy}


def tdmrep_json(terms_url: str = "") -> str:
    """Write ``/.well-known/tdmrep.json``: text and data mining is reserved on the whole site."""
    rule: dict[str, object] = {"location": "/", "tdm-reservation": 1}
    if terms_url:
        rule["tdm-policy"] = plain_url(terms_url)
    return json.dumps([rule], indent=1) + "\n"


def server_files(values: Mapping[str, str]) -> dict[str, str]:
    """Write the headers in the words of each server.

    Parameters
    ----------
    values : mapping of str to str
        As :func:`headers` gives them.

    Returns
    -------
    dict of str to str
        Text by the name of the file: ``.htaccess`` (Apache) and ``_headers`` (Netlify, Cloudflare
        Pages) lie beside the pages; ``nginx.conf`` and ``Caddyfile`` hold lines to copy.
    """
    return {
        ".htaccess": _lines(
            "<IfModule mod_headers.c>",
            *(
                f'Header always set {name} "{text.replace("%", "%%")}"'
                for name, text in values.items()
            ),
            "</IfModule>",
        ),
        "_headers": _lines("/*", *(f"  {name}: {text}" for name, text in values.items())),
        "nginx.conf": _lines(
            "# Copy into the server { } block, and into each location { } that has an add_header.",
            *(f'add_header {name} "{text}" always;' for name, text in values.items()),
        ),
        "Caddyfile": _lines(
            "# Copy into the block of your site.",
            "header {",
            *(f'\t{name} "{text}"' for name, text in values.items()),
            "}",
        ),
    }


def plain_url(url: str) -> str:
    """Return an address in which nothing means anything to a server's configuration.

    Examples
    --------
    >>> plain_url("https://example.org/条款?a=$1")
    'https://example.org/%E6%9D%A1%E6%AC%BE?a=%241'
    """
    return "".join(one if one in _IN_URLS else _escaped(one) for one in url)


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


def _lines(*lines: str) -> str:
    return "\n".join(lines) + "\n"
