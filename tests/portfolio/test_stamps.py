"""Promises of ocguard.portfolio.stamps."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from ocguard.portfolio import Leaf, Stamp, TrustedTime, stamped_text

TIME = TrustedTime(
    *("0" * 64, "https://example.org/tsa", "2026-05-01T12:00:00.000000Z"),
    *("2036-05-01T12:00:00.000000Z", "PEM", b"token", hashlib.sha256(b"token").hexdigest()),
)


def test_a_leaf_says_in_json_what_it_is() -> None:
    """The text is what is stamped, byte by byte."""
    leaf = Leaf.of("work", "0" * 16, {"work": "0" * 16, "file_sha256": "1" * 64})
    assert json.loads(leaf.text)["kind"] == "work"
    assert " " not in leaf.text


@pytest.mark.parametrize(
    ("kind", "subject", "text"),
    [("dream", "0" * 16, "{}"), ("work", "x", "{}"), ("work", "0" * 16, "x" * 3000)],
)
def test_a_leaf_checks_itself(kind: str, subject: str, text: str) -> None:
    """Leaves come out of files too."""
    with pytest.raises(ValueError, match=r"must look like|at most"):
        Leaf(kind, subject, text)


@pytest.mark.parametrize(
    "change",
    [
        {"root_sha256": "x"}, {"at_utc": "yesterday"}, {"until_utc": ""}, {"token_sha256": "2"},
        {"token_sha256": "1" * 64},
        {"token": bytes(1 << 19)}, {"certificates": "x" * (1 << 19)}, {"authority": "x" * 3000},
    ],
)  # fmt: skip
def test_a_time_checks_itself(change: dict[str, object]) -> None:
    """So do trusted times."""
    with pytest.raises(ValueError, match=r"must look like|far smaller|its digest"):
        replace(TIME, **change)


def test_a_time_belongs_to_its_tree() -> None:
    """A time of other leaves proves nothing about these."""
    with pytest.raises(ValueError, match="belong together"):
        Stamp((Leaf.of("work", "0" * 16, {}),), (TIME,))
    with pytest.raises(ValueError, match="belong together"):
        Stamp((Leaf.of("work", "0" * 16, {}),), ())


def test_what_is_stamped_is_one_line_of_text() -> None:
    """A person can write it down and give it to openssl."""
    assert stamped_text("0" * 64) == b"ocguard.stamp/1 " + b"0" * 64 + b"\n"
