"""Where a portfolio on a PostgreSQL server is: ``postgresql://HOST/DATABASE?tenant=NAME``.

The address is libpq's own (https://www.postgresql.org/docs/current/libpq-connect.html, section
34.1.1.2) with one more parameter. It stands in command lines, logs and reports, so it never holds a
password: libpq finds that in the file that ``PGPASSFILE`` names, in ``PGPASSWORD``, or needs none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from ocguard.errors import PortfolioError

__all__ = ["SCHEMES", "Address"]

SCHEMES: Final = ("postgresql", "postgres")

DEFAULT_TENANT: Final = "default"

_TENANT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_SECRET_NAMES: Final = ("password", "sslpassword")


@dataclass(frozen=True)
class Address:
    """A portfolio on a server.

    Attributes
    ----------
    server : str
        What libpq is told: the address without the tenant.
    tenant : str
        Whose portfolio of the database it is.
    """

    server: str
    tenant: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Read an address.

        Raises
        ------
        PortfolioError
            It holds a password, which the message does not repeat, or its tenant is no name.
        """
        scheme, _, rest = url.partition("://")
        place, _, query = rest.partition("?")
        server = f"{scheme.lower()}://{place}"
        named = [one.partition("=") for one in query.split("&") if one]
        if _has_password(server) or any(_is_secret(name) for name, _, _ in named):
            raise PortfolioError(
                "the portfolio's address holds a password, which others could read: leave it out,"
                " and name a file that holds it in PGPASSFILE, or set PGPASSWORD"
            )
        tenants = [value for name, _, value in named if name == "tenant"]
        tenant = tenants[-1] if tenants else DEFAULT_TENANT
        if not _TENANT.fullmatch(tenant):
            raise PortfolioError(
                "{tenant!r:.80} is no name of a tenant: take letters, digits, dots, dashes and"
                " underscores, 63 of them at most",
                tenant=tenant,
            )
        others = "&".join("".join(one) for one in named if one[0] != "tenant")
        return cls(f"{server}?{others}" if others else server, tenant)

    def __str__(self) -> str:
        """Write the address as a person would."""
        return f"{self.server}{'&' if '?' in self.server else '?'}tenant={self.tenant}"


def _has_password(server: str) -> bool:
    """Tell whether there is a password before the host; it may hold a slash by mistake."""
    before, is_there, _ = server.partition("://")[2].rpartition("@")
    return bool(is_there) and ":" in before


def _is_secret(name: str) -> bool:
    """Tell whether a parameter is a secret; ``%70assword`` is one too.

    No name holds an at sign, but the rest of a password with a question mark does.
    """
    plain = re.sub(r"%([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), name)
    return plain.lower() in _SECRET_NAMES or "@" in plain
