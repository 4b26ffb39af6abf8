"""Options of commands that work on many pictures: who does the work, and with how much of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from ocguard.choices import LEAST_MEGABYTES
from ocguard.cli.options import jobs_option
from ocguard.cli.terminal import said

if TYPE_CHECKING:
    from ocguard.workflows.engine.engine import Engine
    from ocguard.workflows.engine.pool import Jobs

__all__ = ["engine_options"]

Command = TypeVar("Command", bound=Callable[..., Any])

_MEGABYTE: Final = 1_000_000


def engine_options(command: Command) -> Command:
    """Take the options that say who works on the pictures, as one ``engine``."""

    @wraps(command)
    def with_engine(
        *given: Any, jobs: Jobs, max_memory: int | None, cluster: str | None, **options: Any
    ) -> Any:
        return command(*given, engine=_engine(jobs, max_memory, cluster), **options)

    limited = click.option(
        "--max-memory",
        type=click.IntRange(min=LEAST_MEGABYTES),
        metavar="MB",
        help="Memory that all processes may hold together, in megabytes (Linux).",
    )
    elsewhere = click.option(
        "--cluster",
        metavar="ADDRESS",
        help="Let a dask cluster do it: tcp://127.0.0.1:PORT, or tls://HOST:PORT.",
    )
    return jobs_option(limited(elsewhere(with_engine)))  # type: ignore[return-value]


def _engine(jobs: Jobs, max_memory: int | None, cluster: str | None) -> Engine:
    """Choose who does the work."""
    from ocguard.workflows.engine.pool import LocalPool

    if cluster is not None:
        from ocguard.workflows.engine.cluster import Cluster

        if max_memory is not None:
            raise click.UsageError(said("--max-memory is for this machine: leave --cluster out"))
        return Cluster(cluster)

    if max_memory is not None and not sys.platform.startswith("linux"):
        raise click.UsageError(said("--max-memory works on Linux alone: use fewer --jobs here"))
    return LocalPool(jobs, None if max_memory is None else max_memory * _MEGABYTE)
