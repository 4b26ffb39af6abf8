"""What two people can show who both say that a picture is theirs: facts side by side, no verdict.

Each side made an evidence bundle about the other's picture. Every fact comes with its limit, since
none of them alone says who drew the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from ocguard.language.message import Message, translatable
from ocguard.matching.decision.outcomes import FINDINGS

__all__ = ["Fact", "Side", "compare_sides"]

NONE: Final = Message("none")


@dataclass(frozen=True)
class Side:
    """What one bundle shows, as far as it was verified.

    Attributes
    ----------
    state : str
        Whether the bundle is as it was signed, in a few words.
    is_intact : bool
        The same.
    creator, identity : str
        Who made it, and the fingerprint of the identity that signed.
    suspect_sha256 : str
        Digest of the picture in question, which should be the other's.
    hashes : mapping of str to mapping
        Perceptual hashes of that picture (``suspect``) and of the own work (``work``), by name.
    verdict : str
        What was found about it.
    marks : tuple of str
        Own marks that were read in it.
    work : mapping
        The record ``ocguard.claim/1`` of the own work; empty where none was named.
    work_time : str
        The trusted time of the work, and whether it verifies; empty without one.
    draft_times : tuple of str
        The same of drafts, the earliest first.
    """

    state: str
    is_intact: bool
    creator: str
    identity: str
    suspect_sha256: str
    hashes: Mapping[str, Mapping[str, str]]
    verdict: str
    marks: tuple[str, ...]
    work: Mapping[str, Any]
    work_time: str = ""
    draft_times: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One row: what either side shows, and what that does not prove.

    Attributes
    ----------
    name : str
        What it is about.
    a, b : str
        What the first and the second bundle show.
    limit : str
        What it does not prove, one or two sentences.
    """

    name: str
    a: str
    b: str
    limit: str

    def to_dict(self) -> dict[str, str]:
        """Give the row as JSON."""
        return asdict(self)


def compare_sides(a: Side, b: Side) -> tuple[Fact, ...]:
    """Lay what two sides show beside each other.

    Parameters
    ----------
    a, b : Side
        Texts in them are untrusted; they are neutralized where they are shown.

    Returns
    -------
    tuple of Fact
        In a fixed order; nothing is left out where one side lacks it.
    """
    rows = zip(_shown(a, b), _shown(b, a), _LIMITS.items(), strict=True)
    return tuple(
        Fact(Message(name), ours, theirs, Message(limit)) for ours, theirs, (name, limit) in rows
    )


_LIMITS: Final = {
    translatable("Bundle"): translatable(
        "Intact means that nothing was changed since it was signed. What its maker said "
        "to the program, and the clock of that computer, may be false."
    ),
    translatable("Name"): translatable("Anybody can enter any name."),
    translatable("Identity"): translatable(
        "Whose it is, only a place can say where it was posted before the dispute."
    ),
    translatable("Picture in question"): translatable(
        "It should be the other side's. Where it is not the very file, look whether both "
        "bundles are about one picture."
    ),
    translatable("Verdict"): translatable(
        "How far the picture in question agrees with the own work, whoever was first."
    ),
    translatable("Own mark in it"): translatable(
        "A picture that was made from a marked file carries that mark, and can be marked "
        "once more by whoever took it. A mark that only one side reads in the other's "
        "picture speaks for that side. Each side can read the marks of its own key alone."
    ),
    translatable("Size of the work"): translatable(
        "A copy from the web is often smaller than its original. Any picture can be enlarged."
    ),
    translatable("Registered"): translatable(
        "The clock of the maker's own computer, which can be set."
    ),
    translatable("Trusted time"): translatable(
        "Somebody had this very file then. It does not show who drew it, nor that nobody "
        "had it before. Without --root the authority is one that this side chose, and "
        "without --headers a Bitcoin block is one that this side named: look its hash up."
    ),
    translatable("Drafts"): translatable(
        "Added by their maker, whenever that was. Ask for the files: their digests are "
        "in work.json. A draft can be made of a finished picture."
    ),
    translatable("Trusted time of a draft"): translatable(
        "As for the work. A draft that was there before the picture was shown anywhere "
        "speaks for the side that has it."
    ),
}
"""What each fact does not prove, by its name."""


def _shown(side: Side, other: Side) -> tuple[str, ...]:
    """Say what a side shows of every fact, in their order."""
    work = side.work
    return (
        side.state,
        side.creator or NONE,
        side.identity or NONE,
        _about(side, other),
        side.verdict or NONE,
        Message("{marks}", marks=side.marks) if side.marks else NONE,
        f"{work['width']} x {work['height']}" if work else NONE,
        f"{work['created'][:19]} UTC" if work else NONE,
        side.work_time or NONE,
        _drafts(work),
        side.draft_times[0] if side.draft_times else NONE,
    )


def _about(side: Side, other: Side) -> str:
    """Say whether a side's picture in question is the other side's work."""
    if other.work and side.suspect_sha256 == other.work["file_sha256"]:
        return Message("the very file of the other's work")
    for name in sorted(side.hashes.keys() & other.hashes.keys()):
        seen, theirs = side.hashes[name].get("suspect", ""), other.hashes[name].get("work", "")
        if name.startswith("imagehash-phash@") and len(seen) == len(theirs) == 16:
            apart = (int(seen, 16) ^ int(theirs, 16)).bit_count()
            return Message(
                "another file than the other's work; {apart} of 64 bits of {name} differ",
                apart=apart,
                name=name,
            )
    return Message("another file than the other's work")


def _drafts(work: Mapping[str, Any]) -> str:
    """Count the files of drafts, and those that show much of the work."""
    drafts = work["drafts"] if work else ()
    files = {draft["file_sha256"] for draft in drafts}
    near = {draft["file_sha256"] for draft in drafts if draft["verdict"] in FINDINGS}
    if not files:
        return NONE
    return Message.counted(
        "{number} file, {near} like the work",
        "{number} files, {near} like the work",
        len(files),
        near=len(near),
    )
