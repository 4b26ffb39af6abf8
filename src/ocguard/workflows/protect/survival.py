"""Prove that a protected picture survives platforms, and raise its mark where it would not.

The file is put through each platform's simulation; what comes out is read and checked as a
stranger's file would be. A mark that is not read without the original's help is tried stronger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ocguard.choices import STRENGTHS, Strength
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.imaging.files import read_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import rendition
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.matching.decision.outcomes import VerdictName
from ocguard.matching.identification.identify import Suspect, Verdict, identify
from ocguard.matching.search.files import open_segments
from ocguard.matching.search.index import Index
from ocguard.platforms.profile import PlatformProfile
from ocguard.platforms.simulation import simulate
from ocguard.portfolio import Entry, View, open_store
from ocguard.watermark.invisible import (
    Codebook,
    Detection,
    KnownMark,
    MarkVerdict,
    detect_informed,
)
from ocguard.workflows.check.mark_search import rounded_p
from ocguard.workflows.home.parts import Part
from ocguard.workflows.home.works import REFERENCE_PX, StoredWorks
from ocguard.workflows.protect.encoding import ProtectedFile
from ocguard.workflows.protect.marking import is_read, read_back

__all__ = ["Prover", "Survival", "raise_strength", "raised"]

NEAREST_VIEWS: Final = 3
"""Views of a long work that a panel of it is compared with."""

ReadMode = Literal["blind", "informed"]


@dataclass(frozen=True)
class Survival:
    """What is left of a protected picture after one simulated platform.

    Attributes
    ----------
    mark : {"found", "weak", "not-found", "cannot-tell"}
        Whether its own invisible mark is read.
    p_value : float
        Bound on the probability that a picture without this mark gives this answer. It counts
        this mark alone; looked up among n issued marks, it is up to n times as large.
    mode : {"blind", "informed"}
        Whether the original helped to read it.
    match : str
        Verdict of the check against the portfolio.
    is_right_work : bool
        Whether that verdict names this work.
    metadata : tuple of str
        Kinds of metadata that are left: exif, xmp, iptc.
    width, height : int
        Size that is served, in pixels.
    bytes_out : int
        Size of the served file.
    """

    mark: MarkVerdict
    p_value: float
    mode: ReadMode
    match: VerdictName
    is_right_work: bool
    metadata: tuple[str, ...]
    width: int
    height: int
    bytes_out: int

    @property
    def is_read_blind(self) -> bool:
        """Whether the mark is read without the original."""
        return self.mark == "found" and self.mode == "blind"

    def to_dict(self) -> dict[str, Any]:
        """Give it ready for JSON."""
        return {**asdict(self), "metadata": list(self.metadata)}


@dataclass(frozen=True, eq=False)
class Prover:
    """Puts files of one work through platforms.

    Attributes
    ----------
    profiles : tuple of PlatformProfile
        The platforms.
    key : SecretKey
        Of the mark.
    entry : Entry
        The work, described.
    location : str
        Of the portfolio.
    index_folder : Path or None
        Its ready index; None for a portfolio without works.
    is_framed : bool
        Whether the marked picture has a strip that the work lacks: marks are read blind then.
    """

    profiles: tuple[PlatformProfile, ...]
    key: SecretKey
    entry: Entry
    location: str
    index_folder: Path | None
    is_framed: bool = False

    def prove(self, protected: ProtectedFile) -> dict[str, Survival]:
        """Simulate, read and check; by platform.

        Raises
        ------
        PlatformError
            A platform would refuse the file.
        """
        codebook = Codebook(self.key, [protected.known])
        return {one.name: self._after(protected, one, codebook) for one in self.profiles}

    def _after(
        self, protected: ProtectedFile, profile: PlatformProfile, codebook: Codebook
    ) -> Survival:
        served = simulate(protected.encoded.data, profile, "the protected file")
        picture = read_picture(served.data)
        blind, part, view = read_back(picture, protected.known, codebook)
        suspect = Suspect.of(view.rgb, view.alpha)
        verdict = self._checked(suspect, self._shown(part, picture))
        found, mode = self._read(suspect, protected.known, blind, verdict)
        return Survival(
            mark=found.verdict,
            p_value=rounded_p(found.p_value),
            mode=mode,
            match=verdict.verdict,
            is_right_work=verdict.work_id == self.entry.work.work_id,
            metadata=served.metadata,
            width=served.size[0],
            height=served.size[1],
            bytes_out=len(served.data),
        )

    def _shown(self, part: Part, served: Picture) -> list[str]:
        """Return the id of the work, or of its views that lie nearest to a part of a long file."""
        work = self.entry.work
        views = [view for view in self.entry.views if not view.frame]
        if part == Part.whole(served) or not views:
            return [work.work_id]
        scale = work.width / served.width
        x, y = (scale * (part.box.left + part.box.right), scale * (part.box.top + part.box.bottom))

        def distance(view: View) -> float:
            return abs(2 * view.left_px + view.width - x) + abs(2 * view.top_px + view.height - y)

        return [view.view_id for view in sorted(views, key=distance)[:NEAREST_VIEWS]]

    def _checked(self, suspect: Suspect, shown: Sequence[str]) -> Verdict:
        """Check against this work and those that were registered before."""
        index = _index(self.index_folder)
        with open_store(self.location) if len(index) else nullcontext() as store:
            works = _OwnWorks(self.entry, StoredWorks(store) if store else None)
            return identify(suspect, index, works, also=shown)

    def _read(
        self, suspect: Suspect, known: KnownMark, blind: Detection, verdict: Verdict
    ) -> tuple[Detection, ReadMode]:
        """Read the mark, with the original's help where it is not read without."""
        ours = [one for one in verdict.candidates if one.view_id == self.entry.work.work_id]
        has_map = bool(ours) and ours[0].found.method != "none"
        if is_read(blind, known) or self.is_framed or not has_map:
            return blind, "blind"
        informed, *_ = detect_informed(
            suspect.rgb,
            _reference(self.entry, self.entry.work.reference_sha256),
            ours[0].transform,
            key=self.key,
            known=[known],
        )
        return (informed, "informed") if is_read(informed, known) else (blind, "blind")


