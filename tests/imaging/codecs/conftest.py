"""Files that the tests of several codecs need."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import tifffile


@pytest.fixture(scope="session")
def tiff_file() -> Callable[..., bytes]:
    """Give ``tiff_file(pixels, **options)``: a TIFF as tifffile writes it."""

    def write(pixels: np.ndarray, **options: Any) -> bytes:
        out = BytesIO()
        tifffile.imwrite(out, pixels, metadata=None, **options)
        return out.getvalue()

    return write
