"""Small whole files of every kind that is read, for mutation to begin with."""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image, PngImagePlugin

import ocguard
from ocguard.keys import SecretKey

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    b' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights><rdf:Alt><rdf:li xml:lang="en">mine'
    b"</rdf:li></rdf:Alt></dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>"
)
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90"><defs><rect id="r" width="30"'
    b' height="30" fill="red"/></defs>\n<use href="#r" x="60"/>\n<path d="M0 0L9 9"/></svg>'
)


def seeds() -> list[tuple[str, bytes]]:
    """Give the reader's name and the file of each seed."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_pictures(), *_home(Path(folder)), ("xmp", XMP), ("svg", SVG)]


def _drawing(mode: str, side: int = 64) -> Image.Image:
    across, down = np.meshgrid(np.arange(side), np.arange(side))
    waves = [128 + 127 * np.sin(across / (5 + n) + down / (9 - n)) for n in range(4)]
    return Image.fromarray(np.dstack(waves).astype(np.uint8), "RGBA").convert(mode)


def _pictures() -> list[tuple[str, bytes]]:
    """Make pictures with all that a file can carry."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "a drawing", 6
    exif.get_ifd(0x8825)[1] = "N"
    text = PngImagePlugin.PngInfo()
    text.add_text("Title", "a drawing")
    text.add_itxt("Comment", "für dich", zip=True)
    frames = {"save_all": True, "append_images": [_drawing("RGB").rotate(90)], "duration": 90}
    made = [
        _saved("RGBA", "PNG", pnginfo=text, exif=exif.tobytes()),
        _saved("P", "PNG"),
        _saved("RGB", "PNG", **frames),
        _saved("RGB", "JPEG", exif=exif.tobytes(), comment=b"mine", xmp=XMP),
        _saved("CMYK", "JPEG", progressive=True),
        _saved("RGB", "JPEG", progressive=True, dpi=(72, 72)),
        _saved("RGBA", "WEBP", lossless=True, exif=exif.tobytes(), xmp=XMP),
        _saved("RGB", "WEBP", **frames),
        _saved("RGB", "AVIF", exif=exif.tobytes(), speed=10),
        _saved("RGB", "GIF", **frames, comment=b"mine"),
        _saved("P", "BMP"),
        _saved("RGB", "JPEG2000", irreversible=True),
        _saved("RGBA", "TGA", compression="tga_rle"),
        _saved("RGB", "PPM"),
        _layered(),
        _ugoira(),
        *_optional(exif.tobytes()),
        *(_saved("RGB", "TIFF", compression=kind) for kind in ("tiff_lzw", "jpeg", "packbits")),
    ]
    deep = np.asarray(_drawing("RGB")).astype(np.uint16) * 257
    for options in ({"compression": "zlib", "predictor": True}, {"tile": (16, 16)}, {}):
        out = BytesIO()
        tifffile.imwrite(out, deep, photometric="rgb", **options)
        made.append(out.getvalue())
    return [*(("picture", data) for data in made), ("exif", exif.tobytes()[6:])]


def _saved(mode: str, file_format: str, **options: object) -> bytes:
    out = BytesIO()
    _drawing(mode).save(out, file_format, **options)
    return out.getvalue()


def _layered() -> bytes:
    """Make an OpenRaster archive with its merged picture."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("mergedimage.png", _saved("RGBA", "PNG"))
    return out.getvalue()


def _ugoira() -> bytes:
    """Make an archive of two frames with their times."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("000000.jpg", "000001.jpg"):
            archive.writestr(name, _saved("RGB", "JPEG"))
        archive.writestr("animation.json", '{"frames": [{"file": "000001.jpg", "delay": 80}]}')
    return out.getvalue()


def _optional(exif: bytes) -> Iterator[bytes]:
    """Make what needs an extra, where that is installed."""
    with contextlib.suppress(ImportError):
        import pillow_jxl  # noqa: F401 - registers the format

        yield _saved("RGB", "JXL", exif=exif)
    with contextlib.suppress(ImportError):
        import pillow_heif

        pillow_heif.register_heif_opener()
        yield _saved("RGB", "HEIF", exif=exif)


def _home(folder: Path) -> list[tuple[str, bytes]]:
    """Make a home with a protected work, and take its files."""
    clouds = np.random.default_rng(1).integers(0, 256, (80, 80, 3)).astype(np.uint8)
    Image.fromarray(clouds).resize((640, 640), Image.Resampling.BICUBIC).save(folder / "art.png")
    home = folder / "home"
    home.mkdir(mode=0o700)
    SecretKey.from_bytes(b"the key that makes all the seeds").save(home / "secret.key")
    ocguard.protect(folder / "art.png", out=folder / "out", home=home, creator="Mo", visible="none")
    ocguard.Portfolio(home=home).export(folder / "export.zip")
    with ocguard.portfolio.open_store(home / "portfolio.sqlite3") as store:
        (work_id,) = store.fingerprint_digests()
        fingerprint = store.fingerprint(work_id)
    return [
        ("portfolio", (home / "portfolio.sqlite3").read_bytes()),
        ("export", (folder / "export.zip").read_bytes()),
        ("profile", (home / "profile.toml").read_bytes()),
        ("key", (home / "secret.key").read_bytes()),
        ("fingerprint", fingerprint),
    ]
