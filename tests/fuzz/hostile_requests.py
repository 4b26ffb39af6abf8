"""Requests that attack a server, as raw bytes: each must be refused with a status of 4xx.

Bodies that are cut, that blow up, or that are of another kind; forms and JSON that lie; headers
that are huge, double or contradict each other; names of other servers, pages of other sites, tokens
in the wrong place, paths that lead out.
"""

from __future__ import annotations

import json
import random
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO

from PIL import Image

from serving import CHECK, PROTECT

__all__ = ["KINDS", "SECRETS", "SLOW_REQUESTS", "hostile_request"]

SECRETS = (CHECK, PROTECT, "stolen-token-of-somebody", "private-file-name", "private words")
"""What is sent and must never stand in a log."""

_STOLEN, _NAME, _WORDS = SECRETS[2:]
_ROUTES = ("check", "detect", "fingerprint", "works", "protect")
Headers = Mapping[str, str]


def hostile_request(place: random.Random) -> tuple[str, bytes]:
    """Return one request of a random kind, and the name of the kind."""
    name = place.choice(sorted(KINDS))
    return name, KINDS[name](place)


def _request(
    method: str, path: str, body: bytes = b"", headers: Headers | None = None, *, length: str = ""
) -> bytes:
    """Build a request; headers replace those that it has anyway, and None takes one out."""
    said: dict[str, str | None] = {
        "Host": "127.0.0.1",
        "Authorization": f"Bearer {PROTECT}",
        "Content-Length": length or str(len(body)),
        "Connection": "close",
        **(headers or {}),
    }
    lines = [f"{name}: {value}" for name, value in said.items() if value is not None]
    head = "\r\n".join([f"{method} {path} HTTP/1.1", *lines])
    return head.encode("latin-1") + b"\r\n\r\n" + body


def _post(place: random.Random, body: bytes, headers: Headers | None = None) -> bytes:
    return _request("POST", f"/v1/{place.choice(_ROUTES)}", body, headers)


@cache
def _pictures() -> tuple[bytes, ...]:
    """Make a file of each kind that is common."""
    made = []
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "AVIF"):
        file = BytesIO()
        Image.effect_noise((96, 96), 60).convert("RGB").save(file, kind)
        made.append(file.getvalue())
    return tuple(made)


