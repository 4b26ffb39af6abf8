"""Run an application on a port until it is told to stop, and stop it gracefully.

Loopback is the default. Another address is refused without TLS files, or a proxy in front that was
stated, since tokens and pictures would cross the network for everybody to read.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ocguard.errors import ConfigError
from ocguard.web.hosts import is_loopback
from ocguard.web.problems import Refusal, headers_too_large, response_of

__all__ = ["Address", "run"]

GRACE_SECONDS: Final = 30
"""How long requests that are at work may take to end after the server was told to stop."""

HEADER_SECONDS: Final = 20
"""How long the headers of a request may take to arrive."""

IDLE_SECONDS: Final = 15
"""How long a connection may stay open between two requests."""


@dataclass(frozen=True)
class Address:
    """Where a server listens, and how clients reach it.

    Attributes
    ----------
    host : str
        Address to listen on.
    port : int
        Port; 0 for any that is free.
    tls_cert, tls_key : Path or None
        Certificate chain and key, PEM.
    is_behind_proxy : bool
        Whether a proxy on the way to clients does TLS.

    Raises
    ------
    ConfigError
        It would be reached from elsewhere in the clear, or one TLS file is missing.
    """

    host: str = "127.0.0.1"
    port: int = 0
    tls_cert: Path | None = None
    tls_key: Path | None = None
    is_behind_proxy: bool = False

    def __post_init__(self) -> None:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ConfigError("TLS needs both files: --tls-cert FILE and --tls-key FILE")
        for path in (self.tls_cert, self.tls_key):
            if path is not None and not path.is_file():
                raise ConfigError("there is no file {path}", path=path)
        if not (is_loopback(self.host) or self.tls_cert or self.is_behind_proxy):
            raise ConfigError(
                "others can reach {host}, and would read tokens and pictures on the way: give "
                "--tls-cert and --tls-key, or say --behind-proxy where a proxy does TLS",
                host=self.host,
            )

    @property
    def scheme(self) -> str:
        """How clients reach it."""
        return "https" if self.tls_cert or self.is_behind_proxy else "http"

    def url(self, port: int) -> str:
        """Return the address to print, with the port that it got."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls_cert else 'http'}://{host}:{port}"


class _Connection(H11Protocol):
    """Closes when the headers of a request do not come: who waits for ever would hold it open."""

    _due: Any = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait_for_headers()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait_for_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._end_waiting()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request as everything is refused, and close; called by uvicorn."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            response = response_of(_refusal_of_protocol(sys.exception()))
            headers = [*response.raw_headers, (b"connection", b"close")]
            for event in (
                h11.Response(status_code=response.status_code, headers=headers),
                h11.Data(data=bytes(response.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _wait_for_headers(self) -> None:
        """Run the clock while headers are awaited; bytes of them do not set it back."""
        if self.conn.their_state is not h11.IDLE:
            self._end_waiting()
        elif self._due is None:
            self._due = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _end_waiting(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None


def _refusal_of_protocol(error: BaseException | None) -> Refusal:
    """Return the refusal of bytes that are no request of HTTP/1.1."""
    if getattr(error, "error_status_hint", 400) == 431:
        return headers_too_large()
    return Refusal("bad-request", "the connection brought no request of HTTP/1.1")


class _Server(uvicorn.Server):
    """Tells its address once it listens."""

    def __init__(
        self, config: uvicorn.Config, announce: Callable[[int], None], is_over: Callable[[], bool]
    ) -> None:
        super().__init__(config)
        self._announce, self._is_over = announce, is_over

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce(self.servers[0].sockets[0].getsockname()[1])

    async def on_tick(self, counter: int) -> bool:
        """Say ten times a second whether to stop."""
        return await super().on_tick(counter) or self._is_over()


class _Lines(logging.Handler):
    """Writes what the server itself has to say as lines of JSON, like those about requests."""

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self._write(json.dumps({"level": record.levelname, "message": self.format(record)}))


def run(
    app: Any,
    address: Address,
    announce: Callable[[str], None],
    write: Callable[[str], None],
    is_over: Callable[[], bool] = lambda: False,
    grace_seconds: int = GRACE_SECONDS,
) -> None:
    """Serve until a signal says to stop, or it is over; requests at work are finished first.

    Parameters
    ----------
    app : ASGI application
        What to serve.
    address : Address
        Where.
    announce : callable
        Told the address once the server listens.
    write : callable
        Takes one line of the log.
    is_over : callable
        Asked ten times a second whether to stop.
    grace_seconds : int
        How long requests at work may take then.

    Raises
    ------
    ConfigError
        The port is taken, or the TLS files are none.
    """
    try:
        config = uvicorn.Config(
            app,
            host=address.host,
            port=address.port,
            http=_Connection,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=grace_seconds,
            ssl_certfile=address.tls_cert,
            ssl_keyfile=address.tls_key,
        )
        config.load()
    except OSError as error:
        raise ConfigError("the TLS files cannot be used: {reason}", reason=error) from error
    for name in ("uvicorn", "asyncio"):
        logging.getLogger(name).addHandler(_Lines(write))
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # it quotes what clients send
    server = _Server(config, lambda port: announce(address.url(port)), is_over)
    before = {one: signal.signal(one, _stay) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run()
    except SystemExit as error:  # uvicorn's answer to a port that it cannot have
        place = f"{address.host} port {address.port}"
        raise ConfigError("cannot listen on {place}: choose another --port", place=place) from error
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stay(number: int, frame: object) -> None:
    """Do nothing: uvicorn raises the signal again once it has stopped."""
