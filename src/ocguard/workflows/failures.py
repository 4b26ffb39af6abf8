"""Say what became of one input, and in one sentence why it failed, while the others go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from ocguard.errors import OcguardError
from ocguard.language.message import Message, code_of, message_of, translatable

__all__ = ["Outcome", "explain", "outcome", "with_messages"]

Outcome = Literal["done", "passed-over", "failed"]
"""Looked at, left alone since it is no picture that is read, or not to be read."""


def outcome(error: str | None, passed_over: str | None) -> Outcome:
    """Say what became of an input from why it failed and what it is instead of a picture."""
    if error is not None:
        return "failed"
    return "done" if passed_over is None else "passed-over"


SYSTEM_REASONS: Final = (
    translatable("Address already in use"),
    translatable("Directory not empty"),
    translatable("Disk quota exceeded"),
    translatable("File exists"),
    translatable("File name too long"),
    translatable("Input/output error"),
    translatable("Is a directory"),
    translatable("No space left on device"),
    translatable("No such file or directory"),
    translatable("Not a directory"),
    translatable("Operation not permitted"),
    translatable("Permission denied"),
    translatable("Read-only file system"),
    translatable("Stale file handle"),
    translatable("Too many levels of symbolic links"),
    translatable("Too many open files"),
)
"""What systems say of files, as far as it is translated."""


OPENCV_NO_MEMORY: Final = -4
"""``cv::Error::StsNoMem``"""


def explain(error: Exception) -> Message:
    """Turn whatever went wrong with one input into a sentence for a person.

    Parameters
    ----------
    error : Exception
        Ours and the system's speak for themselves; anything else is a mistake of ocguard, which
        must not stop a batch of a thousand pictures.

    Returns
    -------
    Message
        Its code is that of our own error, or ``system``, ``value``, ``memory``, ``unexpected``.
    """
    if isinstance(error, OSError) and error.strerror:
        reason = Message(error.strerror)
        if error.filename is None:
            return reason.coded("system")
        place = Message("{path}: {reason}", path=error.filename, reason=reason)
        return place.coded("system")
    if isinstance(error, MemoryError) or _is_short_in_opencv(error):
        return Message(
            "there is not enough memory for this picture; use fewer --jobs, or make it smaller"
        ).coded("memory")
    if isinstance(error, OcguardError):
        return error.message
    if isinstance(error, ValueError | OSError):
        return Message(message_of(error)).coded(
            "value" if isinstance(error, ValueError) else "system"
        )
    unexpected = Message(
        "unexpected {kind}: {reason}; please report this", kind=type(error).__name__, reason=error
    )
    return unexpected.coded("unexpected")


def _is_short_in_opencv(error: Exception) -> bool:
    """Tell whether OpenCV found too little memory: it has an error of its own, of many numbers."""
    return type(error).__module__ == "cv2" and getattr(error, "code", 0) == OPENCV_NO_MEMORY


def with_messages(
    record: Mapping[str, Any], error: str | None, warnings: Iterable[str] = ()
) -> dict[str, Any]:
    """Return a JSON record with what lets a program say its errors and warnings in any language.

    Parameters
    ----------
    record : mapping
        With the fields ``error`` and perhaps ``warnings``, in English; behind them stand
        ``error_code``, ``error_template`` and ``error_values``, and ``warning_details``.
    error : str or None
        From :func:`explain`; None where nothing went wrong.
    warnings : iterable of str
        As in the record.
    """
    more = {
        "error": _error_members(error),
        "warnings": {"warning_details": [_detail(one) for one in warnings]},
    }
    full: dict[str, Any] = {}
    for name, value in record.items():
        full |= {name: value, **more.get(name, {})}
    return full


def _error_members(error: str | None) -> dict[str, Any]:
    if error is None:
        return {"error_code": None, "error_template": None, "error_values": {}}
    code, detail = code_of(error) or "unexpected", _detail(error)
    return {
        "error_code": code,
        "error_template": detail["template"],
        "error_values": detail["values"],
    }


def _detail(text: str) -> dict[str, Any]:
    """Return template and values of a message."""
    said = Message(text).to_dict()
    return {"template": said["template"], "values": said["values"]}
