"""What the network of ocguard's descriptor sees in every place of a picture.

The descriptor's code is one vector for the whole picture; it can say which works look alike. The
network's last maps before that, 12 x 12 places, say where. They were trained to change little when
a picture is redrawn in another style, so two pictures with the same large shapes answer alike place
by place whatever the brushwork.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.learned import DescriptorSpec, network_input, parse_spec
from ocguard.fingerprint.networks import ENGINES, Network

__all__ = ["FeatureMaps", "feature_maps"]

OUTPUT: Final = "maps"
"""Name of the network's output that holds them."""


@dataclass(frozen=True)
class FeatureMaps:
    """What a network sees in n places of a picture.

    Attributes
    ----------
    directions : (n, channels) float32 array
        What sets each place apart from the mean of all, of unit length; rows from the top.
    strengths : (n,) float32 array
        How much it does; next to 0 in flat places.
    """

    directions: NDArray[np.float32]
    strengths: NDArray[np.float32]


def feature_maps(rgb: NDArray[np.uint8], counts: NDArray[np.bool_] | None = None) -> FeatureMaps:
    """Return what the network sees in every place of a picture.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        RGB picture, without transparency; it is squeezed to a square whatever its shape.
    counts : (H, W) bool array or None
        Pixels that count; places of which less than half does are left out. None: all do.

    Notes
    -----
    About 4 CPU-milliseconds; the network is loaded once, in 40.
    """
    spec, network = _loaded()
    maps = np.asarray(network.answer(network_input(rgb, spec, network)), np.float32)[0]
    places = maps.reshape(len(maps), -1).T
    if counts is not None:
        size = maps.shape[2], maps.shape[1]
        shares = cv2.resize(counts.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        places = places[np.asarray(shares).reshape(-1) >= 0.5]
    apart = places - places.mean(axis=0)
    strengths = np.linalg.norm(apart, axis=1)
    return FeatureMaps(apart / np.maximum(strengths, 1e-6)[:, None], strengths)


@cache
def _loaded() -> tuple[DescriptorSpec, Network]:
    """Load the network that ocguard ships."""
    folder = resources.files("ocguard.fingerprint") / "descriptors"
    spec = parse_spec((folder / "ocguard.toml").read_text("utf-8"), "ocguard.toml")
    return spec, ENGINES[spec.engine]((folder / spec.model).read_bytes(), spec.model, OUTPUT)
