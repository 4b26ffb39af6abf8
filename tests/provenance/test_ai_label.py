"""Promises of ocguard.provenance.ai_label."""

from __future__ import annotations

import pytest

from ocguard.metadata.xmp import parse_packet
from ocguard.provenance.ai_label import ai_labels_of, is_ai_label, with_ai_label

LABEL = '{"Label":"1","ContentProducer":"maker <a&b>"}'


def test_a_label_is_known_by_its_keyword_or_by_what_it_holds() -> None:
    """As a text of its own, or within a comment."""
    assert is_ai_label("aigc", "anything")
    assert is_ai_label("Comment", '{"AIGC": {}}')
    assert not is_ai_label("Comment", "AIGC is what I never use")


def test_a_label_moves_into_xmp_unchanged(photoshop_packet: bytes) -> None:
    """Into a new packet or into one that is there, whose properties stay."""
    texts = (("Title", "Fox"), ("AIGC", LABEL))
    for packet in (None, photoshop_packet):
        moved = with_ai_label(packet, texts)
        assert moved is not None
        assert ai_labels_of(parse_packet(moved)) == [LABEL]
        assert packet is None or b"Clip Studio Paint" in moved
        assert with_ai_label(moved, (("AIGC", "{}"),)) is moved


@pytest.mark.parametrize(
    ("packet", "texts"),
    [
        (None, (("Title", "Fox"),)),
        (b"<!DOCTYPE a>", (("AIGC", LABEL),)),
        (None, (("AIGC", "\x00"),)),
    ],
)
def test_what_cannot_move_changes_nothing(
    packet: bytes | None, texts: tuple[tuple[str, str], ...]
) -> None:
    """No label, a packet that is refused, or characters that XML cannot hold."""
    assert with_ai_label(packet, texts) is packet
