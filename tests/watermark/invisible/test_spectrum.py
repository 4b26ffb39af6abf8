"""Promises of ocguard.watermark.invisible.spectrum."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.watermark.invisible.spectrum import POWER_CAP, SPECTRUM_PX, take_spectrum

SIZE_PX = (400, 300)


def noise(seed: int = 0, size: tuple[int, int] = SIZE_PX) -> np.ndarray:
    """Return white noise."""
    return np.random.default_rng(seed).normal(0, 3, size[::-1]).astype(np.float32)


def tone(x: float, y: float, phase: float = 0.0) -> np.ndarray:
    """Return a tone of a frequency in bins, with a phase at the middle pixel of the plane."""
    width, height = SIZE_PX
    rows, columns = np.indices((height, width))
    turns = (x * (columns - width // 2) + y * (rows - height // 2)) / SPECTRUM_PX
    return np.cos(2 * np.pi * turns + phase).astype(np.float32)


@pytest.mark.parametrize("size", [SIZE_PX, (512, 512), (37, 512)])
def test_noise_has_a_mean_power_of_one(size) -> None:
    """Whatever its strength and the size of the plane; the power is capped."""
    spectrum = take_spectrum(noise(size=size))
    assert np.square(np.abs(spectrum.coefficients)).mean() == pytest.approx(1, rel=0.1)
    assert spectrum.power.max() <= POWER_CAP
    assert spectrum.coefficients.shape == spectrum.power.shape == (SPECTRUM_PX, SPECTRUM_PX // 2)


def test_colored_noise_is_made_white() -> None:
    """Each region of the spectrum is measured against its own noise."""
    brown = np.cumsum(noise(), axis=1)
    power = take_spectrum(brown - brown.mean()).power
    assert power[:, 100:150].mean() == pytest.approx(power[:, 400:450].mean(), rel=0.15)


@pytest.mark.parametrize(("x", "y"), [(60, 0), (80.5, -33.25), (-45, 91), (200, 120)])
@pytest.mark.parametrize("phase", [0.0, 1.1, -2.5])
def test_a_tone_stands_at_its_frequency_with_its_phase(x, y, phase) -> None:
    """Between bins and in the left half too; phases are those at the middle."""
    spectrum = take_spectrum(noise() + tone(x, y, phase))
    (found,) = spectrum.at(np.array([(x, y)], float))
    assert np.abs(found) > 10
    assert np.angle(found * np.exp(-1j * phase)) == pytest.approx(0, abs=0.25)
    assert spectrum.power_at(np.array([(x, y)], float))[0] == POWER_CAP


def test_opposite_frequencies_are_conjugate() -> None:
    """The picture is real."""
    spectrum = take_spectrum(noise())
    at = np.random.default_rng(1).uniform(-400, 400, (50, 2))
    assert np.allclose(spectrum.at(at), np.conj(spectrum.at(-at)))
    assert np.array_equal(spectrum.power_at(at), spectrum.power_at(-at))


@pytest.mark.parametrize("outside", [(600, 0), (0, -511), (511.5, 30), (-800, 800)])
def test_beyond_the_highest_frequency_there_is_nothing_to_see(outside) -> None:
    """No coefficient, and the power of mere noise."""
    spectrum = take_spectrum(noise())
    at = np.array([outside], float)
    assert spectrum.at(at)[0] == 0
    assert spectrum.power_at(at)[0] == 1


def test_a_blank_plane_has_no_power() -> None:
    """Zero, not a division by zero."""
    spectrum = take_spectrum(np.zeros((40, 50), np.float32))
    assert not spectrum.power.any()
    assert spectrum.middle == (25, 20)
