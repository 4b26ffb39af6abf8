"""Other ways to recognize a copied picture, each as one small adapter of the same shape.

Hashes come from imagehash, which ocguard depends on, and, where they are installed, from pdqhash
and iscc-core (``pip install pdqhash iscc-core``); no extra of the package names those two. What is
done with OpenCV and NumPy alone is the textbook way: keypoints, ratio test, homography by RANSAC;
gradient histograms of the trimmed picture.

References
----------
.. [1] D. G. Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 60(2), 2004,
   doi:10.1023/B:VISI.0000029664.99615.94
.. [2] E. Rublee et al., "ORB: an efficient alternative to SIFT or SURF", ICCV 2011,
   doi:10.1109/ICCV.2011.6126544
.. [3] N. Dalal, B. Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005,
   doi:10.1109/CVPR.2005.177
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["ABSENT", "PEERS", "Peer", "missing_module"]

Rgb = NDArray[np.uint8]

KEYPOINT_SIDE_PX = 640  # long side of the picture that keypoints are sought in
KEYPOINTS = 500
MAX_RATIO = 0.75  # of the nearest to the second nearest descriptor (Lowe 2004, section 7.1)
MIN_MATCHES = 8  # a homography needs four, and any four have one
RANSAC_PX = 5.0
HOG_SIDE_PX, HOG_CELL_PX, HOG_BINS = 128, 8, 9
PAPER = 250  # a border whose pixels are all at least this light is trimmed
ABSENT = {
    "perception": "pins OpenCV below 5, which ocguard is measured with",
    "SSCD": "the package that carries its weights asks for Python 3.12",
}


@dataclass(frozen=True)
class Peer:
    """A way to compare pictures.

    Attributes
    ----------
    name : str
        What tables call it.
    package : str
        Whose version the result file says.
    module : str
        What must be importable.
    describe : callable
        From a picture to whatever the tool keeps of it.
    score : callable
        From the descriptions of a suspect and a work to a number, higher for more alike.
    is_mirrored : bool
        Whether the suspect's mirror image is compared as well.
    """

    name: str
    package: str
    module: str
    describe: Callable[[Rgb], Any]
    score: Callable[[Any, Any], float]
    is_mirrored: bool = False


def missing_module(peer: Peer) -> str | None:
    """Return why a peer cannot be run here, or None."""
    try:
        import_module(peer.module)
    except ImportError as error:
        return f"cannot be imported: {error}"
    return None


def _image_hash(rgb: Rgb, method: str, **settings: int) -> Any:
    import imagehash

    return getattr(imagehash, method)(Image.fromarray(rgb), **settings)


def _difference(suspect: Any, work: Any) -> float:
    """Compare as the package documents: the difference of two hashes."""
    return -float(suspect - work)


def _pdq(rgb: Rgb) -> NDArray[np.uint8]:
    import pdqhash

    bits, _ = pdqhash.compute(rgb)
    return np.asarray(bits, np.uint8)


def _iscc(rgb: Rgb) -> NDArray[np.uint8]:
    """Normalize as ISO 24138 asks: trimmed, grey, 32 x 32 bicubic."""
    from iscc_core.code_content_image import soft_hash_image_v0

    small = Image.fromarray(trimmed(rgb)).convert("L").resize((32, 32), Image.Resampling.BICUBIC)
    pixels = np.asarray(small).ravel().tolist()
    return np.unpackbits(np.frombuffer(soft_hash_image_v0(pixels, bits=256), np.uint8))


def _hamming(suspect: NDArray[np.uint8], work: NDArray[np.uint8]) -> float:
    return -float(np.count_nonzero(suspect != work))


def trimmed(rgb: Rgb) -> Rgb:
    """Return the picture without its white border; all of it where nothing else is there."""
    rows, columns = (np.flatnonzero((rgb < PAPER).any(axis=axes)) for axes in ((1, 2), (0, 2)))
    if not len(rows):
        return rgb
    return np.ascontiguousarray(rgb[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _keypoints(rgb: Rgb, finder: Callable[[], Any]) -> tuple[NDArray[np.float32], Any]:
    factor = min(1.0, KEYPOINT_SIDE_PX / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    found, descriptors = finder().detectAndCompute(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), None)
    return np.array([one.pt for one in found], np.float32).reshape(-1, 2), descriptors


def _inliers(suspect: Any, work: Any, norm: int) -> float:
    """Return how many matched keypoints one homography explains."""
    (points, descriptors), (their_points, their_descriptors) = suspect, work
    if min(len(points), len(their_points)) < MIN_MATCHES:
        return 0.0
    pairs = cv2.BFMatcher(norm).knnMatch(descriptors, their_descriptors, k=2)
    good = [first for first, second in pairs if first.distance < MAX_RATIO * second.distance]
    if len(good) < MIN_MATCHES:
        return 0.0
    source = points[[match.queryIdx for match in good]]
    target = their_points[[match.trainIdx for match in good]]
    _, is_inlier = cv2.findHomography(source, target, cv2.RANSAC, RANSAC_PX)
    return 0.0 if is_inlier is None else float(is_inlier.sum())


def _gradients(rgb: Rgb) -> NDArray[np.float32]:
    """Return the gradient histograms of the trimmed picture, as one vector of length 1."""
    grey = cv2.cvtColor(trimmed(rgb), cv2.COLOR_RGB2GRAY)
    square = cv2.resize(grey, (HOG_SIDE_PX, HOG_SIDE_PX), interpolation=cv2.INTER_AREA)
    across, down = (cv2.Sobel(square, cv2.CV_32F, *axes, ksize=1) for axes in ((1, 0), (0, 1)))
    strength, angle = cv2.cartToPolar(across, down)
    bins = (angle / np.pi % 1 * HOG_BINS).astype(np.intp) % HOG_BINS
    side = HOG_SIDE_PX // HOG_CELL_PX
    cells = np.zeros((side, side, HOG_BINS), np.float32)
    rows = np.arange(HOG_SIDE_PX) // HOG_CELL_PX
    np.add.at(cells, (rows[:, None], rows[None, :], bins), strength)
    corners = [cells[y : y + side - 1, x : x + side - 1] for y in (0, 1) for x in (0, 1)]
    blocks = np.concatenate(corners, axis=2)
    blocks /= np.linalg.norm(blocks, axis=2, keepdims=True) + 1.0
    vector = blocks.ravel()
    return np.asarray(vector / (np.linalg.norm(vector) + 1e-6), np.float32)


def _cosine(suspect: NDArray[np.float32], work: NDArray[np.float32]) -> float:
    return float(suspect @ work)


def _imagehash_peer(name: str, method: str, **settings: int) -> Peer:
    describe = partial(_image_hash, method=method, **settings)
    return Peer(name, "imagehash", "imagehash", describe, _difference)


PEERS = (
    _imagehash_peer("phash", "phash"),
    _imagehash_peer("phash, 256 bits", "phash", hash_size=16),
    _imagehash_peer("dhash", "dhash"),
    _imagehash_peer("whash", "whash"),
    _imagehash_peer("colorhash", "colorhash"),
    _imagehash_peer("crop-resistant hash", "crop_resistant_hash"),
    Peer("PDQ", "pdqhash", "pdqhash", _pdq, _hamming),
    Peer("ISCC image code", "iscc-core", "iscc_core", _iscc, _hamming),
    Peer("gradient histograms", "numpy", "numpy", _gradients, _cosine, is_mirrored=True),
    Peer(
        "ORB + RANSAC",
        "opencv-python-headless",
        "cv2",
        partial(_keypoints, finder=partial(cv2.ORB_create, KEYPOINTS)),
        partial(_inliers, norm=cv2.NORM_HAMMING),
    ),
    Peer(
        "SIFT + RANSAC",
        "opencv-python-headless",
        "cv2",
        partial(_keypoints, finder=partial(cv2.SIFT_create, KEYPOINTS)),
        partial(_inliers, norm=cv2.NORM_L2),
        is_mirrored=True,
    ),
)
