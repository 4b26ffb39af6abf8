"""What every test may use: pictures drawn by seeded code, real art, foreign metadata."""

from __future__ import annotations

import os
import shutil
import signal
import struct
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray
from PIL import Image

from object_store import Bucket, running_store
from ocguard import ProtectResult, protect
from ocguard.errors import FontError
from ocguard.keys import SecretKey
from ocguard.watermark.visible.fonts import runs_of
from timestamps import Authority, running_authority

if TYPE_CHECKING:
    from postgres_server import Server

Pixels8 = NDArray[np.uint8]

NOBODY = 65_534
"""Number of the account without rights on Linux."""

# Tests read English, whatever language the machine speaks.
os.environ["OCGUARD_LANG"] = "en"

# A deadline would measure what else the machine does, and fail tests that are right.
settings.register_profile("without-deadline", deadline=None)
settings.load_profile("without-deadline")

# A shell that starts the tests in its background makes them and their children ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:creator><rdf:Seq><rdf:li>画师 Ünal</rdf:li></rdf:Seq></dc:creator>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="w"?>'
).encode()


PHOTOSHOP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 9.1">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:1"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" xmlns:own="https://studio.example/ns/"
    xmp:CreatorTool="Clip Studio Paint" photoshop:Credit="Old Studio" crs:Exposure="+0.35">
   <dc:creator><rdf:Bag><rdf:li>Old Studio</rdf:li><rdf:li>Mira Vale</rdf:li></rdf:Bag></dc:creator>
   <dc:rights><rdf:Alt>
     <rdf:li xml:lang="x-default">Old notice</rdf:li>
     <rdf:li xml:lang="ja">無断転載禁止</rdf:li>
   </rdf:Alt></dc:rights>
   <dc:subject><rdf:Bag><rdf:li>fox</rdf:li></rdf:Bag></dc:subject>
   <own:layers rdf:parseType="Resource"><own:count>12</own:count></own:layers>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
"""A packet as programs write it: shorthand, arrays, other languages, a namespace of its own."""


