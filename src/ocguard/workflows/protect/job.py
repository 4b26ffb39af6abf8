"""What protecting needs to know, and what it says about each picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from ocguard.certificate import SigningKey
from ocguard.choices import OnExists, Strength
from ocguard.errors import ClusterError
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.platforms.profile import PlatformProfile
from ocguard.provenance.credentials import ROOM_BYTES
from ocguard.provenance.optout import OptOut
from ocguard.workflows.engine.parcel import Parcel
from ocguard.workflows.failures import with_messages
from ocguard.workflows.home.index_cache import ready_index
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.protect.encoding import OutputForm
from ocguard.workflows.protect.survival import Survival
from ocguard.workflows.protect.upload import largest_upload
from ocguard.workflows.protect.visible import VisibleLook

__all__ = ["DRY_RUN", "ProtectJob", "ProtectResult"]

Status = Literal["protected", "registered", "unchanged", "skipped", "passed-over", "failed"]

DRY_RUN: Final = Message("dry run: nothing was written or recorded")
"""The warning of every picture that was tried only."""


@dataclass(frozen=True)
class ProtectJob:
    """Everything that protecting one picture after the other needs; travels to workers.

    Attributes
    ----------
    workspace : Workspace
        Where the creator works.
    secret : bytes
        The creator's key, from :meth:`SecretKey.to_bytes`.
    look : VisibleLook
        The visible mark.
    opt_out : OptOut
        The declaration.
    strength : {"quiet", "normal", "strong"}
        Of the invisible mark.
    recipient : str
        Who gets these copies; empty for the public.
    file_format : {"keep", "png", "jpeg", "webp", "avif"}
        What to write.
    quality : int or None
        1 to 100 for lossy formats.
    on_exists : {"error", "skip", "overwrite"}
        What to do when an output exists.
    is_dry_run : bool
        Do everything but record and write.
    tries_removal : bool
        Try to remove the visible mark again, and say what is left.
    title : str
        What the works are called in the portfolio; empty leaves each its own name.
    fields : Mapping[str, str]
        What the fields of the visible text stand for, in every picture of the run.
    platforms : tuple of PlatformProfile
        Where it will be posted; decides size and colors, and what is proven.
    index_folder : Path or None
        The portfolio's ready index, for the proof.
    is_private : bool
        Leave out of the files what gives away places, serial numbers and names.
    notes : tuple of Message
        What to know of every picture of the run, such as that recipients are called alike.
    signing_key : SigningKey or None
        What Content Credentials are signed with; None writes none.
    """

    workspace: Workspace
    secret: bytes = field(repr=False)
    look: VisibleLook
    opt_out: OptOut
    strength: Strength = "normal"
    recipient: str = ""
    file_format: str = "keep"
    quality: int | None = None
    on_exists: OnExists = "error"
    is_dry_run: bool = False
    tries_removal: bool = False
    title: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    platforms: tuple[PlatformProfile, ...] = ()
    index_folder: Path | None = None
    is_private: bool = False
    notes: tuple[Message, ...] = ()
    signing_key: SigningKey | None = None

    @property
    def location(self) -> str:
        """Path or URL of the portfolio."""
        return self.workspace.location

    @property
    def output_form(self) -> OutputForm:
        """What to write."""
        largest = largest_upload(self.platforms)
        if largest is not None and self.signing_key is not None:
            largest -= ROOM_BYTES
        return OutputForm(self.file_format, self.quality, largest)

    @property
    def key(self) -> SecretKey:
        """The creator's key."""
        return SecretKey.from_bytes(self.secret)

    def parcel(self) -> Parcel:
        """Pack it for workers of a cluster, who have the same key in their own home.

        Raises
        ------
        ClusterError
            It signs: that key would have to travel.
        """
        if self.signing_key is not None:
            raise ClusterError("--c2pa signs on this machine alone: leave --cluster out")
        without_key = replace(self, secret=b"")
        make = partial(_with_own_key, without_key)
        return Parcel(self.location, str(Path.cwd()), self.key.key_id, make)

    @property
    def shown_options(self) -> dict[str, str]:
        """The options for the record, as text."""
        shown = {
            "visible": self.look.layout,
            "text": self.look.text,
            "strength": self.strength,
            "format": self.file_format,
            "quality": "" if self.quality is None else str(self.quality),
            "private": "yes" if self.is_private else "",
            "c2pa": "yes" if self.signing_key else "",
            "for": " ".join(one.name for one in self.platforms),
        }
        return {name: text for name, text in shown.items() if text}


