"""Promises of ocguard.workflows.protect.recipients."""

from __future__ import annotations

import ocguard

PLAIN = {"visible": "none", "creator": "Mo"}


def test_equal_recipients_in_other_spelling_are_one(tmp_path, drawings) -> None:
    """Composed and decomposed accents, and spaces around, are the same name."""
    options = {"home": tmp_path, **PLAIN}
    art = drawings.cel(200, 150)
    names = ("Jos\u00e9", " Jose\u0301 ")
    ids = {ocguard.protect(art, recipient=name, **options).mark_id for name in names}
    assert len(ids) == 1
    assert None not in ids


def test_a_recipient_spelled_like_another_one_is_told_of(tmp_path, drawings) -> None:
    """Both get a mark of their own, and the second copy might be meant for the first person."""
    options = {"home": tmp_path, **PLAIN}
    art = drawings.cel(200, 150)
    said = [
        [
            one
            for one in ocguard.protect(art, recipient=name, **options).warnings
            if "another" in one
        ]
        for name in ("Bob", "Bob", "Bo", "bob", "ＢＯＢ ")
    ]
    assert said[:3] == [[], [], []]
    assert said[3][0].startswith("bob gets another mark than Bob, who got copies before")
    assert said[4][0].startswith("ＢＯＢ gets another mark than Bob, bob, who")
