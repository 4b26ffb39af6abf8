"""``ocguard serve``: the JSON API."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocguard.cli.options import Number, jobs_option
from ocguard.cli.session import Session
from ocguard.cli.terminal import complain, printable
from ocguard.errors import MissingExtraError

if TYPE_CHECKING:
    from ocguard.web.limits import Limits
    from ocguard.web.tokens import Tokens
    from ocguard.workflows.engine.pool import Jobs
    from ocguard.workflows.home.workspace import Workspace

__all__ = ["announce", "command", "log_line", "require_app"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_MEGABYTE = 1_000_000


@click.command("serve", short_help="Answer programs over HTTP: check and protect as JSON.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True,
              help="Port to listen on; 0 for any that is free.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
              help="Address to listen on; others than this machine's own need TLS.")  # fmt: skip
@click.option("--token-file", type=_FILE, required=True, metavar="FILE",
              help="Who may ask: lines of TOKEN SCOPE[,SCOPE], of check and protect.")  # fmt: skip
@click.option("--tls-cert", type=_FILE, metavar="FILE", help="Certificate chain, PEM.")
@click.option("--tls-key", type=_FILE, metavar="FILE", help="Its private key, PEM.")
@click.option("--behind-proxy", is_flag=True, help="A proxy on the way to clients does TLS.")
@click.option("--name", "names", multiple=True, metavar="HOST",
              help="Host name by which clients reach this server. Can be repeated.")  # fmt: skip
@click.option("--max-body", type=click.IntRange(1, 4000), metavar="MB",
              help="Largest body of a request  [default: 67].")  # fmt: skip
@click.option("--max-pixels", type=click.IntRange(1, 268), metavar="MILLIONS",
              help="Most pixels of a picture  [default: 134].")  # fmt: skip
@click.option("--max-seconds", type=Number(0.1, 3600), metavar="SECONDS",
              help="Longest time of work on one picture  [default: 120].")  # fmt: skip
@click.option("--max-requests", type=click.IntRange(1, 10_000), metavar="N",
              help="Most requests at work or waiting at a time  [default: 128].")  # fmt: skip
@click.option("--rate", type=click.IntRange(1), metavar="N",
              help="Most requests of one token in a minute  [default: 6000].")  # fmt: skip
@jobs_option
@click.pass_obj
def command(
    session: Session,
    /,
    *,
    port: int,
    host: str,
    token_file: Path,
    tls_cert: Path | None,
    tls_key: Path | None,
    behind_proxy: bool,
    names: tuple[str, ...],
    jobs: Jobs,
    **limits: Any,
) -> int:
    """Answer programs over HTTP: /v1/protect, /v1/check, /v1/detect and more, as JSON.

    The address stands on the first line of standard output. Every request needs a token of
    --token-file. One JSON line about each request goes to standard error. SIGTERM or Ctrl-C lets
    what is at work be finished, and ends the server.
    """
    require_app()
    from ocguard.web.running import Address, run
    from ocguard.web.tokens import read_tokens

    address = Address(host, port, tls_cert, tls_key, behind_proxy)
    tokens = read_tokens(token_file)
    for warning in tokens.warnings:
        complain(warning)
    workspace = session.workspace()
    _require_identity(workspace, tokens)
    app = _application(workspace, tokens, _limits(limits), jobs, names, address.scheme)
    run(app, address, announce, log_line)
    return 0


def _require_identity(workspace: Workspace, tokens: Tokens) -> None:
    """Refuse to make a profile in silence: a server cannot ask for a name."""
    if any("protect" in token.scopes for token in tokens.known):
        workspace.home.load_profile()
        workspace.home.load_key()
    workspace.open_store(create=True).close()


def _limits(said: dict[str, Any]) -> Limits:
    """Turn what was said into limits."""
    from ocguard.web.limits import Limits

    units = {
        "max_body": ("body_bytes", _MEGABYTE),
        "max_pixels": ("pixels", 1_000_000),
        "max_seconds": ("picture_seconds", 1),
        "max_requests": ("concurrency", 1),
        "rate": ("rate_per_minute", 1),
    }
    chosen = {units[name][0]: said[name] * units[name][1] for name in units if said[name]}
    return Limits(**chosen)


def _application(
    workspace: Workspace,
    tokens: Tokens,
    limits: Limits,
    jobs: Jobs,
    names: tuple[str, ...],
    scheme: str,
) -> Any:
    """Put the API behind its gate."""
    from ocguard.web.api.application import make_api
    from ocguard.web.gate import Gate
    from ocguard.web.traffic import Traffic
    from ocguard.workflows.engine.pool import MAX_WORKERS, worker_count

    traffic = Traffic(log_line)
    api = make_api(workspace, limits, traffic, worker_count(jobs, MAX_WORKERS))
    return Gate(api, tokens, limits, traffic, names=names, scheme=scheme)


def require_app() -> None:
    """Make sure that what every server needs is installed."""
    try:
        import fastapi
        import python_multipart
        import uvicorn
    except ImportError as error:
        raise MissingExtraError("the page and the API", "app") from error
    del fastapi, python_multipart, uvicorn


def log_line(line: str) -> None:
    """Write a line about a request; a log that is gone stops no server."""
    try:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except OSError:
        return


def announce(url: str) -> None:
    """Print the address, at once."""
    click.echo(printable(url))
    sys.stdout.flush()
