"""The words among which a person chooses, once for the command line and the library.

Nothing heavy is imported here, so that ``ocguard --help`` can name them at once.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

__all__ = [
    "CASE_OUTCOMES",
    "CASE_STATES",
    "DIGITAL_SOURCES",
    "EDGES",
    "EXPORT_FORMATS",
    "FILE_FORMATS",
    "LEAST_MEGABYTES",
    "NOTICE_KINDS",
    "ONLY",
    "ON_EXISTS",
    "SENDERS",
    "STRENGTHS",
    "VISIBLE_LAYOUTS",
    "CaseOutcome",
    "CaseState",
    "Edge",
    "ExportFormat",
    "FileFormat",
    "LayoutName",
    "NoticeKind",
    "OnExists",
    "Only",
    "Sender",
    "Strength",
    "VisibleLayout",
]

LayoutName = Literal["corner", "band", "tile"]
"""How a visible mark is laid over a picture."""

VisibleLayout = Literal["none"] | LayoutName | Literal["frame"]
"""The same, or no visible mark, or a frame around the picture that says who made it."""

VISIBLE_LAYOUTS: Final[tuple[VisibleLayout, ...]] = ("none", *get_args(LayoutName), "frame")

Edge = Literal["auto", "none", "outline", "shadow"]
"""What surrounds letters and logos: a soft rim as the ground asks for it, or one by choice."""

EDGES: Final[tuple[Edge, ...]] = get_args(Edge)

Strength = Literal["quiet", "normal", "strong"]
"""How strong the invisible mark is, the weakest first."""

STRENGTHS: Final[tuple[Strength, ...]] = get_args(Strength)

FileFormat = Literal["keep", "png", "jpeg", "webp", "avif"]
"""What is written; "keep" is the input's own format where ocguard writes it."""

FILE_FORMATS: Final[tuple[FileFormat, ...]] = get_args(FileFormat)

Only = Literal["match", "marks"]
"""What a check is reduced to: comparing with works, or reading marks."""

ONLY: Final[tuple[Only, ...]] = get_args(Only)

ExportFormat = Literal["zip", "pdq", "iscc"]
"""What a portfolio is written as: all of it, or a list of hashes that other programs compare."""

EXPORT_FORMATS: Final[tuple[ExportFormat, ...]] = get_args(ExportFormat)

OnExists = Literal["error", "skip", "overwrite"]
"""What to do where an output exists already."""

ON_EXISTS: Final[tuple[OnExists, ...]] = get_args(OnExists)

NoticeKind = Literal["dmca", "article-14", "ai-feature"]
"""What a notice is: of 17 U.S.C. 512(c)(3), of article 14 of China's Regulation on the Right of
Communication through Information Networks, or a complaint about an AI feature of a platform."""

NOTICE_KINDS: Final[tuple[NoticeKind, ...]] = get_args(NoticeKind)

Sender = Literal["author", "owner", "agent"]
"""Who sends a notice: who made the work, who got its copyright by contract, who acts for them."""

SENDERS: Final[tuple[Sender, ...]] = get_args(Sender)

LEAST_MEGABYTES: Final = 630
"""Least memory that all processes may hold together: so much a usual picture needs in one."""

CaseState = Literal["open", "sent", "answered", "closed"]
"""What happened last to a copy that was found: nothing yet, a notice was sent, it was answered, it
is over."""

CASE_STATES: Final[tuple[CaseState, ...]] = get_args(CaseState)

CaseOutcome = Literal["removed", "permitted", "not-mine", "refused", "dropped"]
"""How it ended: the copy is gone, may stay, was none of the creator's, stays against their will, or
they let it be."""

CASE_OUTCOMES: Final[tuple[CaseOutcome, ...]] = get_args(CaseOutcome)

DIGITAL_SOURCES: Final = (
    "digitalCreation",
    "digitalCapture",
    "computationalCapture",
    "negativeFilm",
    "positiveFilm",
    "print",
    "humanEdits",
    "algorithmicallyEnhanced",
    "dataDrivenMedia",
    "screenCapture",
    "virtualRecording",
    "composite",
    "compositeCapture",
    "compositeSynthetic",
    "algorithmicMedia",
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
)
"""IPTC codes for how a picture came into being."""
