"""The invisible mark: a keyed 64-bit id in the luma of a picture, and its detection.

Imports point down this list: informed, detection, codebook, embedding, sync,
constellation, reading, pattern, carrier, payload, polar.
"""

from __future__ import annotations

from ocguard.watermark.invisible.codebook import KnownMark
from ocguard.watermark.invisible.detection import Detection, MarkVerdict, detect
from ocguard.watermark.invisible.embedding import Embedding, Strength, embed
from ocguard.watermark.invisible.informed import detect_informed

__all__ = [
    "Detection",
    "Embedding",
    "KnownMark",
    "MarkVerdict",
    "Strength",
    "detect",
    "detect_informed",
    "embed",
]