class Drawings:
    """Draws pictures that look like character art; the same arguments give the same pixels."""

    @staticmethod
    def cel(width: int = 320, height: int = 240, seed: int = 0) -> Pixels8:
        """Cel shading: flat RGB regions with dark outlines."""
        rng = np.random.default_rng(seed)
        art = np.full((height, width, 3), rng.integers(150, 256, 3), np.uint8)
        for _ in range(12):
            center = tuple(int(rng.integers(0, side)) for side in (width, height))
            axes = tuple(int(rng.integers(2, max(3, side // 4) + 1)) for side in (width, height))
            angle = int(rng.integers(0, 180))
            color = tuple(int(c) for c in rng.integers(30, 256, 3))
            cv2.ellipse(art, center, axes, angle, 0, 360, color, -1, cv2.LINE_AA)
            cv2.ellipse(art, center, axes, angle, 0, 360, (25, 20, 30), 2, cv2.LINE_AA)
        return art

    @staticmethod
    def line_art(width: int = 320, height: int = 240, seed: int = 0) -> Pixels8:
        """Dark strokes on white paper, RGB."""
        rng = np.random.default_rng(seed)
        art = np.full((height, width, 3), 255, np.uint8)
        for _ in range(10):
            knots = rng.uniform(0, 1, (4, 2)) * (width, height)
            t = np.linspace(0, 1, 60)[:, None]
            curve = (
                (1 - t) ** 3 * knots[0]
                + 3 * t * (1 - t) ** 2 * knots[1]
                + 3 * t**2 * (1 - t) * knots[2]
                + t**3 * knots[3]
            )
            cv2.polylines(art, [curve.astype(np.int32)], False, (40, 30, 35), 2, cv2.LINE_AA)
        return art

    @staticmethod
    def painterly(width: int = 320, height: int = 240, seed: int = 0) -> Pixels8:
        """Soft blobs with brush grain, RGB."""
        rng = np.random.default_rng(seed)
        coarse = rng.uniform(20, 235, (5, 7, 3)).astype(np.float32)
        art = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        grain = cv2.GaussianBlur(rng.normal(0, 25, art.shape).astype(np.float32), (0, 0), 1.2)
        return np.clip(np.rint(art + grain), 0, 255).astype(np.uint8)

    @staticmethod
    def gradient(width: int = 320, height: int = 240) -> Pixels8:
        """Smooth RGB gradient, each channel its own way."""
        x, y = np.meshgrid(np.linspace(40, 210, width), np.linspace(30, 220, height))
        return np.rint(np.stack([x, y, (x + y) / 2], axis=2)).astype(np.uint8)

    @staticmethod
    def cutout(width: int = 320, height: int = 240, seed: int = 0) -> Pixels8:
        """RGBA: a figure with a soft edge; the color under alpha 0 is not plain."""
        alpha = np.zeros((height, width), np.uint8)
        axes = (max(1, width * 3 // 8), max(1, height * 3 // 8))
        cv2.ellipse(alpha, (width // 2, height // 2), axes, 0, 0, 360, 255, -1, cv2.LINE_AA)
        art = Drawings.cel(width, height, seed)
        art[alpha == 0] = (10, 200, 60)
        return np.dstack([art, alpha])

    @staticmethod
    def grey(width: int = 320, height: int = 240, seed: int = 0) -> Pixels8:
        """Grey (H, W)."""
        return np.asarray(cv2.cvtColor(Drawings.cel(width, height, seed), cv2.COLOR_RGB2GRAY))

    @staticmethod
    def figure(seed: int = 0) -> Pixels8:
        """Shaded, outlined shapes on white, 400 x 400."""
        inside = Drawings.cel(400, 400, seed + 100)
        shade = Drawings.painterly(400, 400, seed + 200)
        painted = cv2.addWeighted(inside, 0.7, shade, 0.3, 0)
        mask = np.zeros((400, 400), np.uint8)
        rng = np.random.default_rng(seed)
        for _ in range(5):
            center = tuple(int(v) for v in rng.integers(120, 280, 2))
            axes = tuple(int(v) for v in rng.integers(40, 110, 2))
            cv2.ellipse(mask, center, axes, int(rng.integers(180)), 0, 360, 255, -1)
        return np.where(mask[..., None] > 0, painted, 255).astype(np.uint8)

    @staticmethod
    def hatched(art: Pixels8, seed: int = 0) -> Pixels8:
        """Art redrawn in short strokes of other colors: large shapes stay, lines do not."""
        rng, (height, width) = np.random.default_rng(seed), art.shape[:2]
        colors = np.ascontiguousarray(cv2.GaussianBlur(art, (0, 0), 6)[..., [1, 2, 0]])
        page = colors.copy()
        for _ in range(height * width * 3 // 160):
            x, y, turn = int(rng.integers(width)), int(rng.integers(height)), rng.uniform(0, 3)
            across, down = round(6 * np.cos(turn)), round(6 * np.sin(turn))
            color = np.clip(colors[y, x] + rng.integers(-40, 40), 0, 255).tolist()
            cv2.line(page, (x - across, y - down), (x + across, y + down), color, 2, cv2.LINE_AA)
        return page

    @staticmethod
    def cmyk(width: int = 320, height: int = 240, seed: int = 0) -> Pixels8:
        """(H, W, 4) ink amounts, 0 is bare paper, with some black ink everywhere."""
        light = Drawings.painterly(width, height, seed)
        black = (255 - light.max(axis=2, keepdims=True)) // 2 + 10
        return np.concatenate([(255 - light) // 2, black], axis=2).astype(np.uint8)

    @staticmethod
    def deep(width: int = 320, height: int = 240, seed: int = 0) -> NDArray[np.uint16]:
        """16-bit RGB whose low bytes matter."""
        rng = np.random.default_rng(seed)
        coarse = rng.uniform(3000, 62000, (5, 7, 3)).astype(np.float32)
        art = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.clip(np.rint(art), 2000, 63_500).astype(np.uint16)

    @staticmethod
    def frames(width: int = 96, height: int = 64, count: int = 3, seed: int = 0) -> list[Pixels8]:
        """Frames of an animation: a disk that moves over cel shading."""
        ground = Drawings.cel(width, height, seed)
        drawn = []
        for i in range(count):
            frame = ground.copy()
            center = (width * (2 * i + 1) // (2 * count), height // 2)
            cv2.circle(frame, center, max(2, height // 5), (240, 40 + 20 * i, 40), -1, cv2.LINE_AA)
            drawn.append(frame)
        return drawn


@pytest.fixture(scope="session")
def needs_font() -> Callable[[str], None]:
    """Skip a test when no font of this machine draws the text that it is about."""

    def check(text: str) -> None:
        try:
            runs_of(text)
        except FontError as error:
            pytest.skip(f"a font is missing on this machine: {error}")

    return check


@pytest.fixture(scope="session")
def drawings() -> type[Drawings]:
    """The generators above: ``drawings.cel(width, height, seed)`` and so on, as arrays."""
    return Drawings


@pytest.fixture(scope="session")
def real_art() -> Path:
    """Folder of real character art; tests that need it are skipped where it is missing."""
    default = Path(__file__).parents[2] / "shared" / "art"
    folder = Path(os.environ.get("OCGUARD_BENCH_ART", default))
    if not folder.is_dir():
        pytest.skip("real art is missing: set OCGUARD_BENCH_ART to its folder")
    return folder


@dataclass(frozen=True)
class Gallery:
    """Drawn originals, protected once for all tests that only look."""

    art: Path
    out: Path
    home: Path
    results: list[ProtectResult]

    def protected(self, name: str) -> ProtectResult:
        """Return what became of one original by its name below the art folder."""
        return next(one for one in self.results if one.input == str(self.art / name))


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory, drawings: type[Drawings]) -> Gallery:
    """Make a home with four registered works; tests must not change it."""
    root = tmp_path_factory.mktemp("gallery")
    art = root / "art"
    (art / "sub").mkdir(parents=True)
    Image.fromarray(drawings.cel(640, 480, 1)).save(art / "cel.png")
    Image.fromarray(drawings.painterly(600, 520, 2)).save(art / "soft.jpg", quality=92)
    Image.fromarray(drawings.cutout(560, 560, 3)).save(art / "cutout.png")
    Image.fromarray(drawings.cel(512, 640, 4)).save(art / "sub" / "林.webp", quality=90)
    (art / "notes.txt").write_text("no picture")
    # A key of its own in every run would make what is read in distorted copies a matter of luck.
    (root / "home").mkdir(mode=0o700)
    SecretKey.from_bytes(b"a key for all galleries of tests").save(root / "home" / "secret.key")
    options = {"visible": "none", "creator": "Mo", "recipient": "studio"}
    results = protect([art], out=root / "out", home=root / "home", **options)
    assert [one.error for one in results] == [None] * 4
    return Gallery(art, root / "out", root / "home", results)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the Chromium of this machine; tests that need it are skipped where there is none.

    While it runs, no other event loop can in its thread, so it leaves with its module.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium is installed (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    rights = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=rights)
        yield started
        started.close()


@pytest.fixture(scope="session")
def xmp_packet() -> bytes:
    """A small XMP packet with a name outside ASCII."""
    return XMP


def exif_bytes(orientation: int = 1, *, with_thumbnail: bool = False) -> bytes:
    """EXIF as Pillow writes it, with the prefix: artist, copyright, lens, and a thumbnail."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "A. Artist"
    exif[0x8298] = "(c) A. Artist"
    exif.get_ifd(0x8769)[0xA434] = "Imaginary 50mm"
    if not with_thumbnail:
        return exif.tobytes()
    out = BytesIO()
    Image.new("RGB", (160, 120), (200, 30, 30)).save(out, "JPEG")
    thumbnail = out.getvalue()
    raw = bytearray(exif.tobytes()[6:])
    order = "<" if raw[:2] == b"II" else ">"
    first = struct.unpack_from(order + "I", raw, 4)[0]
    count = struct.unpack_from(order + "H", raw, first)[0]
    struct.pack_into(order + "I", raw, first + 2 + 12 * count, len(raw))
    place = len(raw) + 2 + 24 + 4
    raw += struct.pack(order + "H", 2)
    raw += struct.pack(order + "HHII", 0x0201, 4, 1, place)
    raw += struct.pack(order + "HHII", 0x0202, 4, 1, len(thumbnail))
    raw += struct.pack(order + "I", 0) + thumbnail
    return b"Exif\0\0" + bytes(raw)


@pytest.fixture(scope="session")
def make_exif() -> Callable[..., bytes]:
    """``make_exif(orientation, with_thumbnail=...)`` gives EXIF with its prefix."""
    return exif_bytes


@pytest.fixture(scope="session")
def photoshop_packet() -> bytes:
    """Return a packet of another program, padded as such packets are."""
    return PHOTOSHOP.encode() + b" " * 200 + b"\0"


@pytest.fixture(scope="session")
def camera_exif() -> Callable[[str], bytes]:
    """Build EXIF as cameras write it, in either byte order.

    It has a maker note full of absolute offsets, GPS, a thumbnail directory, an unknown tag, and a
    tag of a private type.
    """

    def build(order: str) -> bytes:
        def entry(tag: int, kind: int, count: int, value: int | bytes) -> bytes:
            place = value if isinstance(value, bytes) else struct.pack(f"{order}I", value)
            return struct.pack(f"{order}HHI", tag, kind, count) + place.ljust(4, b"\0")

        def directory(entries: list[bytes], following: int = 0) -> bytes:
            head = struct.pack(f"{order}H", len(entries))
            return head + b"".join(entries) + struct.pack(f"{order}I", following)

        short = struct.pack(f"{order}H", 6)
        note = b"MAKER" + struct.pack(f"{order}5I", 8, 100, 200, 300, 400)
        first = [
            entry(0x0110, 2, 9, 200),
            entry(0x0112, 3, 1, short),
            entry(0x013B, 2, 4, b"Old\0"),
            entry(0x8769, 4, 1, 300),
            entry(0x8825, 4, 1, 400),
            entry(0xC6F3, 129, 2, b"\xff\xfe"),
        ]
        parts = {
            0: {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}I", 8),
            8: directory(first, 500),
            200: b"Camera X\0",
            300: directory([entry(0x927C, 7, len(note), 350)]),
            350: note,
            400: directory([entry(0x0000, 1, 4, b"\2\3\0\0"), entry(0x0001, 2, 2, b"N\0")]),
            500: directory([entry(0x0201, 4, 1, 560), entry(0x0202, 4, 1, 4)]),
            560: b"\xff\xd8\xff\xd9",
        }
        blob = bytearray(564)
        for offset, part in parts.items():
            blob[offset : offset + len(part)] = part
        return bytes(blob)

    return build


@pytest.fixture(autouse=True)
def _no_real_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the home folder and the settings of whoever runs it."""
    monkeypatch.setenv("OCGUARD_HOME", str(tmp_path / "unused-home"))
    monkeypatch.delenv("OCGUARD_PORTFOLIO", raising=False)


@pytest.fixture(scope="session")
def object_store() -> Iterator[dict[str, str]]:
    """Run an object store on the loopback; gives the environment in which it is found."""
    pytest.importorskip("s3fs")
    pytest.importorskip("moto.server")
    with running_store() as environment:
        yield environment


@pytest.fixture
def bucket(object_store: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """Make an empty bucket in the object store."""
    for name, value in object_store.items():
        monkeypatch.setenv(name, value)
    return Bucket.made()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Run a time stamp authority on the loopback."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is the authority")
    with running_authority(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Run a PostgreSQL server."""
    if os.name != "posix":
        pytest.skip("the server listens on a POSIX socket")
    from postgres_server import programs, running_server

    if programs() is None:
        pytest.skip("initdb is missing: install Debian's package postgresql")
    with running_server() as running:
        yield running


@pytest.fixture
def second_postgres(postgres: Server) -> Iterator[Server]:
    """Run another server, which a test may stop."""
    from postgres_server import running_server

    with running_server() as running:
        yield running


@pytest.fixture
def bound_folder() -> Iterator[Path]:
    """Give a folder in which permission bits bind this process, as they otherwise bind not root."""
    if os.name != "posix":
        pytest.skip("permission bits are POSIX")
    with tempfile.TemporaryDirectory() as name:
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(name, NOBODY, NOBODY)
            os.setegid(NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            if is_root:
                os.seteuid(0)
                os.setegid(0)
            for path in (Path(name), *Path(name).rglob("*")):
                path.chmod(0o700)
