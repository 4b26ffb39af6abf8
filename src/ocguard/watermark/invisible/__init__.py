"""The invisible mark: a keyed 64-bit id in the luma of a picture, and its detection.

Imports point down this list: informed, imitation, residual, survey, detection, searched_picture,
codebook, embedding, extent, backing, sync, shifts, constellation, spectrum, reading, placement,
pattern, masking, response, carrier, payload, polar.
"""

from __future__ import annotations

from ocguard.watermark.invisible.carrier import PANEL_ASPECT, cell_size_px, is_long, raster_size
from ocguard.watermark.invisible.codebook import Codebook, KnownMark
from ocguard.watermark.invisible.detection import (
    Detection,
    MarkVerdict,
    Tries,
    detect,
    detect_with,
)
from ocguard.watermark.invisible.embedding import Embedding, Margins, embed
from ocguard.watermark.invisible.informed import detect_imitating, detect_informed
from ocguard.watermark.invisible.survey import survey

__all__ = [
    "PANEL_ASPECT",
    "Codebook",
    "Detection",
    "Embedding",
    "KnownMark",
    "Margins",
    "MarkVerdict",
    "Tries",
    "cell_size_px",
    "detect",
    "detect_imitating",
    "detect_informed",
    "detect_with",
    "embed",
    "is_long",
    "raster_size",
    "survey",
]
