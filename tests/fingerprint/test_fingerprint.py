"""The fingerprint record: round trips, versions, damage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.errors import PortfolioError
from ocguard.fingerprint import fingerprint as module
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint


@pytest.fixture(scope="module")
def sample(drawings):
    return describe(drawings.cel(300, 200, 4), with_standard_hashes=True)


def test_the_binary_form_reads_back(sample):
    """Nothing is lost but eighths of a pixel, and a second round trip changes nothing."""
    again = Fingerprint.from_bytes(sample.to_bytes())
    assert again == sample
    assert np.array_equal(again.local.descriptors, sample.local.descriptors)
    assert np.abs(again.local.points - sample.local.points).max() <= 1 / 16
    assert again.hashes == sample.hashes


def test_the_text_form_reads_back(sample):
    """Text is the same bytes."""
    text = sample.to_text()
    assert text.startswith("ocguard-fingerprint@1:")
    assert Fingerprint.from_text(text) == sample


def test_a_fingerprint_is_small(sample):
    """A work costs less than 60 kB beside its rendition."""
    assert len(sample.to_bytes()) < 60_000


@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b"", lambda b: b"XXXX" + b[4:]])
def test_damaged_bytes_are_refused(sample, change):
    """Truncated or foreign data is an error that says what to do."""
    with pytest.raises(PortfolioError, match="register the work again"):
        Fingerprint.from_bytes(change(sample.to_bytes()))


def test_another_version_is_refused(sample, monkeypatch):
    """Codes of different versions are never compared."""
    data = sample.to_bytes()
    monkeypatch.setattr(module, "FINGERPRINT_VERSION", 2)
    with pytest.raises(PortfolioError, match="version 1"):
        Fingerprint.from_bytes(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    """Hostile data never raises anything but the documented error."""
    with pytest.raises(PortfolioError):
        Fingerprint.from_bytes(b"OCFP\x01" + data)


@given(st.text(max_size=100))
def test_any_text_is_read_or_refused(text):
    """Hostile text never raises anything but an error that says what makes one."""
    for prefix in ("ocguard-fingerprint@1:", ""):
        with pytest.raises(PortfolioError, match="make it anew with 'ocguard fingerprint'"):
            Fingerprint.from_text(prefix + text)
