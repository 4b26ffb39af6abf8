"""Say what became of one input, and in one sentence why it failed, while the others go on."""

from __future__ import annotations

from typing import Literal

from ocguard.errors import OcguardError

__all__ = ["Outcome", "explain", "outcome"]

Outcome = Literal["done", "passed-over", "failed"]
"""Looked at, left alone since it is no picture that is read, or not to be read."""


def outcome(error: str | None, passed_over: str | None) -> Outcome:
    """Say what became of an input from why it failed and what it is instead of a picture."""
    if error is not None:
        return "failed"
    return "done" if passed_over is None else "passed-over"


def explain(error: Exception) -> str:
    """Turn whatever went wrong with one input into a sentence for a person.

    Parameters
    ----------
    error : Exception
        Ours and the system's speak for themselves; anything else is a mistake of ocguard, which
        must not stop a batch of a thousand pictures.
    """
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename is not None else ""
        return f"{place}{error.strerror}"
    if isinstance(error, MemoryError):
        return "there is not enough memory for this picture; use fewer --jobs, or make it smaller"
    if isinstance(error, OcguardError | ValueError | OSError):
        return str(error)
    return f"unexpected {type(error).__name__}: {error}; please report this"
