"""Promises of ocguard.workflows.check.look_alikes."""

from __future__ import annotations

import pickle
import shutil

import pytest

from networks import described
from ocguard.errors import DescriptorError
from ocguard.imaging.rendition import flatten
from ocguard.workflows.check.descriptors import find_descriptor
from ocguard.workflows.check.look_alikes import LookAlikeSearch, ready_codes
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.works import small_view
from ocguard.workflows.sources import load

pytest.importorskip("onnxruntime")


class Codes:
    """A portfolio of four works, a descriptor, and a folder for the codes."""

    def __init__(self, folder, drawings) -> None:
        from ocguard.workflows.home.workspace import Workspace

        self.workspace = Workspace.at(folder / "home")
        self.pictures = [drawings.cel(120, 100, seed) for seed in range(4)]
        self.ids = []
        for pixels in self.pictures:
            assert add_one(self.workspace, pixels).error is None
            self.ids.append(load(pixels).pixel_sha256[:16])
        self.found = find_descriptor(str(described(folder / "net")))
        self.folder = folder / "index"

    def ready(self) -> tuple[list[int], LookAlikeSearch]:
        """Make the codes ready; say what had to be described."""
        announced: list[int] = []
        with self.workspace.open_store() as store:
            of_state = self.folder / store.state()
            folder = ready_codes(store, self.found, of_state, announced.append)
        return announced, LookAlikeSearch(self.found, (folder,))

    def nearest(self, search: LookAlikeSearch, number: int) -> str:
        """Name the work nearest to one of the pictures."""
        view = small_view(load(self.pictures[number]).picture)
        return search.nearest(flatten(view.rgb, view.alpha))[0].work_id


@pytest.fixture
def codes(tmp_path, drawings) -> Codes:
    """Four works that nobody described yet."""
    return Codes(tmp_path, drawings)


def test_each_work_is_nearest_to_its_own_picture(codes) -> None:
    """Described once; the second time nothing is left to do."""
    announced, search = codes.ready()
    assert announced == [4]
    assert [codes.nearest(search, number) for number in range(4)] == codes.ids
    assert codes.ready()[0] == []


def test_only_a_new_work_is_described(codes, drawings) -> None:
    """And found at once."""
    codes.ready()
    codes.pictures.append(drawings.painterly(120, 100, 9))
    assert add_one(codes.workspace, codes.pictures[-1]).error is None
    announced, search = codes.ready()
    assert announced == [1]
    assert codes.nearest(search, 4) == load(codes.pictures[4]).pixel_sha256[:16]


@pytest.mark.parametrize("damage", ["missing", "cut", "no array"])
def test_damaged_arrays_are_made_again_without_describing(codes, damage) -> None:
    """They are a cache: the portfolio holds the codes."""
    _, search = codes.ready()
    file = search.folders[0] / "codes.npy"
    whole = file.read_bytes()
    if damage == "missing":
        shutil.rmtree(search.folders[0])
    else:
        file.write_bytes(whole[:-9] if damage == "cut" else b"no array")
    announced, again = codes.ready()
    assert announced == []
    assert file.read_bytes() == whole
    assert codes.nearest(again, 2) == codes.ids[2]


def test_no_draft_is_left_behind(codes) -> None:
    """The folder appears whole."""
    _, search = codes.ready()
    (of_state,) = codes.folder.iterdir()
    assert list(of_state.iterdir()) == [search.folders[0]]


def test_a_search_crosses_to_a_worker_without_its_arrays(codes) -> None:
    """Each process maps its own; one that finds them gone says what to do."""
    _, search = codes.ready()
    codes.nearest(search, 0)
    again = pickle.loads(pickle.dumps(search))
    assert vars(again).keys() == {"found", "folders", "with_mirror"}
    assert codes.nearest(again, 1) == codes.ids[1]
    shutil.rmtree(search.folders[0])
    with pytest.raises(DescriptorError, match="delete it, it is made again"):
        codes.nearest(pickle.loads(pickle.dumps(search)), 1)