def _cut(place: random.Random) -> bytes:
    """Send a picture of which the greater part is missing."""
    data = place.choice(_pictures())
    return _post(place, data[: place.randrange(1, len(data) // 3)])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, pixels: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = _chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(pixels, 9)), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@cache
def _bombs() -> tuple[bytes, ...]:
    """Make small files that say, or hold, very much."""
    side = 4000
    return (
        _png(side, side, bytes(side * (side + 1))),
        _png(2**31 - 1, 2**31 - 1, b"\0" * 1000),
        _png(60_000, 60_000, b"\0" * 10_000_000),
        b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\x80\0\0" + b"\0" * 6 + b",\0\0\0\0",
        b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 4, 300_000, 300_000, 8, 3) + bytes(12),
        b"P6 99999 99999 255\n" + bytes(1000),
        b"<svg xmlns='http://www.w3.org/2000/svg' width='90000' height='90000'/>",
        b'<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><svg>&b;</svg>',
        b"\xff\x0a" + bytes(2000),
        b"II*\0\x08\0\0\0" + b"\xff" * 3000,
    )


def _bomb(place: random.Random) -> bytes:
    return _post(place, place.choice(_bombs()))


def _other_kind(place: random.Random) -> bytes:
    """Send what is no picture, and call it one."""
    body = place.choice((place.randbytes(place.randrange(1, 5000)), _WORDS.encode(), b"{}", b"\0"))
    kind = place.choice(("image/png", "text/html", "", "x" * 200, "application/zip", "image/*"))
    return _post(place, body, {"Content-Type": kind})


def _empty(place: random.Random) -> bytes:
    kind = place.choice(("image/png", "application/json", "multipart/form-data; boundary=x"))
    return _post(place, b"", {"Content-Type": kind})


def _encoded(place: random.Random) -> bytes:
    """Send a compressed body: a few bytes that become many."""
    body = zlib.compress(bytes(1_000_000))
    return _post(place, body, {"Content-Encoding": place.choice(("gzip", "deflate", "br", "x"))})


def _form(place: random.Random) -> bytes:
    """Send a form that is broken, or whose one file is: names lead out of every folder."""
    name = place.choice(
        (
            f"../../../{_NAME}",
            f"C:\\Windows\\{_NAME}.png",
            "/etc/passwd",
            "\xff\xfe",
            "a" * 5000,
            "",
        )
    )
    field = place.choice(("picture", "../x", "", "x" * 3000))
    disposition = place.choice(
        (
            f'form-data; name="{field}"; filename="{name}"',
            f'form-data; name="{field}"',
            f"form-data; filename*=UTF-8''%2e%2e%2f{_NAME}; name=picture",
            "form-data",
            "attachment; filename=x",
            'form-data; name="' + '"' * 50,
        )
    )
    part = f"--x\r\nContent-Disposition: {disposition}\r\n".encode("latin-1", "replace")
    part += place.choice(
        (b"\r\n", b"X: " + b"y" * 9000 + b"\r\n\r\n", b"Content-Length: 9\r\n\r\n", b"")
    )
    part += place.randbytes(place.randrange(300)).replace(b"--x", b"")
    end = place.choice((b"\r\n--x--\r\n", b"", b"\r\n--y--\r\n", b"\r\n--x"))
    boundary = place.choice(
        ("boundary=x", "boundary=", "", "boundary=" + "x" * 300, "boundary=\xff")
    )
    return _post(place, part + end, {"Content-Type": f"multipart/form-data; {boundary}"})


def _many_parts(place: random.Random) -> bytes:
    """Send more parts than are taken."""
    part = b'--x\r\nContent-Disposition: form-data; name="p"; filename="p"\r\n\r\nz\r\n'
    body = part * place.randrange(1001, 1500) + b"--x--\r\n"
    return _post(place, body, {"Content-Type": "multipart/form-data; boundary=x"})


def _json(place: random.Random) -> bytes:
    """Send JSON that is none, or another one."""
    texts = (
        *(
            "[" * 50_000,
            '{"a":' * 20_000,
            "{",
            "null",
            "1e999999",
            '"\\ud800"',
            "[1,2",
            "NaN",
            "\x00",
        ),
        json.dumps(
            {"fingerprint": place.choice((None, 1, [], {}, True, "", "x" * 1000, "\ud800"))}
        ),
        json.dumps({"fingerprint": f"ocguard-fingerprint@1:{'A' * place.randrange(2000)}"}),
        json.dumps({"fingerprint": f"ocguard-fingerprint@{place.randrange(9**9)}:AAAA"}),
        "9" * 10_000,
    )
    body = place.choice(
        (*(one.encode() for one in texts), b"\xff\xfe{\0}\0", b'{"fingerprint":"\xff"}')
    )
    return _request("POST", "/v1/check", body, {"Content-Type": "application/json"})


def _bad_option(place: random.Random) -> bytes:
    query = place.choice(
        (
            *("visible=loud", "font=/etc/passwd", "logo=../../x", "opacity=nan", "quality=1e9"),
            *("preset=../../x", "for=..%2f..", "size=-1", "text=" + "x" * 600, "opacity=0"),
            *("recipient=" + "y" * 201, "dry-run=maybe", "unknown=1", "text=%7Bnobody%7D"),
        )
    )
    return _request("POST", f"/v1/protect?{query}", place.choice(_pictures()))


def _huge_header(place: random.Random) -> bytes:
    more = place.choice(
        (
            {"X-Huge": "y" * place.randrange(70_000, 400_000)},
            {f"X-{i}": "y" * 100 for i in range(2000)},
            {"Cookie": "a=b; " * 20_000},
        )
    )
    return _request("GET", "/v1/works", headers=more)


def _bad_length(place: random.Random) -> bytes:
    length = place.choice(("-1", "many", "1e3", "9" * 40, "0x10", "3000000", "1,2", "+5", "٣"))
    body = b"z" * 10
    return _request("POST", "/v1/check", body, length=length.encode().decode("latin-1"))


def _smuggled(place: random.Random) -> bytes:
    """Send two lengths, or a length and chunks: servers in a row might disagree where it ends."""
    body = b"0\r\n\r\nGET /v1/works HTTP/1.1\r\nHost: x\r\n\r\n"
    more = place.choice(
        (
            {"Content-Length": f"4\r\nContent-Length: {len(body)}"},
            {"Transfer-Encoding": "chunked\r\nTransfer-Encoding: identity"},
            {"Transfer-Encoding": "gzip, chunked"},
            {"Transfer-Encoding": " chunked\r\n folded"},
        )
    )
    return _request("POST", "/v1/check", body, more)


def _chunked(place: random.Random) -> bytes:
    """Send chunks: of a broken picture, of too much, or with sizes that lie."""
    body = place.choice(
        (
            b"5\r\nhello\r\n0\r\n\r\n",
            b"-1\r\nhello\r\n",
            b"zz\r\n",
            b"5\r\nhelloworld\r\n0\r\n\r\n",
            b"100000\r\n"
            + bytes(0x100000)
            + b"\r\n"
            + b"200000\r\n"
            + bytes(0x200000)
            + b"\r\n0\r\n\r\n",
            b"5;" + b"x" * 300_000 + b"\r\nhello\r\n0\r\n\r\n",
        )
    )
    return _request(
        "POST", "/v1/check", body, {"Content-Length": None, "Transfer-Encoding": "chunked"}
    )


def _foreign(place: random.Random) -> bytes:
    """Ask as a page of another site does, or by a name that leads here (DNS rebinding)."""
    more = place.choice(
        (
            *(
                {"Host": name}
                for name in ("evil.example", "localhost.evil.example", "", "[", "a:b")
            ),
            *({"Origin": page} for page in ("https://evil.example", "null", "file://", "\xff")),
            *({"Sec-Fetch-Site": site} for site in ("cross-site", "same-site")),
        )
    )
    return _request("GET", "/v1/works", headers=more)


def _token(place: random.Random) -> bytes:
    """Ask with a token that is none, is elsewhere, or allows something else."""
    wrong = (f"Bearer {_STOLEN}", "Bearer", "", f"Basic {PROTECT}", f"Bearer {PROTECT}\xe9", CHECK)
    return place.choice(
        (
            _request("GET", "/v1/works", headers={"Authorization": place.choice(wrong)}),
            _request("GET", f"/v1/works?access_token={PROTECT}"),
            _request("GET", f"/v1/works?Token={PROTECT}", headers={"Authorization": None}),
            _request("GET", f"/v1/works/{CHECK}"),
            _request("POST", "/v1/works", b"x", {"Authorization": f"Bearer {CHECK}"}),
        )
    )


def _path(place: random.Random) -> bytes:
    """Ask for what lies elsewhere, or nowhere."""
    paths = (
        *("/../../etc/passwd", "/v1/works/..%2f..%2fsecret.key", "//etc/passwd", "/%00", "/v1/%ff"),
        *("/v1/works/%00", "/v1/works/" + "a" * 5000, "/v1/works?limit=0", "/v1/works?limit=1e9"),
        *(
            "/v1/works?after=../x",
            "/v1/works?after=%00",
            "/v1/works/' OR 1=1--".replace(" ", "%20"),
        ),
        *(
            "http://evil.example/v1/works/x",
            "/secret.key",
            "/docs",
            "/v1/health/",
            "*",
            "x",
            "/" * 900,
        ),
    )
    return _request("GET", place.choice(paths))


def _method(place: random.Random) -> bytes:
    method = place.choice(("DELETE", "PUT", "PATCH", "TRACE", "CONNECT", "BREW", "get", "G" * 300))
    return _request(method, place.choice(("/v1/works", "/v1/check", "/metrics")))


def _no_http(place: random.Random) -> bytes:
    """Speak something else."""
    return place.choice(
        (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + place.randbytes(200) + b"\r\n\r\n",
            b"GET / HTTP/9.9\r\nConnection: close\r\n\r\n",
            b"GET /v1/works\r\n\r\n",
            b"\r\n" * 5 + b"HELO evil\r\n\r\n",
            b"GET /v1/works HTTP/1.1\r\nHost: 127.0.0.1\r\nA\x00B: c\r\n\r\n",
            b"GET /v1/works HTTP/1.1\r\nno colon\r\n\r\n",
            b"PRI * HTTP/2.0\r\nConnection: close\r\n\r\nSM\r\n\r\n",
        )
    )


def _bad_key(place: random.Random) -> bytes:
    """Give a request a name that is too long, or empty."""
    key = place.choice(("", "k" * 256, "k" * 5000))
    return _request("POST", "/v1/protect", place.choice(_pictures()), {"Idempotency-Key": key})


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "cut picture": _cut,
    "bomb": _bomb,
    "other kind": _other_kind,
    "empty": _empty,
    "compressed": _encoded,
    "form": _form,
    "many parts": _many_parts,
    "json": _json,
    "option": _bad_option,
    "huge header": _huge_header,
    "length": _bad_length,
    "smuggled": _smuggled,
    "chunks": _chunked,
    "foreign": _foreign,
    "token": _token,
    "path": _path,
    "method": _method,
    "no http": _no_http,
    "key": _bad_key,
}
"""What makes a request, by what is wrong with it."""

_LYING_CHUNK = {"Content-Length": None, "Transfer-Encoding": "chunked"}
SLOW_REQUESTS = (
    *[(_request("POST", "/v1/check", length="9999"), b"HTTP/1.1 408")] * 3,
    (_request("POST", "/v1/check", b"ffffff\r\nhello", _LYING_CHUNK), b"HTTP/1.1 408"),
    *[(b"POST /v1/check HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", b"")] * 3,
    (b"", b""),
)
"""Heads of requests that go on a byte a second, and how the answer begins: whoever did not even
send all headers is not answered; the connection is closed."""
