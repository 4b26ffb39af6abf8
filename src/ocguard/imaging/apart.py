"""Decode a strange file in a process of its own, which may crash, and take only so much.

Some decoders are written in C and end the whole program on a damaged file, or take hours over a
few bytes. What they do to their own process, they do to nothing else.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final

from ocguard.language.message import Message

__all__ = ["DecoderError", "decode_apart", "limit_process", "serve_decoder"]

_REFUSED: Final = 1
"""Exit code of a decoder that says what is wrong with the file."""

_WAIT_SECONDS: Final = 120
"""On systems that cannot limit the processor time of a process, and when the machine is busy."""


class DecoderError(Exception):
    """The decoder refused the file, crashed, or took too much time or memory.

    Attributes
    ----------
    reason : str
        What the decoder says is wrong; empty when it crashed or took too much.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason or Message("the decoder crashed or took too much time or memory"))
        self.reason = reason


def decode_apart(module: str, arguments: Sequence[object], data: bytes) -> bytes:
    """Run a decoder of ours on a file.

    Parameters
    ----------
    module : str
        Name of the module that is the decoder's program; it calls :func:`serve_decoder`.
    arguments : sequence of object
        Its arguments.
    data : bytes
        The file, untrusted.

    Returns
    -------
    bytes
        What the decoder made of it.

    Raises
    ------
    DecoderError
        The file was refused, or the process ended in another way.
    """
    command = [sys.executable, "-P", "-m", module, *map(str, arguments)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=_WAIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DecoderError("") from error
    if done.returncode == _REFUSED:
        raise DecoderError(done.stderr.decode(errors="replace").strip()[-200:] or "no reason given")
    if done.returncode:
        raise DecoderError("")
    return done.stdout


def serve_decoder(decode: Callable[[bytes], bytes]) -> int:
    """Be the program of a decoder: standard input decoded to standard output.

    Parameters
    ----------
    decode : callable
        Takes the file and returns what is made of it; any `Exception` is a refusal.

    Returns
    -------
    int
        The exit code.
    """
    data = sys.stdin.buffer.read()
    try:
        decoded = decode(data)
    except MemoryError:
        return _REFUSED + 1
    except Exception as error:  # decoders raise anything on damaged files
        sys.stderr.write(str(error))
        return _REFUSED
    sys.stdout.buffer.write(decoded)
    return 0


def limit_process(cpu_seconds: int, memory_bytes: int) -> None:
    """Limit this process from here on; it is killed when it takes more.

    Parameters
    ----------
    cpu_seconds : int
        Processor time, what it took before counted in.
    memory_bytes : int
        Address space.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource

        for kind, most in (
            (resource.RLIMIT_CPU, cpu_seconds),
            (resource.RLIMIT_AS, memory_bytes),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