def raise_strength(
    make: Callable[[Strength], ProtectedFile],
    prove: Callable[[ProtectedFile], Mapping[str, Survival]],
    strength: Strength,
) -> tuple[ProtectedFile, Mapping[str, Survival], tuple[str, ...]]:
    """Mark a picture no stronger than its platforms need.

    Parameters
    ----------
    make : callable
        Marks and encodes at a strength.
    prove : callable
        Says by platform what survives.
    strength : {"quiet", "normal", "strong"}
        Where to begin; never less.

    Returns
    -------
    protected : ProtectedFile
        The weakest that as many platforms leave readable as can be had.
    survives : Mapping of str to Survival
        Its proof.
    warnings : tuple of str
        Where the strength was raised, and where no mark would be read.
    """
    protected = make(strength)
    survives = prove(protected)
    strengths = STRENGTHS
    for stronger in strengths[strengths.index(strength) + 1 :]:
        if all(one.is_read_blind for one in survives.values()):
            break
        other = make(stronger)
        proof = prove(other)
        if _reads(proof) > _reads(survives):
            protected, survives = other, proof
    lost = [
        Message(
            "after {name} the invisible mark would not be read; there the match must speak",
            name=name,
        )
        for name, one in survives.items()
        if one.mark != "found"
    ]
    return protected, survives, (*raised(strength, protected.strength), *lost)


def raised(asked: Strength, used: Strength) -> tuple[Message, ...]:
    """Say that a mark is stronger than it was asked to be, where it is."""
    return () if used == asked else (Message("the mark was raised to {strength}", strength=used),)


def _reads(survives: Mapping[str, Survival]) -> tuple[int, int]:
    """Count marks read without the original, and marks read at all."""
    found = [one for one in survives.values() if one.mark == "found"]
    return sum(one.is_read_blind for one in found), len(found)


@dataclass(frozen=True, eq=False)
class _OwnWorks:
    """A portfolio with one more work that is not recorded yet."""

    entry: Entry
    others: StoredWorks | None

    def fingerprint(self, view_id: str) -> Fingerprint:
        view = self._view(view_id)
        if view is not None:
            data = self.entry.view_fingerprints[view.fingerprint_sha256]
            return Fingerprint.from_bytes(data)
        if view_id == self.entry.work.work_id or self.others is None:
            return Fingerprint.from_bytes(self.entry.fingerprint)
        return self.others.fingerprint(view_id)

    def reference(self, view_id: str) -> NDArray[np.uint8]:
        view = self._view(view_id)
        if view is not None:
            return _reference(self.entry, view.reference_sha256)
        if view_id == self.entry.work.work_id or self.others is None:
            return _reference(self.entry, self.entry.work.reference_sha256)
        return self.others.reference(view_id)

    def _view(self, view_id: str) -> View | None:
        return next((view for view in self.entry.views if view.view_id == view_id), None)


def _reference(entry: Entry, digest: str) -> NDArray[np.uint8]:
    """Decode a reference rendition of a work, as the portfolio would give it."""
    jpeg = entry.renditions[digest]
    return rendition(read_picture(jpeg, "the reference"), REFERENCE_PX).rgb


@lru_cache(maxsize=1)
def _index(folder: Path | None) -> Index:
    """Open an index once a process; it stays readable when a newer one takes its place."""
    return Index() if folder is None else Index(open_segments(folder))
