"""Imitations: what an original would look like after what was done to a suspect.

A denoiser takes more off a picture than the mark ever put in, and so does a codec that saves it
hard, or a hand that bends it by a few pixels. What each of them does to the *original* can be
imitated, since the portfolio has it. Subtracted from the suspect, an imitation takes away what the
treatment did to the picture; what it left of the mark remains.

1. Denoise the original lightly and strongly, by non-local means [1]_.
2. Lay each version, and the original as it is, densely on the suspect, by optical flow [2]_:
   bending moves lines by more than they are wide.
3. Or lay them on the suspect's own pixels, and save them as JPEGs of the quality that comes
   nearest: the same blocks lose the same waves.
4. How strongly the suspect was denoised is not known, so the versions are mixed as comes nearest to
   it, by least squares: what they miss of it in different ways evens out.

References
----------
.. [1] A. Buades, B. Coll, J.-M. Morel, "Non-Local Means Denoising", Image Processing On Line 1,
   2011, https://doi.org/10.5201/ipol.2011.bcm_nlm
.. [2] T. Kroeger, R. Timofte, D. Dai, L. Van Gool, "Fast Optical Flow using Dense Inverse Search",
   ECCV 2016, https://doi.org/10.1007/978-3-319-46493-0_29
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import to_luma
from ocguard.watermark.invisible.residual import TONE_SPAN_PX, Laying

__all__ = ["IMITATIONS", "imitations"]

DENOISED: Final = (0, 5, 10)
"""Strengths of the denoisers, grey levels; 0 for none. Programs offer 3 to 10."""
WINDOWS_PX: Final = (7, 21)
"""Sides of the patches that are compared, and of the window in which they are sought."""
IMITATIONS: Final = 2
"""Most imitations that are made of an original: p-values are corrected for all of them."""
FLOW_SIGMA_PX: Final = 6.0
"""Softness of the flow (Gaussian), working pixels: a mark's wave must not be followed."""
FINEST_FLOW: Final = 1
"""Level of the pyramid on which the flow ends: half the raster's size."""
QUALITIES: Final = range(10, 100, 5)
"""Qualities of JPEG that are tried. The highest changes so little that it is no imitation."""
WHITE: Final = 255

_Plane = NDArray[np.float32]
_Rgb = NDArray[np.uint8]


def imitations(suspect: _Plane, laid: _Plane, reference: _Rgb, laying: Laying) -> Iterator[_Plane]:
    """Imitate on the reference what may have been done to a suspect.

    Parameters
    ----------
    suspect : (H, W) float32 array
        Grey levels, 0 to 255.
    laid : (r, s) float32 array
        The suspect on the working raster.
    reference : (h, w, 3) uint8 array
        In color, as it was denoised.
    laying : Laying
        How they lie on that raster.

    Yields
    ------
    (r, s) float32 array
        An imitation on the working raster, at most `IMITATIONS` of them. 2 CPU-seconds for the
        first of a reference of 1024 px, next to nothing for the other.
    """
    versions = [_denoised(reference, strength) for strength in DENOISED]
    bent = [_bent_alike(laying.reference(one), laid) for one in versions]
    yield _mixed(bent, laid, laying.shown(suspect))
    height, width = suspect.shape
    plain = [laying.as_suspect(one, (width, height)) for one in versions]
    whole = np.ones_like(suspect)
    quality = _nearest_quality(_mixed(plain, suspect, whole), suspect)
    if quality < QUALITIES[-1]:
        saved = [_saved(one, quality) for one in plain]
        yield laying.suspect(_mixed(saved, suspect, whole))


def _denoised(rgb: _Rgb, strength: int) -> _Plane:
    """Return the grey levels of a picture after a denoiser of some strength."""
    if not strength:
        return to_luma(rgb)
    even = cv2.fastNlMeansDenoisingColored(rgb, None, strength, strength, *WINDOWS_PX)
    return to_luma(np.asarray(even, np.uint8))


def _mixed(versions: Sequence[_Plane], suspect: _Plane, shown: _Plane) -> _Plane:
    """Mix versions of a plane as comes nearest to a suspect, where that shows the work.

    Slow changes of light and dark count for nothing, nor does the suspect's contrast: that is what
    the share of the first version itself is fitted for.
    """
    first, *others = versions
    changes = [one - first for one in others]
    columns = np.stack([(_detail(one) * shown).ravel() for one in (first, *changes)])
    target = (_detail(suspect) * shown).ravel()
    _, *shares = np.linalg.lstsq(columns @ columns.T, columns @ target)[0]
    mixed = first + sum(share * one for share, one in zip(shares, changes, strict=True))
    return np.asarray(mixed, np.float32)


def _detail(plane: _Plane) -> _Plane:
    """Take slow changes of light and dark off a plane."""
    return plane - np.asarray(cv2.blur(plane, (TONE_SPAN_PX, TONE_SPAN_PX)), np.float32)


def _bent_alike(expected: _Plane, suspect: _Plane) -> _Plane:
    """Move what is expected to where a suspect on the same raster shows it."""
    flows = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flows.setFinestScale(FINEST_FLOW)
    flow = flows.calc(
        _levels(suspect), _levels(expected), np.zeros((*suspect.shape, 2), np.float32)
    )
    flow = cv2.GaussianBlur(flow, (0, 0), FLOW_SIGMA_PX)
    rows, columns = np.indices(suspect.shape, np.float32)
    return np.asarray(
        cv2.remap(
            expected,
            columns + flow[..., 0],
            rows + flow[..., 1],
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )


def _nearest_quality(plane: _Plane, suspect: _Plane) -> int:
    """Return the quality at which a plane, saved, comes nearest to a suspect of its size."""
    return min(QUALITIES, key=lambda one: cv2.norm(_saved(plane, one), suspect, cv2.NORM_L1))


def _saved(plane: _Plane, quality: int) -> _Plane:
    """Return a plane as a JPEG of some quality keeps it."""
    _, data = cv2.imencode(".jpg", _levels(plane), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.float32)


def _levels(plane: _Plane) -> NDArray[np.uint8]:
    return np.asarray(np.clip(np.rint(plane), 0, WHITE), np.uint8)
