"""Promises of ocguard.web.api.admission, from a real server on loopback."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from serving import CHECK


@pytest.fixture(scope="module")
def picture(drawings) -> bytes:
    """Draw a picture that is not registered."""
    file = io.BytesIO()
    Image.fromarray(drawings.painterly(300, 280, 77)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("path", ["/v1/protect", "/v1/works"])
def test_a_token_for_checks_marks_nothing(server, path, picture) -> None:
    """403: the token is known, and not enough."""
    answer = server.call("POST", path, picture, CHECK)
    assert (answer.status, answer.json["code"]) == (403, "out-of-scope")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/check?also=b.sqlite3"),
        ("POST", "/v1/detect?recipient=studio"),
        ("POST", "/v1/fingerprint?title=a"),
        ("POST", "/v1/works?title=a"),
        ("GET", "/v1/works?limt=5"),
        ("GET", "/v1/works/0?limit=5"),
        ("GET", "/v1/platforms?name=x"),
        ("GET", "/v1/health?name=x"),
        ("GET", "/metrics?name=x"),
    ],
)
def test_an_option_that_an_address_does_not_take_is_refused(server, picture, method, path) -> None:
    """Left out, it would be lost without a word: a title, or a portfolio that was not searched."""
    answer = server.call(method, path, picture if method == "POST" else None)
    assert (answer.status, answer.json["code"]) == (422, "bad-option")
    assert path.partition("?")[2].partition("=")[0] in answer.json["detail"]


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/v1/protect?recipient=a&recipient=b", "recipient"),
        ("GET", "/v1/works?limit=1&limit=2", "limit"),
    ],
)
def test_an_option_that_is_said_twice_is_refused(server, picture, method, path, name) -> None:
    """One of the two would be passed over."""
    answer = server.call(method, path, picture if method == "POST" else None)
    assert (answer.status, answer.json["code"]) == (422, "bad-option")
    assert name in answer.json["detail"]


def test_platforms_may_be_several(server, picture) -> None:
    """The one option that is a list."""
    several = server.call("POST", "/v1/protect?for=x&for=bluesky&dry-run=true", picture)
    assert several.status == 200


@pytest.mark.parametrize("name", ["%C1%D6", "%ED%A0%80"])
def test_a_name_in_another_encoding_is_refused(server, picture, name) -> None:
    """All names in GBK would become one recipient of question marks, and share a mark."""
    answer = server.call("POST", f"/v1/protect?recipient={name}", picture)
    assert (answer.status, answer.json["code"]) == (422, "bad-option")
    assert "UTF-8" in answer.json["detail"]


def test_a_scope_comes_before_the_options(server, picture) -> None:
    """Who may not ask learns nothing of what could be asked."""
    answer = server.call("POST", "/v1/protect?titel=a", picture, CHECK)
    assert (answer.status, answer.json["code"]) == (403, "out-of-scope")
