"""Imitations: what an original would look like after what was done to a suspect.

A denoiser takes more off a picture than the mark ever put in, and so does a codec that saves it
hard, or a hand that bends it by a few pixels. What each of them does to the *original* can be
imitated, since the portfolio has it. Subtracted from the suspect, an imitation takes away what the
treatment did to the picture; what it left of the mark remains.

1. Denoise the original lightly and strongly, by non-local means [1]_. Which of them comes near what
   was done is not known, so each is tried, and the original as it is.
2. Lay each densely on the suspect, by optical flow [2]_: bending moves lines by more than they are
   wide.
3. Or lay it on the suspect's own pixels, and save it as a JPEG of the quality that comes nearest:
   the same blocks lose the same waves.

References
----------
.. [1] A. Buades, B. Coll, J.-M. Morel, "Non-Local Means Denoising", Image Processing On Line 1,
   2011, https://doi.org/10.5201/ipol.2011.bcm_nlm
.. [2] T. Kroeger, R. Timofte, D. Dai, L. Van Gool, "Fast Optical Flow using Dense Inverse Search",
   ECCV 2016, https://doi.org/10.1007/978-3-319-46493-0_29
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import to_luma
from ocguard.watermark.invisible.residual import Laying

__all__ = ["IMITATIONS", "imitations"]

DENOISED: Final = (0, 4, 8)
"""Strengths of the denoisers, grey levels; 0 for none. Programs offer 3 to 10."""
WINDOWS_PX: Final = (7, 21)
"""Sides of the patches that are compared, and of the window in which they are sought."""
IMITATIONS: Final = 2 * len(DENOISED)
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
        An imitation on the working raster, at most `IMITATIONS` of them. About 0.4 CPU-seconds
        each for a reference of 1024 px.
    """
    height, width = suspect.shape
    quality: int | None = None
    for strength in DENOISED:
        version = _denoised(reference, strength)
        yield _bent_alike(laying.reference(version), laid)
        plain = laying.as_suspect(version, (width, height))
        quality = quality or _nearest_quality(plain, suspect)
        if quality < QUALITIES[-1]:
            yield laying.suspect(_saved(plain, quality))


def _denoised(rgb: _Rgb, strength: int) -> _Plane:
    """Return the grey levels of a picture after a denoiser of some strength."""
    if not strength:
        return to_luma(rgb)
    even = cv2.fastNlMeansDenoisingColored(rgb, None, strength, strength, *WINDOWS_PX)
    return to_luma(np.asarray(even, np.uint8))


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
