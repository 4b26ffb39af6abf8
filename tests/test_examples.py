"""Every example runs, stays short, and does what it says."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import io
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import cv2
import numpy as np
import pytest
from PIL import Image

import ocguard
from broker import running_broker
from ocguard.creator import Profile
from ocguard.home import Home

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SCRIPTS = sorted(path for path in EXAMPLES.iterdir() if path.suffix in {".py", ".sh"})
MAX_LINES = 30
ART_BYTES = 4_000_000
OnPicture = Callable[[bytes, str], tuple[str, bytes]]
REDRAWN_TOLERANCE = 1.0  # mean grey levels between versions of OpenCV, NumPy and Pillow


def run(
    folder: Path, script: str, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run an example in a folder of its own, as a person does."""
    interpreter = [sys.executable] if script.endswith(".py") else ["sh"]
    environment = {
        **os.environ,
        "OCGUARD_HOME": str(folder / "home"),
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONIOENCODING": "utf-8",
        **variables,
    }
    return subprocess.run(
        [*interpreter, str(EXAMPLES / script), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def put_on_path(folder: Path) -> None:
    """Give the shell of :func:`run` an ``ocguard`` that is this one."""
    (folder / "bin").mkdir(exist_ok=True)
    command = folder / "bin" / "ocguard"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ocguard "$@"\n', encoding="utf-8")
    command.chmod(0o755)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one picture has been protected by the example, with a stolen part."""
    folder = tmp_path_factory.mktemp("studio")
    (folder / "art").mkdir()
    shutil.copy(EXAMPLES / "art" / "oak_ranger.png", folder / "art")
    done = run(folder, "protect_folder.py", "art")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("protected")
    (folder / "submissions").mkdir()
    with Image.open(folder / "protected" / "oak_ranger.png") as picture:
        width, height = picture.size
        part = picture.crop((width // 8, height // 8, width, height * 7 // 8))
        part.save(folder / "submissions" / "stolen.jpg", quality=60)
    return folder


class _Receiver(BaseHTTPRequestHandler):
    """Keep what is uploaded, with the token that came with it."""

    server: Uploads

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received[self.path] = (self.headers["Authorization"], data)
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Uploads(ThreadingHTTPServer):
    """A server that pictures are uploaded to."""

    received: dict[str, tuple[str, bytes]]


@pytest.fixture
def uploads() -> Iterator[Uploads]:
    """A server on this machine."""
    with Uploads(("127.0.0.1", 0), _Receiver) as server:
        server.received = {}
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def small() -> bytes:
    """A part of a picture, since scripts that mark large ones take seconds."""
    file = io.BytesIO()
    with Image.open(EXAMPLES / "art" / "oak_ranger.png") as picture:
        picture.crop((300, 300, 800, 800)).save(file, "PNG")
    return file.getvalue()


def test_examples_are_short() -> None:
    """A script of at most 30 lines can be read in a minute."""
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in SCRIPTS}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_the_first_steps_recognize_the_copy(tmp_path: Path) -> None:
    """The README's first command leaves pictures to look at and ends with the right verdict."""
    done = run(tmp_path, "first_steps.py", TMPDIR=str(tmp_path), TEMP=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "near-copy" in done.stdout
    assert "lantern_keeper" in done.stdout
    assert "--creator 'Aki Example'" in done.stdout
    assert "secret key" not in done.stderr  # it is gone when the reader could look for it
    (folder,) = tmp_path.glob("first-steps-*")
    assert str(folder / "side_by_side.jpg") in done.stdout
    assert {"protected", "side_by_side.jpg", "stolen.jpg"} == {
        path.name for path in folder.iterdir()
    }


def test_a_suspect_is_judged_with_evidence(studio: Path) -> None:
    """The check example names the verdict, the work and the mark."""
    done = run(studio, "check_suspect.py", "submissions/stolen.jpg")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("near-copy")
    assert "oak_ranger.png" in done.stdout
    assert "carries mark" in done.stdout


def test_an_example_without_its_argument_says_which(studio: Path) -> None:
    """No traceback."""
    done = run(studio, "check_suspect.py")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("python check_suspect.py SUSPECT.")


def test_a_leak_is_traced_to_its_recipient(tmp_path: Path) -> None:
    """Of three copies, the mirrored and smaller one is the magazine's."""
    done = run(tmp_path, "trace_leak.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith("found, Magazine")


@pytest.mark.parametrize("name", ["before_after", "close_up", "invisible_mark", "layouts"])
def test_a_picture_of_the_pages_is_made(name: str, tmp_path: Path) -> None:
    """The pictures that README and docs show can be made again."""
    done = run(tmp_path, f"{name}.py")
    assert done.returncode == 0, done.stderr
    with (
        Image.open(tmp_path / f"{name}.jpg") as sheet,
        Image.open(EXAMPLES / f"{name}.jpg") as shown,
    ):
        assert sheet.size == shown.size


@pytest.mark.skipif(not shutil.which("sh"), reason="needs a POSIX shell")
def test_the_pipeline_lets_marked_pictures_pass_and_stops_copies(studio: Path) -> None:
    """Exit codes: 0 when all carry the mark and nothing copies, 1 otherwise."""
    put_on_path(studio)
    (studio / "clean").mkdir(exist_ok=True)
    shutil.copy(EXAMPLES / "art" / "hill_at_dusk.jpg", studio / "clean")
    passed = run(studio, "verify_pipeline.sh", "protected", "clean")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "no submission copies" in passed.stdout
    stopped = run(studio, "verify_pipeline.sh", "protected", "submissions")
    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    assert run(studio, "verify_pipeline.sh", "clean", "clean").returncode == 1


@pytest.mark.skipif(not shutil.which("sh"), reason="needs a POSIX shell")
def test_the_pipeline_tells_apart_why_it_could_not_verify(tmp_path: Path) -> None:
    """Wrong usage, unreadable pictures and a missing key are mended by different people."""
    put_on_path(tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.png").write_bytes(b"broken")
    keyless = run(tmp_path, "verify_pipeline.sh", "broken", "broken")
    assert (keyless.returncode, "key import" in keyless.stderr) == (4, True)
    Home(tmp_path / "home").create(Profile("Mo"))
    assert run(tmp_path, "verify_pipeline.sh", "broken", "broken").returncode == 3
    (tmp_path / "empty").mkdir()
    nothing = run(tmp_path, "verify_pipeline.sh", "empty", "broken")
    assert (nothing.returncode, "no pictures in empty" in nothing.stderr) == (2, True)
    (tmp_path / "ocguard.toml").write_text("nonsense = 1", encoding="utf-8")
    assert run(tmp_path, "verify_pipeline.sh", "broken", "broken").returncode == 2


@pytest.mark.parametrize(
    "script",
    [
        "upload.py",
        pytest.param(
            "upload.sh",
            marks=pytest.mark.skipif(
                not (shutil.which("sh") and shutil.which("curl")), reason="needs sh and curl"
            ),
        ),
    ],
)
def test_only_marked_pictures_are_uploaded(
    script: str, uploads: Uploads, small: bytes, tmp_path: Path
) -> None:
    """What arrives is the protected file with the token; nothing does where a mark is missing."""
    put_on_path(tmp_path)
    Home(tmp_path / "home").create(Profile("Mo"))
    for folder in ("tiny", "new", "later"):
        (tmp_path / folder).mkdir()
    emote = tmp_path / "tiny" / "emote.png"
    Image.new("RGB", (32, 32), "teal").save(emote)
    pictures = [tmp_path / folder / "oak [ranger].png" for folder in ("new", "later")]
    pictures[0].write_bytes(small)
    Image.open(io.BytesIO(small)).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(pictures[1])
    url = f"http://127.0.0.1:{uploads.server_port}/art/"

    def upload(path: Path) -> subprocess.CompletedProcess[str]:
        source = path.parent if script.endswith(".sh") else path
        return run(tmp_path, script, url, str(source), UPLOAD_TOKEN="t0ken")

    assert upload(emote).returncode == 1
    assert uploads.received == {}
    sent = []
    for picture in pictures:
        done = upload(picture)
        assert done.returncode == 0, done.stderr
        ((path, (token, data)),) = uploads.received.items()
        assert (unquote(path), token) == (f"/art/{picture.name}", "Bearer t0ken")
        sent.append(data)
    assert sent[0] != sent[1]
    assert not list(tmp_path.glob("ready*"))


@pytest.mark.skipif(not shutil.which("sh"), reason="needs sh")
@pytest.mark.parametrize("script", ["upload.sh", "verify_pipeline.sh"])
def test_a_script_that_is_called_wrongly_says_how(script: str, tmp_path: Path) -> None:
    """All of what it says of itself at its top, and not a word of the shell's."""
    done = run(tmp_path, script)
    assert done.returncode == 2
    about = itertools.takewhile(
        lambda line: line.startswith("# "),
        (EXAMPLES / script).read_text(encoding="utf-8").splitlines()[1:],
    )
    assert done.stderr.splitlines() == [line.removeprefix("# ") for line in about]


@pytest.mark.skipif(not (shutil.which("sh") and shutil.which("curl")), reason="needs sh and curl")
def test_a_folder_in_the_folder_is_not_called_uploaded(
    uploads: Uploads, small: bytes, tmp_path: Path
) -> None:
    """Its pictures would stay behind unseen: nothing is uploaded, and the words say why."""
    put_on_path(tmp_path)
    Home(tmp_path / "home").create(Profile("Mo"))
    (tmp_path / "new" / "sketches").mkdir(parents=True)
    (tmp_path / "new" / "sketches" / "oak.png").write_bytes(small)
    stopped = run(tmp_path, "upload.sh", f"http://127.0.0.1:{uploads.server_port}/art/", "new")
    assert (stopped.returncode, uploads.received) == (2, {})
    assert "new has folders in it" in stopped.stderr


@pytest.fixture
def on_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OnPicture:
    """The bot of one artist, whose id is 7."""
    monkeypatch.setenv("OCGUARD_HOME", str(tmp_path))
    monkeypatch.setenv("BOT_ARTISTS", "7")
    Home(tmp_path).create(Profile("Mo"))
    bot = importlib.reload(importlib.import_module("bot"))
    return lambda data, sender: asyncio.run(bot.on_picture(data, sender))


def test_the_bot_answers_with_the_protected_picture(on_picture: OnPicture, small: bytes) -> None:
    """The file that comes back carries the mark."""
    said, data = on_picture(small, "7")
    assert said.startswith("Here it is, protected.")
    assert ocguard.detect(data).verdict == "found"


@pytest.mark.parametrize(
    ("data", "sender", "reason"),
    [
        (b"no picture", "7", "It was not protected"),
        (b"anything", "8", "my own artist only"),
        (bytes(25_000_001), "7", "larger than 25 MB"),
    ],
    ids=["no picture", "a stranger", "too large"],
)
def test_the_bot_says_why_it_protects_nothing(
    on_picture: OnPicture, data: bytes, sender: str, reason: str
) -> None:
    """No exception ends it, and nothing is registered for a stranger."""
    said, answer = on_picture(data, sender)
    assert (reason in said, answer) == (True, b"")


SHELLCHECK = shutil.which("shellcheck", path=sysconfig.get_path("scripts")) or shutil.which(
    "shellcheck"
)


@pytest.mark.skipif(SHELLCHECK is None, reason="needs shellcheck")
@pytest.mark.parametrize("script", [path.name for path in SCRIPTS if path.suffix == ".sh"])
def test_the_shell_scripts_have_no_known_mistake(script: str) -> None:
    """Shellcheck finds nothing."""
    done = subprocess.run(
        [str(SHELLCHECK), script], cwd=EXAMPLES, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_art_is_compact_and_of_every_kind() -> None:
    """Five pictures of under 4 MB: color, transparent, grey, line art, painted."""
    art = sorted((EXAMPLES / "art").iterdir())
    assert sum(path.stat().st_size for path in art) < ART_BYTES
    modes = {}
    for path in art:
        with Image.open(path) as picture:
            modes[path.stem] = picture.mode
            assert 1100 <= max(picture.size) <= 1600
    assert modes == {
        "hill_at_dusk": "RGB",
        "lantern_keeper": "RGB",
        "moon_cat": "RGBA",
        "oak_ranger": "L",
        "storm_swordsman": "L",
    }


@pytest.mark.parametrize("name", ["moon_cat", "storm_swordsman"])
def test_the_art_comes_from_its_code(name: str, tmp_path: Path) -> None:
    """Drawing a character again gives the committed picture."""
    importlib.import_module("draw_characters").main([name], tmp_path)
    drawn, committed = (
        cv2.imread(str(folder / f"{name}.png"), cv2.IMREAD_UNCHANGED)
        for folder in (tmp_path, EXAMPLES / "art")
    )
    assert drawn.shape == committed.shape
    assert np.abs(drawn.astype(int) - committed).mean() < REDRAWN_TOLERANCE


@pytest.mark.skipif(not shutil.which("redis-server"), reason="needs redis-server (Debian)")
def test_a_queue_whose_consumer_is_killed_answers_each_suspect_once(
    studio: Path, tmp_path: Path
) -> None:
    """One that stood still in the middle of a suspect is killed; another one takes over."""
    redis = pytest.importorskip("redis")
    suspects = [studio / "submissions" / "stolen.jpg"]
    with Image.open(suspects[0]) as picture:
        for quality in (30, 40, 50, 70):
            suspects.append(tmp_path / f"{quality}.jpg")
            picture.save(suspects[-1], quality=quality)
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in suspects}
    with running_broker(tmp_path) as address, redis.Redis.from_url(address) as server:
        server.xgroup_create("suspects", "checkers", "0", mkstream=True)
        for path in (*suspects, suspects[0]):
            server.xadd("suspects", {"path": str(path)})
        first = consumer(studio, address, "first")
        while not stopped_at_work(first, server):
            time.sleep(0.02)
        first.kill()
        first.wait()
        assert 0 < server.hlen("answers") < len(digests)
        second = consumer(studio, address, "second")
        while is_left(server):
            time.sleep(0.1)
            assert second.poll() is None
        second.kill()
        second.wait()
        answers = {
            name.decode(): json.loads(text) for name, text in server.hgetall("answers").items()
        }
    assert answers.keys() == digests
    assert {one["status"] for one in answers.values()} == {"done"}


@pytest.mark.skipif(not shutil.which("redis-server"), reason="needs redis-server (Debian)")
def test_what_fails_three_times_is_a_dead_letter_with_its_reason(
    studio: Path, tmp_path: Path
) -> None:
    """A picture that is not there, and a message that ends every consumer; nothing comes again."""
    redis = pytest.importorskip("redis")
    with running_broker(tmp_path) as address, redis.Redis.from_url(address) as server:
        server.xgroup_create("suspects", "checkers", "0", mkstream=True)
        letters = {
            server.xadd("suspects", {"path": str(tmp_path / "none.png")}): "none.png",
            server.xadd("suspects", {"nonsense": "path"}): "each consumer that had it died",
        }
        while is_left(server):
            one = consumer(studio, address, "one", idle_ms="100")
            while one.poll() is None and is_left(server):
                time.sleep(0.05)
            one.kill()
            one.wait()
        dead = {number: json.loads(text) for number, text in server.hgetall("dead").items()}
        assert server.hlen("answers") == 0
    assert dead.keys() == letters.keys()
    assert all(reason in dead[number]["reason"] for number, reason in letters.items())


def consumer(
    studio: Path, address: str, name: str, idle_ms: str = "1000"
) -> subprocess.Popen[bytes]:
    """Start a consumer that takes over at once what another one does not answer."""
    given = {"OCGUARD_HOME": str(studio / "home"), "REDIS_URL": address}
    command = [sys.executable, EXAMPLES / "queue_consumer.py", name, idle_ms]
    return subprocess.Popen(command, env={**os.environ, **given}, cwd=studio)


def is_left(server: Any) -> bool:
    """Tell whether a message waits, or a consumer has one."""
    return bool(server.xinfo_groups("suspects")[0]["lag"] or at_work(server))


def at_work(server: Any) -> int:
    """Count the suspects that a consumer has and has not answered."""
    return int(server.xpending("suspects", "checkers")["pending"])


def stopped_at_work(process: subprocess.Popen[bytes], server: Any) -> bool:
    """Let a process stand still; tell whether it has an answer behind it and a suspect in work."""
    process.send_signal(signal.SIGSTOP)
    if server.hlen("answers") and at_work(server):
        return True
    process.send_signal(signal.SIGCONT)
    return False
