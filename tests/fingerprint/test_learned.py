"""Learned descriptors: what is put into a network, and what may be wrong with one."""

import hashlib
import sys

import cv2
import numpy as np
import pytest

from networks import described
from ocguard.errors import DescriptorError, MissingExtraError
from ocguard.fingerprint.learned import LearnedDescriptor, parse_spec


def loaded(path):
    """Load a description with its model."""
    spec = parse_spec(path.read_text(encoding="utf-8"), str(path))
    return LearnedDescriptor(spec, (path.parent / spec.model).read_bytes(), str(path))


def cosine(one, other):
    """Compare two codes."""
    one, other = one.astype(float), other.astype(float)
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


@pytest.fixture
def picture(drawings):
    """Give one drawing."""
    return drawings.cel(300, 200, 3)


def test_a_copy_is_nearer_than_a_stranger(tmp_path, picture, drawings) -> None:
    """Resized and recompressed, a picture keeps its code."""
    descriptor = loaded(described(tmp_path))
    small = cv2.resize(picture, (150, 100), interpolation=cv2.INTER_AREA)
    copy = cv2.imdecode(cv2.imencode(".jpg", small)[1], cv2.IMREAD_COLOR)
    code = descriptor.describe(picture)
    assert code.dtype == np.int8
    assert cosine(code, descriptor.describe(copy)) > 0.98
    assert cosine(code, descriptor.describe(drawings.cel(300, 200, 4))) < 0.9


@pytest.mark.parametrize("kind", ["interleaved", "bytes"])
def test_the_layout_of_the_input_is_the_models(tmp_path, picture, kind) -> None:
    """Channels first or last, floats or bytes: the same network says the same."""
    planar = loaded(described(tmp_path / "planar")).describe(picture)
    other = loaded(described(tmp_path / kind, kind)).describe(picture)
    assert np.abs(planar.astype(int) - other).max() <= 2


def test_mean_std_and_color_order_are_applied(tmp_path, picture) -> None:
    """The tile means, computed here by hand, in the order asked for."""
    toml = described(tmp_path, color_order='"BGR"', mean="[0.1, 0.2, 0.3]", std="[1, 2, 4]")
    small = cv2.resize(picture, (32, 32), interpolation=cv2.INTER_AREA)[..., ::-1] / 255
    values = (small - [0.1, 0.2, 0.3]) / [1, 2, 4]
    tiles = values.reshape(8, 4, 8, 4, 3).mean(axis=(1, 3)).transpose(2, 0, 1)
    expected = (tiles - tiles.mean(axis=(1, 2), keepdims=True)).ravel()
    assert cosine(loaded(toml).describe(picture), expected) > 0.999


def test_the_id_changes_with_whatever_changes_codes(tmp_path) -> None:
    """Not with names or licenses."""
    ids = {
        parse_spec(described(tmp_path, **change).read_text(), "").descriptor_id
        for change in ({}, {"mean": "[0, 0, 0]"}, {"color_order": '"BGR"'}, {"name": '"other"'})
    }
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sha256": f'"{"0" * 64}"'}, "SHA-256 differs"),
        ({"output": '"logits"'}, "no output 'logits'"),
        ({"output": '"mean"'}, "one vector"),
        ({"input_size": "[64, 64]"}, "input_size"),
        ({"kind": "bytes", "mean": "[0.5, 0.5, 0.5]"}, "takes bytes"),
    ],
)
def test_a_model_that_is_not_as_described_is_refused(tmp_path, change, said) -> None:
    """The error names the file and what to change."""
    with pytest.raises(DescriptorError, match=said) as caught:
        loaded(described(tmp_path, **change))
    assert "net." in str(caught.value)


def test_a_file_that_is_no_model_is_refused(tmp_path) -> None:
    """Even with the right digest."""
    path = described(tmp_path, sha256=f'"{hashlib.sha256(b"no model").hexdigest()}"')
    (tmp_path / "net.onnx").write_bytes(b"no model")
    with pytest.raises(DescriptorError, match="no ONNX model"):
        loaded(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"license": ""}, "license"),
        ({"mean": "[0.5]"}, "mean"),
        ({"std": "[1, 1, 0]"}, "std"),
        ({"input_size": "[32, 0]"}, "input_size"),
        ({"color_order": '"GBR"'}, "color_order"),
        ({"sha256": '"12"'}, "sha256"),
        ({"model": '"../net.onnx"'}, "same folder"),
        ({"colour": '"RGB"'}, "colour"),
        ({"mean": "[a]"}, "TOML"),
    ],
)
def test_a_description_with_a_mistake_names_it(tmp_path, change, said) -> None:
    """And the file it is in."""
    path = described(tmp_path, **change)
    with pytest.raises(DescriptorError, match=said) as caught:
        parse_spec(path.read_text(), str(path))
    assert str(path) in str(caught.value)


def test_without_onnxruntime_the_extra_is_named(tmp_path, monkeypatch) -> None:
    """Instead of an import error."""
    path = described(tmp_path)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MissingExtraError, match=r"pip install onnxruntime$"):
        loaded(path)
