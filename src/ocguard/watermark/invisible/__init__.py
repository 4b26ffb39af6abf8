"""The invisible mark: a keyed 64-bit id in the luma of a picture, and its detection.

Imports point down this list: informed, detection, codebook, suspect, embedding, sync, shifts,
constellation, spectrum, reading, placement, pattern, masking, carrier, payload, polar.
"""

from __future__ import annotations

from ocguard.watermark.invisible.codebook import Codebook, KnownMark
from ocguard.watermark.invisible.detection import Detection, MarkVerdict, detect, detect_with
from ocguard.watermark.invisible.embedding import Embedding, Margins, embed
from ocguard.watermark.invisible.informed import detect_informed

__all__ = [
    "Codebook",
    "Detection",
    "Embedding",
    "KnownMark",
    "Margins",
    "MarkVerdict",
    "detect",
    "detect_informed",
    "detect_with",
    "embed",
]
