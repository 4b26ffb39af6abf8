"""Loaded by schemathesis: where a route takes a picture, it is sent one, as well as other bytes."""

import io

import schemathesis
from hypothesis import strategies
from PIL import Image


def _picture(spread: int) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((64, 64), spread).save(file, "PNG")
    return file.getvalue()


PICTURES = strategies.sampled_from([_picture(20 + i) for i in range(6)])
schemathesis.openapi.media_type("image/*", PICTURES)
schemathesis.openapi.format("binary", PICTURES)