def _with_own_key(job: ProtectJob, workspace: Workspace) -> ProtectJob:
    """Give a job the key and the index of a worker's own home."""
    own = replace(job, workspace=workspace, secret=workspace.home.load_key().to_bytes())
    if job.index_folder is None:
        return own
    with workspace.open_store() as store:
        cache = ready_index(store, workspace.location, workspace.home.cache_folder)
    return replace(own, index_folder=cache.folder)


@dataclass(frozen=True)
class ProtectResult:
    """What became of one picture.

    Attributes
    ----------
    input, output : str
        Paths as given; for data without a file what kind of thing it was.
    status : {"protected", "registered", "unchanged", "skipped", "passed-over", "failed"}
        Registered where the picture has no room for an invisible mark: a warning says why, and all
        else was done.
        Unchanged where the same input was protected the same way before and the output lies there
        intact. A dry run skips; art in a form that is not read is passed over.
    work_id, mark_id : str or None
        16 hexadecimal digits each; None for a picture that was not marked.
    recipient : str
        As asked for.
    psnr_db, ssim : float or None
        What the invisible mark changed; an infinite ratio (nothing) is None.
    margins_db : Mapping of str to float, or None
        How far the mark reads above what it needs after a simulated JPEG of quality 60: with the
        ``key`` alone, among ``issued`` marks, and with the ``original`` beside it.
    visibility : Mapping of str to float, or None
        How much of the invisible mark is seen over visible pixels: the ``largest`` distance, its
        ``norm``, and a ``similarity``; see :class:`~ocguard.imaging.visibility.Visibility`.
    visible : Mapping or None
        Figures of the visible mark, from :meth:`VisiblyMarked.figures`; None without one.
    bytes_in, bytes_out : int or None
        File sizes.
    survives : Mapping of str to Survival
        What is left after each platform that was named; empty without any.
    warnings : tuple of str
        What could not be kept or done, one sentence each.
    error : str or None
        Why it failed.
    passed_over : str or None
        What it is instead of a picture that is read.
    seconds : float
        Time taken.
    data : bytes
        The protected file, when it was not written anywhere.
    """

    input: str
    output: str | None
    status: Status
    recipient: str
    work_id: str | None = None
    mark_id: str | None = None
    psnr_db: float | None = None
    ssim: float | None = None
    margins_db: Mapping[str, float] | None = None
    visibility: Mapping[str, float] | None = None
    visible: Mapping[str, Any] | None = None
    bytes_in: int | None = None
    bytes_out: int | None = None
    survives: Mapping[str, Survival] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    error: str | None = None
    passed_over: str | None = None
    seconds: float = 0.0
    data: bytes = field(default=b"", repr=False)

    @property
    def margin_db(self) -> float | None:
        """The margin of who has the key alone; below 0 it takes the list of issued marks."""
        return None if self.margins_db is None else self.margins_db["key"]

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.protect/2``."""
        names = (
            *("input", "output", "status", "work_id", "mark_id", "recipient", "psnr_db", "ssim"),
            *("margin_db", "margins_db", "visibility", "visible", "bytes_in", "bytes_out"),
            *("survives", "warnings", "error", "passed_over", "seconds"),
        )
        record = {name: getattr(self, name) for name in names}
        record["survives"] = {name: one.to_dict() for name, one in self.survives.items()}
        own = {"schema": "ocguard.protect/2", **record, "warnings": list(self.warnings)}
        return with_messages(own, self.error, self.warnings)
