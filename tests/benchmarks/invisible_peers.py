"""Other tools for invisible marks, each as one small adapter of the same shape.

They are optional and no extra of the package names them, because some of them pull in gigabytes or
pin other versions. What the figures in ``results/invisible-peers.json`` were measured with:

    pip install torch onnxruntime reedsolo PyWavelets
    pip install --no-deps invisible-watermark blind-watermark clawid melu
    pip install --no-deps --ignore-requires-python sigil-watermark

sigil-watermark asks for Python 3.12 but runs, and gives the same pixels, on 3.11 too. traceless,
which `ABSENT` names, is on no package index.

A tool that hides bits by quantization gets its own strength turned; one that adds a pattern gets
the pattern scaled, which is what its strength does. A tool that only answers whether a given key's
mark is there is told the right key, which is easier than reading bits. clawid runs as "qim", its
default, and as "fm", which it offers for copies that were resized.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["ABSENT", "PEERS", "Peer", "missing_module", "scaled"]

Rgb = NDArray[np.uint8]
Bits = NDArray[np.uint8]

DWT_SCALE = 36.0  # default of invisible-watermark, both methods
BLIND_STEPS = 36.0, 20.0  # defaults of blind-watermark, first and second singular value
CLAWID_STEPS = {"qim": 32.0, "fm": 192.0}  # defaults of clawid
RIVA_BITS = 32  # all that RivaGAN holds
ABSENT = {"traceless": "no package of that name on the package index"}


@dataclass(frozen=True)
class Peer:
    """A tool that puts a payload into a picture and gets it back.

    Attributes
    ----------
    name : str
        What tables call it.
    package : str
        Whose version the result file says.
    modules : tuple of str
        What must be importable.
    bits : int
        Payload it carries; 0 for a tool that answers only whether a key's mark is there.
    embed : callable
        ``embed(rgb, bits, strength)`` returns the marked picture; 1 is the tool's own default.
    extract : callable
        ``extract(rgb, sought, strength)`` returns 64 bits (`bits` of them where it holds fewer), or
        None for no mark. Only tools without a payload look at the bits that are sought.
    is_additive : bool
        Whether the change is a pattern that can be scaled instead of embedding anew.
    pictures : tuple of int
        Most large and small pictures that it is run on: the slow ones get fewer.
    rows : tuple of str
        Distortions that it is run on; none named means all.
    """

    name: str
    package: str
    modules: tuple[str, ...]
    bits: int
    embed: Callable[[Rgb, Bits, float], Rgb]
    extract: Callable[[Rgb, Bits, float], Bits | None]
    is_additive: bool = False
    pictures: tuple[int, int] = (10**6, 10**6)
    rows: tuple[str, ...] = ()


def missing_module(peer: Peer) -> str | None:
    """Return why a peer cannot be run here, or None."""
    for name in peer.modules:
        try:
            import_module(name)
        except ImportError as error:
            return f"cannot be imported: {error}"
    return None


def _bgr(rgb: Rgb) -> Rgb:
    return np.ascontiguousarray(rgb[..., ::-1])


def _pixels(values: NDArray[Any]) -> Rgb:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _dwt_scales(method: str, strength: float) -> list[float]:
    step = DWT_SCALE * strength
    return [0, step, step] if method == "dwtDct" else [0, step, 0]


def _dwt_embed(rgb: Rgb, bits: Bits, strength: float, method: str) -> Rgb:
    import imwatermark

    encoder = imwatermark.WatermarkEncoder()
    encoder.set_watermark("bits", bits.tolist())
    return _bgr(encoder.encode(_bgr(rgb), method, scales=_dwt_scales(method, strength)))


def _dwt_extract(rgb: Rgb, sought: Bits, strength: float, method: str) -> Bits:
    import imwatermark

    decoder = imwatermark.WatermarkDecoder("bits", len(sought))
    read = decoder.decode(_bgr(rgb), method, scales=_dwt_scales(method, strength))
    return np.asarray(read).astype(np.uint8)


@cache
def _riva_models() -> Any:
    """Load the networks that come with the package, with one thread like everything here."""
    import imwatermark
    import onnxruntime
    from imwatermark.rivaGan import RivaWatermark

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    folder = Path(imwatermark.__file__).parent
    for part in ("encoder", "decoder"):
        path = str(folder / f"rivagan_{part}.onnx")
        setattr(RivaWatermark, part, onnxruntime.InferenceSession(path, options))
    return imwatermark


def _riva_embed(rgb: Rgb, bits: Bits, strength: float) -> Rgb:
    encoder = _riva_models().WatermarkEncoder()
    encoder.set_watermark("bits", bits.tolist())
    return scaled(rgb, _bgr(encoder.encode(_bgr(rgb), "rivaGan")), strength)


def _riva_extract(rgb: Rgb, sought: Bits, strength: float) -> Bits:
    decoder = _riva_models().WatermarkDecoder("bits", len(sought))
    return np.asarray(decoder.decode(_bgr(rgb), "rivaGan")).astype(np.uint8)


def _blind_mark(strength: float) -> Any:
    import blind_watermark

    blind_watermark.bw_notes.close()  # it prints an advertisement otherwise
    tool = blind_watermark.WaterMark(password_img=1, password_wm=1)
    tool.bwm_core.d1, tool.bwm_core.d2 = (step * strength for step in BLIND_STEPS)
    return tool


def _blind_embed(rgb: Rgb, bits: Bits, strength: float) -> Rgb:
    tool = _blind_mark(strength)
    tool.read_img(img=_bgr(rgb).astype(np.float32))
    tool.read_wm(bits.astype(bool), mode="bit")
    return _bgr(_pixels(tool.embed()))


def _blind_extract(rgb: Rgb, sought: Bits, strength: float) -> Bits:
    read = _blind_mark(strength).extract(embed_img=_bgr(rgb), wm_shape=len(sought), mode="bit")
    return np.asarray(read).astype(np.uint8)


def _clawid_embed(rgb: Rgb, bits: Bits, strength: float, method: str) -> Rgb:
    from clawid.algorithms import dwt_qim

    step = CLAWID_STEPS[method] * strength
    return np.asarray(dwt_qim.embed_bits(Image.fromarray(rgb), bits.tolist(), delta=step))


def _clawid_extract(rgb: Rgb, sought: Bits, strength: float, method: str) -> Bits:
    from clawid.algorithms import dwt_qim

    step = CLAWID_STEPS[method] * strength
    return np.array(dwt_qim.extract_bits(Image.fromarray(rgb), len(sought), delta=step), np.uint8)


def _sigil_keys(bits: Bits) -> Any:
    from sigil_watermark import generate_author_keys

    return generate_author_keys(seed=bits.tobytes())


def _sigil_embed(rgb: Rgb, bits: Bits, strength: float) -> Rgb:
    from sigil_watermark import SigilEmbedder

    marked = SigilEmbedder().embed(rgb.astype(np.float64), _sigil_keys(bits))
    return scaled(rgb, _pixels(marked), strength)


def _sigil_extract(rgb: Rgb, sought: Bits, strength: float) -> Bits | None:
    from sigil_watermark import SigilDetector

    found = SigilDetector().detect(rgb.astype(np.float64), _sigil_keys(sought).public_key)
    return sought if found.detected and found.author_id_match else None


def _melu() -> Any:
    os.environ.update(CBWM_GPU="0", CBWM_WORKERS="1")  # read when it is imported
    return import_module("melu")


def _melu_embed(rgb: Rgb, bits: Bits, strength: float) -> Rgb:
    marked, _ = _melu().embed(rgb, salt=bits.tobytes())
    return scaled(rgb, np.asarray(marked.to_pil()), strength)


def _melu_extract(rgb: Rgb, sought: Bits, strength: float) -> Bits | None:
    return sought if _melu().detect(rgb, salt=sought.tobytes()).found else None


def scaled(rgb: Rgb, marked: Rgb, strength: float) -> Rgb:
    """Return the picture with a multiple of the change that marked it."""
    if strength == 1:
        return marked
    host = rgb.astype(np.float32)
    return _pixels(host + strength * (marked - host))


PEERS = (
    *(
        Peer(
            method,
            "invisible-watermark",
            ("imwatermark",),
            64,
            partial(_dwt_embed, method=method),
            partial(_dwt_extract, method=method),
        )
        for method in ("dwtDct", "dwtDctSvd")
    ),
    Peer(
        "RivaGAN",
        "invisible-watermark",
        ("imwatermark", "onnxruntime"),
        RIVA_BITS,
        _riva_embed,
        _riva_extract,
        is_additive=True,
        pictures=(0, 2),
    ),
    Peer(
        "blind-watermark",
        "blind-watermark",
        ("blind_watermark",),
        64,
        _blind_embed,
        _blind_extract,
        pictures=(2, 10**6),
    ),
    *(
        Peer(
            f"clawid {method}",
            "clawid",
            ("clawid",),
            64,
            partial(_clawid_embed, method=method),
            partial(_clawid_extract, method=method),
        )
        for method in CLAWID_STEPS
    ),
    Peer(
        "sigil",
        "sigil-watermark",
        ("sigil_watermark",),
        0,
        _sigil_embed,
        _sigil_extract,
        is_additive=True,
        pictures=(1, 3),
    ),
    Peer(
        "melu",
        "melu",
        ("melu",),
        0,
        _melu_embed,
        _melu_extract,
        is_additive=True,
        pictures=(0, 1),
        rows=(
            "none", "jpeg-75", "webp-50", "resize-50", "crop-50", "rotate-15", "mirror", "noise-10",
            "screenshot",
        ),
    ),
)  # fmt: skip
