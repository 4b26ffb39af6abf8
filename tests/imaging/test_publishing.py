"""Tests of publishing: a name shows a whole file or none, whatever happens meanwhile."""

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from ocguard.errors import ImageWriteError, OutputExistsError
from ocguard.imaging import publishing
from ocguard.imaging.publishing import prepared, publish

DATA = b"picture" * 1000


@pytest.fixture(params=["unnamed", "named"])
def either_way(request, monkeypatch):
    """Run a test with Linux's unnamed files, and with the hidden ones of other systems."""
    if request.param == "named":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    elif not hasattr(os, "O_TMPFILE"):
        pytest.skip("this system has no unnamed files")
    return request.param


def names(folder):
    """Everything in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("either_way")
class TestBothWays:
    """The promises hold with and without unnamed files."""

    def test_bytes_appear_under_their_name_alone(self, tmp_path):
        """The file is there whole, in a folder made for it, and nothing else is."""
        publish(tmp_path / "sub" / "狐狸.png", DATA)
        assert (tmp_path / "sub" / "狐狸.png").read_bytes() == DATA
        assert names(tmp_path / "sub") == ["狐狸.png"]

    def test_the_name_appears_only_when_published(self, tmp_path):
        """Between the two steps there is no name."""
        with prepared(tmp_path / "a.png", DATA) as output:
            assert not (tmp_path / "a.png").exists()
            output.publish()
            assert (tmp_path / "a.png").read_bytes() == DATA
        assert names(tmp_path) == ["a.png"]

    def test_what_is_not_published_leaves_nothing(self, tmp_path):
        """An error, or no call of publish, removes every trace."""
        with prepared(tmp_path / "a.png", DATA):
            pass
        with pytest.raises(RuntimeError, match="database"), prepared(tmp_path / "a.png", DATA):
            raise RuntimeError("database is full")
        assert names(tmp_path) == []

    def test_existing_files_stay(self, tmp_path):
        """Without leave to overwrite, the old file stays as it is."""
        (tmp_path / "a.png").write_bytes(b"old")
        with pytest.raises(OutputExistsError, match=r"a\.png exists already"):
            publish(tmp_path / "a.png", DATA)
        assert (tmp_path / "a.png").read_bytes() == b"old"
        assert names(tmp_path) == ["a.png"]

    def test_a_name_that_appears_meanwhile_wins(self, tmp_path):
        """The check and the naming are one step."""
        with prepared(tmp_path / "a.png", DATA) as output:
            (tmp_path / "a.png").write_bytes(b"other program")
            with pytest.raises(OutputExistsError):
                output.publish()
        assert (tmp_path / "a.png").read_bytes() == b"other program"
        assert names(tmp_path) == ["a.png"]

    def test_overwriting_replaces_at_once(self, tmp_path):
        """With leave, the new file takes the name; readers of the old one keep it."""
        (tmp_path / "a.png").write_bytes(b"old")
        with (tmp_path / "a.png").open("rb") as reader:
            publish(tmp_path / "a.png", DATA, overwrite=True)
            assert reader.read() == b"old"
        assert (tmp_path / "a.png").read_bytes() == DATA
        assert names(tmp_path) == ["a.png"]

    def test_a_link_is_replaced_not_followed(self, tmp_path):
        """Overwriting a symbolic link leaves what it points to."""
        (tmp_path / "art.png").write_bytes(b"art")
        (tmp_path / "a.png").symlink_to("art.png")
        publish(tmp_path / "a.png", DATA, overwrite=True)
        assert (tmp_path / "art.png").read_bytes() == b"art"
        assert not (tmp_path / "a.png").is_symlink()

    def test_names_of_255_bytes_are_published(self, tmp_path):
        """A name as long as the file system allows leaves room for the temporary one."""
        name = "画" * 83 + "ab.png"
        assert len(os.fsencode(name)) == 255
        publish(tmp_path / name, DATA)
        assert names(tmp_path) == [name]

    def test_a_failed_check_leaves_nothing(self, tmp_path):
        """The check sees the bytes, and what it raises stops everything."""
        seen = []

        def check(data):
            seen.append(data)
            raise ImageWriteError("the mark cannot be read back")

        with pytest.raises(ImageWriteError, match="read back"):
            publish(tmp_path / "a.png", DATA, check=check)
        assert seen == [DATA]
        assert names(tmp_path) == []

    def test_a_disk_that_is_full_leaves_nothing(self, tmp_path):
        """Half-written bytes are never seen; the system's error comes through."""
        resource = pytest.importorskip("resource")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
        try:
            with pytest.raises(OSError, match="large"):
                publish(tmp_path / "a.png", DATA)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, ignored)
        assert names(tmp_path) == []

    def test_bytes_that_read_back_otherwise_are_refused(self, tmp_path, monkeypatch):
        """A disk that returns other bytes than it got is caught before the name appears."""
        monkeypatch.setattr(publishing, "_write_through", lambda fd, data: os.write(fd, data[:-1]))
        with pytest.raises(ImageWriteError, match="reads back other bytes"):
            publish(tmp_path / "a.png", DATA)
        assert names(tmp_path) == []


