"""Who gets a copy: one name is one mark, so how it is written counts."""

from __future__ import annotations

import unicodedata
from typing import Final

from ocguard.language.message import Message
from ocguard.portfolio import Store
from ocguard.workflows.home.shelf import folded

__all__ = ["alike_notes", "recipient_name"]

MAX_RECIPIENT_CHARACTERS: Final = 200
"""A name or an address; longer text is a mistake."""


def recipient_name(text: str) -> str:
    """Write a recipient's name in one way, so that the same name is the same mark.

    Raises
    ------
    ValueError
        It is none.
    """
    name = unicodedata.normalize("NFC", text).strip()
    kinds = {unicodedata.category(character) for character in name}
    if len(name) > MAX_RECIPIENT_CHARACTERS or kinds & {"Cc", "Cs"}:  # Cs: bytes that are no text
        raise ValueError(
            Message(
                "a recipient is one line of at most {limit} letters",
                limit=MAX_RECIPIENT_CHARACTERS,
            )
        )
    return name


def alike_notes(store: Store, recipient: str) -> tuple[Message, ...]:
    """Name who got copies before under a name that looks like this one: they may be one person."""
    said = _bare(recipient)
    others = sorted(one for one in store.recipients() - {recipient} if _bare(one) == said)
    if not (said and others):
        return ()
    return (
        Message(
            "{recipient} gets another mark than {others}, who got copies before: write the name as"
            " before where that is one person",
            recipient=recipient,
            others=others,
        ),
    )


def _bare(name: str) -> str:
    """Leave out of a name what is easily written in another way: case, width and spaces."""
    return "".join(folded(name).split())
