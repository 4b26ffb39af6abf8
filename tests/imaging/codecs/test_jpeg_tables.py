"""Promises of ocguard.imaging.codecs.jpeg_tables."""

import pytest

from ocguard.imaging.codecs.jpeg_tables import estimated_quality
from ocguard.imaging.formats import decode


@pytest.mark.parametrize("quality", [10, 50, 75, 90, 95, 100])
def test_quality_is_read_from_the_tables(saved, drawings, quality):
    """Libjpeg's own qualities are found exactly."""
    assert decode(saved(drawings.cel(16, 16), "JPEG", quality=quality)).carried.quality == quality


def test_tables_of_another_length_have_no_quality():
    """Only 64 numbers are a table."""
    assert estimated_quality([1, 2, 3]) is None


def test_a_table_that_quantizes_more_finely_has_a_higher_quality():
    """Flat tables, as cameras have them, are placed between libjpeg's."""
    qualities = [estimated_quality([step] * 64) for step in (1, 4, 16, 60, 255)]
    assert qualities == sorted(qualities, reverse=True)
    assert qualities[0] == 100
    assert qualities[-1] == 1
