"""Promises of ``ocguard recover``."""

from __future__ import annotations

import http.server
import io
import threading
from collections.abc import Iterator
from typing import ClassVar

import c2pa
import pytest
from PIL import Image, PngImagePlugin

from credentials import chain_and_key


@pytest.fixture
def base(run, drawings, tmp_path):
    """Sign a picture; give what every call begins with."""
    Image.fromarray(drawings.cel(480, 360, 1)).save(tmp_path / "fox.png")
    home = ("--home", tmp_path / "home")
    asked = ("--c2pa", "--digital-source", "digitalCreation")
    plain = ("--creator", "Mira", "--visible", "none", "--jobs", "1")
    done = run(*home, "protect", tmp_path / "fox.png", "--out", "p", *asked, *plain)
    assert done.exit_code == 0
    return home


def copied(tmp_path) -> None:
    """Save a copy that lost its credentials."""
    with Image.open(tmp_path / "here" / "p" / "fox.png") as picture:
        picture.convert("RGB").save(tmp_path / "here" / "copy.jpg", quality=80)


def test_a_copy_gets_its_credentials_back_beside_it(run, base, tmp_path) -> None:
    """It is said what they are bound to; a second time nothing is overwritten."""
    copied(tmp_path)
    done = run(*base, "recover", "copy.jpg")
    assert done.exit_code == 0
    assert done.stdout.startswith("recovered copy.c2pa: work ")
    assert "bound to the protected file of " in done.stderr
    assert "Your mark in the copy's pixels links the two." in done.stderr
    assert (tmp_path / "here" / "copy.c2pa").read_bytes()[4:8] == b"jumb"
    assert run(*base, "recover", "copy.jpg").exit_code == 4
    assert run(*base, "recover", "copy.jpg", "--out", "other.c2pa").exit_code == 0


def test_the_protected_file_needs_no_recovery(run, base) -> None:
    """It is said to be that file."""
    done = run(*base, "recover", "p/fox.png")
    assert done.exit_code == 0
    assert "which is the protected file itself" in done.stderr


def test_a_work_alone_is_said_to_be_no_mark(run, base, tmp_path) -> None:
    """Somebody who reads the record must not think that a mark was read."""
    with Image.open(tmp_path / "here" / "p" / "fox.png") as picture:
        picture.convert("RGB").resize((144, 108)).save(tmp_path / "here" / "tiny.jpg", quality=30)
    done = run(*base, "recover", "tiny.jpg")
    assert done.exit_code == 0
    assert "No mark of yours was read in the copy." in done.stderr


def test_where_there_is_nothing_the_exit_code_says_so(run, base, drawings, tmp_path) -> None:
    """One for a stranger's picture, another for what cannot be read."""
    Image.fromarray(drawings.line_art(400, 400, 9)).save(tmp_path / "here" / "stranger.png")
    done = run(*base, "recover", "stranger.png")
    assert (done.exit_code, done.stdout) == (1, "nothing to recover for stranger.png\n")
    assert run(*base, "recover", "none.png").exit_code == 4


def test_a_chain_of_certificates_of_ones_own_signs(run, drawings, tmp_path) -> None:
    """Given as files; a key that does not fit is refused before any work."""
    chain, key = chain_and_key()
    for name, data in (("chain.pem", chain), ("key.pem", key)):
        (tmp_path / "here" / name).write_bytes(data)
    Image.fromarray(drawings.cel(320, 240, 1)).save(tmp_path / "here" / "fox.png")
    base = ("--home", tmp_path / "home", "protect", "fox.png", "--creator", "Mira", "--jobs", "1")
    files = ("--c2pa-certificates", "chain.pem", "--c2pa-key", "key.pem")
    answer = ("--digital-source", "digitalCreation")
    assert run(*base, "--out", "p", *files, *answer).exit_code == 0
    with c2pa.Reader(str(tmp_path / "here" / "p" / "fox.png")) as reader:
        assert '"Tests"' in reader.json()
    (tmp_path / "here" / "key.pem").write_bytes(chain_and_key("http://other.example/")[1])
    wrong = run(*base, "--out", "q", *files, *answer)
    assert wrong.exit_code == 4
    assert "key.pem is not the key of the first certificate in chain.pem" in wrong.stderr
    assert run(*base, "--out", "q", "--c2pa").exit_code == 2
    assert not (tmp_path / "here" / "q").exists()


class Server(http.server.BaseHTTPRequestHandler):
    """Answers nothing, and counts who asked."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Count a request."""
        self.asked.append(self.path)
        self.send_error(404)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """Listen on this computer; give the address, and collect the paths that are asked for."""
    Server.asked = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/"
        listening.shutdown()
        thread.join()


def remote(address: str, drawings) -> bytes:
    """Draw a picture that says its credentials lie at an address."""
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
        f' xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="{address}m.c2pa"/>'
        "</rdf:RDF></x:xmpmeta>"
    )
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet)
    buffer = io.BytesIO()
    Image.fromarray(drawings.cel(400, 300, 5)).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def test_no_suspect_makes_a_request(run, base, server, drawings, tmp_path) -> None:
    """Neither by a place for its credentials, nor by one for the state of a certificate.

    The library that signs would ask at the first, left to its defaults: so the server is heard.
    """
    here = tmp_path / "here"
    (here / "remote.png").write_bytes(remote(server, drawings))
    chain, key = chain_and_key(server + "ocsp")
    (here / "chain.pem").write_bytes(chain)
    (here / "key.pem").write_bytes(key)
    files = ("--c2pa-certificates", "chain.pem", "--c2pa-key", "key.pem")
    asked = ("--digital-source", "digitalCreation", "--visible", "none", "--jobs", "1")
    assert run(*base, "protect", "remote.png", "--out", "q", *files, *asked).exit_code == 0
    for suspect in ("remote.png", "q/remote.png"):
        assert run(*base, "check", suspect, "--jobs", "1").exit_code == 1
        assert run(*base, "detect", suspect, "--jobs", "1").exit_code in {0, 1}
        assert run(*base, "compare", suspect, "q/remote.png").exit_code in {0, 1}
        assert run(*base, "recover", suspect).exit_code == 0
        assert run(*base, "report", suspect, "--out", suspect[0] + "r").exit_code == 0
    assert Server.asked == []
    with pytest.raises(c2pa.C2paError):
        c2pa.Reader(str(here / "remote.png"))
    assert Server.asked == ["/m.c2pa"]
