"""Promises of ocguard.site.rules."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest

from ocguard.site.crawlers import known_crawlers
from ocguard.site.rules import headers, plain_url, robots_txt, server_files, tdmrep_json

TERMS = "https://example.org/条款/50%25?a=$host&b={env.HOME}"
PLAIN = "https://example.org/%E6%9D%A1%E6%AC%BE/50%25?a=%24host&b=%7Benv.HOME%7D"
EXPECTED = {"X-Robots-Tag": "noai, noimageai", "tdm-reservation": "1", "tdm-policy": PLAIN}
STARTED_SECONDS = 10
PROGRAMS = f"{os.environ.get('PATH', '')}:/usr/sbin"  # where Debian keeps servers


def test_ai_crawlers_are_asked_to_stay_out_and_others_are_not() -> None:
    """As a reader of the standard understands the file."""
    rules = RobotFileParser()
    rules.parse(robots_txt(known_crawlers()).splitlines())
    every = [name for names in known_crawlers().names.values() for name in names]
    assert [name for name in every if rules.can_fetch(name, "https://a.example/fox.png")] == []
    assert rules.can_fetch("Googlebot", "https://a.example/fox.png")
    assert rules.can_fetch("Mozilla/5.0", "https://a.example/fox.png")


def test_the_headers_reserve_and_name_the_terms() -> None:
    """Without terms there is no policy."""
    assert headers(TERMS) == EXPECTED
    assert headers().keys() == {"X-Robots-Tag", "tdm-reservation"}


def test_the_reservation_is_a_list_of_rules() -> None:
    """One, for the whole site."""
    assert json.loads(tdmrep_json()) == [{"location": "/", "tdm-reservation": 1}]
    (rule,) = json.loads(tdmrep_json(TERMS))
    assert rule["tdm-policy"] == PLAIN


@pytest.mark.parametrize("evil", ['"', "'", "$", "`", "{", "}", "\\", " ", "\n", "\t", "<", "^"])
def test_an_address_cannot_steer_a_server(evil: str) -> None:
    """What a configuration reads is written as a number."""
    assert evil not in plain_url(f"https://example.org/{evil}")


def free_port() -> int:
    """Find a port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def apache2(folder: Path, port: int) -> list[str]:
    """Serve the folder with Apache, which reads .htaccess."""
    modules = Path("/usr/lib/apache2/modules")
    names = ("mpm_event", "authz_core", "headers", "dir")
    loads = [f"LoadModule {name}_module {modules}/mod_{name}.so" for name in names]
    (folder / "site" / ".htaccess").write_text(server_files(EXPECTED)[".htaccess"])
    settings = [
        *loads,
        f"Listen 127.0.0.1:{port}",
        f"DocumentRoot {folder}/site",
        f"PidFile {folder}/pid",
        f"ErrorLog {folder}/log",
        "ServerName localhost",
        "User nobody",
        "Group nogroup",
        f"<Directory {folder}/site>",
        "AllowOverride All",
        "Require all granted",
        "</Directory>",
    ]
    (folder / "conf").write_text("\n".join(settings))
    return ["-X", "-f", str(folder / "conf")]


def nginx(folder: Path, port: int) -> list[str]:
    """Serve the folder with nginx."""
    lines = server_files(EXPECTED)["nginx.conf"]
    (folder / "conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{ }} http {{"
        f" access_log off; server {{ listen 127.0.0.1:{port}; root {folder}/site;\n{lines}}} }}"
    )
    return ["-p", str(folder), "-c", str(folder / "conf")]


def caddy(folder: Path, port: int) -> list[str]:
    """Serve the folder with Caddy."""
    lines = server_files(EXPECTED)["Caddyfile"]
    site = f"http://127.0.0.1:{port} {{\nroot * {folder}/site\nfile_server\n{lines}}}\n"
    (folder / "conf").write_text(f"{{\nadmin off\n}}\n{site}")
    return ["run", "--adapter", "caddyfile", "--config", str(folder / "conf")]


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[None]:
    """Run a server until the block ends."""
    program = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        program.terminate()
        program.wait(STARTED_SECONDS)


def answer(port: int) -> http.client.HTTPResponse:
    """Ask for the page as soon as the server listens."""
    deadline = time.monotonic() + STARTED_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=STARTED_SECONDS)
        try:
            connection.request("GET", "/index.html")
            return connection.getresponse()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        finally:
            connection.close()


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """Give a folder that servers can read, which drop the rights of root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "site").mkdir()
        (folder / "site" / "index.html").write_text("hello")
        yield folder


@pytest.mark.parametrize("server", [apache2, nginx, caddy])
def test_a_real_server_says_it(
    server: Callable[[Path, int], list[str]], public_folder: Path
) -> None:
    """With every answer, and word by word."""
    program = shutil.which(server.__name__, path=PROGRAMS)
    if program is None:
        pytest.skip(f"{server.__name__} is not installed")
    port = free_port()
    with running([program, *server(public_folder, port)], public_folder):
        got = answer(port)
    assert got.status == 200
    assert {name: got.getheader(name) for name in EXPECTED} == EXPECTED


def test_netlify_reads_one_block_for_every_path() -> None:
    """A path, then its headers, each set in."""
    lines = server_files(EXPECTED)["_headers"].splitlines()
    assert lines[0] == "/*"
    assert dict(line.strip().split(": ", 1) for line in lines[1:]) == EXPECTED
    assert all(line.startswith("  ") for line in lines[1:])