@pytest.fixture
def no_links(monkeypatch):
    """A file system without hard links, as on memory cards."""

    def refuse(*_args, **_options):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("no_links")
def test_file_systems_without_links_are_served(tmp_path, monkeypatch):
    """Where hard links fail, the name is taken exclusively instead."""
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    publish(tmp_path / "a.png", DATA)
    assert names(tmp_path) == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == DATA
    with pytest.raises(OutputExistsError):
        publish(tmp_path / "a.png", b"new")
    assert (tmp_path / "a.png").read_bytes() == DATA


@pytest.mark.usefixtures("no_links")
@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="needs unnamed files")
def test_a_reserved_name_is_given_back(tmp_path):
    """If the file cannot take the name it reserved, the name goes away again."""
    with pytest.raises(OSError, match="no links"):
        publish(tmp_path / "a.png", DATA)
    assert names(tmp_path) == []


class TestInputs:
    """An input is never written over, whatever leads to it."""

    @pytest.mark.parametrize("way", ["same", "dots", "symlink", "hardlink", "folder link"])
    def test_outputs_that_are_inputs_are_refused(self, tmp_path, way):
        """The same path, a detour, a link: all are found."""
        art = tmp_path / "art"
        art.mkdir()
        source = art / "a.png"
        source.write_bytes(b"original")
        target = {
            "same": source,
            "dots": art / ".." / "art" / "a.png",
            "symlink": tmp_path / "b.png",
            "hardlink": tmp_path / "b.png",
            "folder link": tmp_path / "linked" / "a.png",
        }[way]
        if way == "symlink":
            target.symlink_to(source)
        elif way == "hardlink":
            os.link(source, target)
        elif way == "folder link":
            (tmp_path / "linked").symlink_to(art, target_is_directory=True)
        with pytest.raises(ImageWriteError, match="is the input itself"):
            publish(target, DATA, overwrite=True, inputs=[source])
        assert source.read_bytes() == b"original"

    def test_inputs_that_are_gone_do_not_matter(self, tmp_path):
        """A missing input refuses nothing else."""
        publish(tmp_path / "a.png", DATA, inputs=[tmp_path / "missing.png"])
        assert names(tmp_path) == ["a.png"]


KILLED = """
    import os, sys
    from pathlib import Path
    from ocguard.imaging import publishing
    if sys.argv[2] == "named" and hasattr(os, "O_TMPFILE"):
        del os.O_TMPFILE
    data = bytes(range(256)) * 40_000
    folder = Path(sys.argv[1])
    print("ready", flush=True)
    number = 0
    while True:
        with publishing.prepared(folder / f"{number}.png", data) as output:
            output.publish()
        number += 1
"""


def test_a_full_disk_is_told_of_the_persons_file(tmp_path):
    """Not of a name that ocguard made up, nor of another file that failed meanwhile."""
    target = tmp_path / "a.png"

    def fill(filename):
        with prepared(target, b"data"):
            raise OSError(errno.ENOSPC, "No space left on device", filename)

    for filename, told in (
        (None, target),
        (str(tmp_path / ".ocguard-0123.tmp"), target),
        ("other.png", "other.png"),
    ):
        with pytest.raises(OSError, match="No space") as caught:
            fill(filename)
        assert caught.value.filename == str(told)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
@pytest.mark.parametrize("way", ["unnamed", "named"])
def test_a_killed_process_leaves_whole_files_only(tmp_path, way):
    """After kill -9 at random moments every visible name holds all of its bytes."""
    script = textwrap.dedent(KILLED)
    whole = bytes(range(256)) * 40_000
    source = str(Path(publishing.__file__).parents[2])
    for delay in (0.05, 0.11, 0.17):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path), way],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": source},
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
        for path in tmp_path.iterdir():
            if not path.name.startswith(".ocguard-"):
                assert path.read_bytes() == whole
            elif way == "unnamed":
                pytest.fail("an unnamed file left a name behind")
            path.unlink()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that takes nothing")
def test_a_folder_that_takes_nothing_is_told_by_the_output() -> None:
    """Nobody knows the temporary name that the system speaks of."""
    with pytest.raises(OSError, match="/proc/a") as raised:
        publish("/proc/a.png", b"whole")
    assert raised.value.filename == "/proc/a.png"
