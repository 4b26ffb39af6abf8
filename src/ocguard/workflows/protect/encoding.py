"""Make the file that will be published: marked invisibly, declared, encoded, and read back.

What this does at one strength, :mod:`ocguard.workflows.protect.survival` repeats at another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ocguard.choices import Strength
from ocguard.errors import ImageWriteError
from ocguard.imaging.codecs.gif import GRAINY
from ocguard.imaging.codecs.palette import DITHERED
from ocguard.imaging.files import Encoded, encode_picture, read_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.quality import Fidelity, fidelity, seen_change
from ocguard.imaging.visibility import Visibility
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.provenance.optout import OptOut
from ocguard.watermark.invisible import KnownMark, Margins
from ocguard.workflows.protect.marking import (
    BESIDE_ORIGINAL,
    Marked,
    declare,
    encode_checked,
    mark_invisibly,
)

__all__ = [
    "OutputForm",
    "ProtectedFile",
    "UnmarkedFile",
    "growth_warnings",
    "make_protected_file",
    "make_unmarked_file",
]

LOWER_QUALITIES: Final = (90, 85, 80, 75)
"""Tried one after the other where a file is larger than a platform takes."""

ON_STILL: Final = Message(
    "the picture has little detail that hides an invisible mark, so its flat ground "
    "carries it as well, which makes a lossless file larger"
)
ON_STILL_LOSSY: Final = Message(
    "the picture has little detail that hides an invisible mark, so its flat ground "
    "carries it as well"
)

FADES: Final = Message(
    "the picture hides so little that its invisible mark is very faint: hard compression, "
    "such as JPEG of quality 60, can take it away; a visible mark says more here"
)
BESIDE_ORIGINAL_LATER: Final = Message(
    "the picture hides so little that after hard compression, such as JPEG of quality 60, its "
    "invisible mark is read beside the original alone, as `ocguard check` does"
)

GROWN_TIMES: Final = 2.0
"""Growth of a lossless file from which it is told of."""
GROWN_BYTES: Final = 16_384
"""Bytes below which nobody minds."""

LOSSY: Final = frozenset({"JPEG", "WEBP", "AVIF"})


@dataclass(frozen=True)
class OutputForm:
    """What to write.

    Attributes
    ----------
    file_format : {"keep", "png", "jpeg", "webp", "avif"}
        The format.
    quality : int or None
        1 to 100 for lossy formats; None for the usual one.
    max_bytes : int or None
        Largest file that is of use; the quality of lossy formats is lowered for it.
    """

    file_format: str = "keep"
    quality: int | None = None
    max_bytes: int | None = None


@dataclass(frozen=True, eq=False)
class ProtectedFile:
    """A picture marked invisibly, declared, encoded, and read back.

    Attributes
    ----------
    strength : {"quiet", "normal", "strong"}
        Of its invisible mark.
    known : KnownMark
        What detection may know of it.
    fidelity : Fidelity
        What the invisible mark changed, and a palette, where the file had to go back to one.
    visibility : Visibility
        How much of both is seen.
    margins : Margins
        How far the mark reads above what it needs to; see `Marked`.
    encoded : Encoded
        The file.
    warnings : tuple of str
        What could not be declared or kept.
    credentials : bytes
        The manifest store of the Content Credentials in the file; empty without them.
    """

    strength: Strength
    known: KnownMark
    fidelity: Fidelity
    visibility: Visibility
    margins: Margins
    encoded: Encoded
    warnings: tuple[str, ...]
    credentials: bytes = b""


@dataclass(frozen=True, eq=False)
class UnmarkedFile:
    """A picture that carries no invisible mark, declared and encoded.

    Attributes
    ----------
    encoded : Encoded
        The file.
    warnings : tuple of str
        What could not be declared or kept.
    credentials : bytes
        Always empty: they are found again by the mark.
    """

    encoded: Encoded
    warnings: tuple[str, ...]
    credentials: bytes = b""


def make_protected_file(
    picture: Picture,
    mark_id: int,
    key: SecretKey,
    strength: Strength,
    opt_out: OptOut,
    output: OutputForm,
) -> ProtectedFile:
    """Mark a picture invisibly, declare the opt-out, encode it, and read the mark back.

    Raises
    ------
    HostTooSmallError
        The picture has no room for a mark.
    ImageWriteError
        The format cannot hold the picture, or the file stays too large.
    MarkLostError
        The mark does not come back.
    """
    marked = mark_invisibly(picture, mark_id, key, strength)
    declared, warnings = declare(marked.picture, opt_out, output.file_format)
    quality = _quality_within(declared, output)
    encoded = encode_checked(declared, picture, marked.known, key, output.file_format, quality)
    faint = _faintness(marked.margins, encoded)
    still = ON_STILL_LOSSY if _is_lossy(encoded, picture, quality) else ON_STILL
    warnings = (*warnings, *encoded.warnings, *faint, *[still] * marked.is_on_still)
    return ProtectedFile(
        strength,
        marked.known,
        *_change(picture, marked, encoded),
        marked.margins,
        encoded,
        warnings,
    )


def _change(picture: Picture, marked: Marked, encoded: Encoded) -> tuple[Fidelity, Visibility]:
    """Tell what changed: to the encoded file where a palette changed more than the mark."""
    if DITHERED in encoded.warnings or GRAINY in encoded.warnings:
        shown = read_picture(encoded.data, f"the {encoded.file_format} just written")
        if _form(shown) == _form(picture):
            return fidelity(picture, shown), seen_change(picture, shown)
    return marked.fidelity, marked.visibility


def growth_warnings(encoded: Encoded, source_format: str, bytes_in: int) -> tuple[Message, ...]:
    """Say that a lossless file grew: flat colors that are marked no longer shrink to nothing.

    Parameters
    ----------
    encoded : Encoded
        The file to write.
    source_format : str
        The format of the file that was given. Of another one, a size says nothing.
    bytes_in : int
        Its size; 0 where there was no file.
    """
    grown = len(encoded.data) - bytes_in
    if not bytes_in or encoded.file_format in LOSSY or encoded.file_format != source_format:
        return ()
    if grown < GROWN_BYTES or len(encoded.data) < GROWN_TIMES * bytes_in:
        return ()
    times = f"{len(encoded.data) / bytes_in:.0f}"
    return (
        Message(
            "its marks made the file {times} times as large: flat colors no longer shrink to"
            " nothing; with --format webp it would be smaller",
            times=times,
        ),
    )


def _is_lossy(encoded: Encoded, picture: Picture, quality: int | None) -> bool:
    """Tell whether a file was compressed with a loss."""
    own = picture.carried
    stays = own.file_format == "WEBP" and own.is_lossless and quality is None
    return encoded.file_format in LOSSY and not (encoded.file_format == "WEBP" and stays)


def _form(picture: Picture) -> tuple[int, tuple[int, ...], int]:
    """Return what two pictures share that can be compared."""
    return len(picture.frames), picture.frames[0].pixels.shape, picture.bit_depth


def _faintness(margins: Margins, encoded: Encoded) -> tuple[Message, ...]:
    """Say what becomes of a mark that hard compression leaves too little of."""
    if margins.original_db < 0:
        return (FADES,)
    if margins.issued_db < 0 and BESIDE_ORIGINAL not in encoded.warnings:
        return (BESIDE_ORIGINAL_LATER,)
    return ()


def make_unmarked_file(picture: Picture, opt_out: OptOut, output: OutputForm) -> UnmarkedFile:
    """Declare the opt-out and encode a picture that carries no invisible mark.

    Raises
    ------
    ImageWriteError
        The format cannot hold the picture, or the file stays too large.
    """
    declared, warnings = declare(picture, opt_out, output.file_format)
    quality = _quality_within(declared, output)
    encoded = encode_picture(declared, output.file_format, quality)
    return UnmarkedFile(encoded, (*warnings, *encoded.warnings))


def _quality_within(picture: Picture, output: OutputForm) -> int | None:
    """Lower the quality as far as the largest file that is of use asks for."""
    quality = output.quality
    if output.max_bytes is None:
        return quality
    encoded = encode_picture(picture, output.file_format, quality)
    for lower in LOWER_QUALITIES if encoded.file_format in LOSSY else ():
        if len(encoded.data) <= output.max_bytes:
            break
        if output.quality is None or lower < output.quality:
            quality, encoded = lower, encode_picture(picture, output.file_format, lower)
    if len(encoded.data) > output.max_bytes:
        raise ImageWriteError(
            "the {file_format} has {count:,} bytes, and {limit:,} may be posted; try "
            "--format jpeg, or a smaller picture",
            file_format=encoded.file_format,
            count=len(encoded.data),
            limit=output.max_bytes,
        )
    return quality
