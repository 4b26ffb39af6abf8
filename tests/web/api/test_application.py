"""Promises of ocguard.web.api.application, from a real server on loopback."""

from __future__ import annotations

import email
import io
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from email.message import Message

import numpy as np
import pytest
from PIL import Image

import ocguard
from ocguard.web.problems import MEDIA_TYPE
from serving import CHECK

ROUTES = [
    ("POST", "/v1/protect"),
    ("POST", "/v1/check"),
    ("POST", "/v1/detect"),
    ("POST", "/v1/fingerprint"),
    ("POST", "/v1/works"),
    ("GET", "/v1/works"),
    ("GET", "/v1/works/0"),
    ("GET", "/v1/platforms"),
    ("GET", "/v1/health"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
]
NOWHERE = [("GET", "/"), ("GET", "/v1"), ("GET", "/v1/health/"), ("GET", "/docs"), ("PUT", "/x")]


def png(pixels) -> bytes:
    """Encode a picture."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def picture(drawings) -> bytes:
    """Draw a picture that is not registered."""
    return png(drawings.painterly(300, 280, 77))


def form(*files: tuple[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """Build a form with files, and its header."""
    head = '--xx\r\nContent-Disposition: form-data; name="picture"; filename="{}"\r\n\r\n'
    parts = [head.format(name).encode() + data + b"\r\n" for name, data in files]
    return b"".join(parts) + b"--xx--\r\n", {"Content_Type": "multipart/form-data; boundary=xx"}


@pytest.mark.parametrize(("method", "path"), [*ROUTES, *NOWHERE])
def test_every_path_without_a_token_is_401(server, method, path) -> None:
    """Those that are not there too; nothing redirects."""
    answer = server.call(method, path, b"x" if method == "POST" else None, token="")
    assert (answer.status, answer.json["code"]) == (401, "no-token")
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/health/", 404),
        ("GET", "/v1/works/..%2f..%2fetc", 404),
        ("GET", "/v1/works/../../etc/passwd", 404),
        ("GET", "/..", 404),
        ("GET", "/docs", 404),
        ("DELETE", "/v1/works", 405),
        ("GET", "/v1/protect", 405),
    ],
)
def test_what_is_not_there_is_a_problem(server, method, path, status) -> None:
    """A path leads nowhere else."""
    answer = server.call(method, path)
    assert (answer.status, answer.headers["content-type"]) == (status, MEDIA_TYPE)


def test_a_wrong_method_is_told_the_right_ones(server) -> None:
    """All of them, though each has a route of its own."""
    assert server.call("DELETE", "/v1/works").headers["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("path", [path for method, path in ROUTES if method == "GET"])
def test_head_is_get_without_a_body(server, path) -> None:
    """RFC 9110, section 9.3.2: the same status and headers."""
    head, got = server.call("HEAD", path), server.call("GET", path)
    assert (head.status, head.data) == (got.status, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
    if path != "/metrics":  # which counts what was asked before
        assert head.headers["content-length"] == got.headers["content-length"]


def test_head_is_no_method_of_what_is_posted(server) -> None:
    """It is told what is."""
    answer = server.call("HEAD", "/v1/protect")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


def test_check_answers_as_the_command_line_does(server, gallery) -> None:
    """The same record, but for the name and the time, to a token that may protect too."""
    file = gallery.art / "soft.jpg"
    record = server.call("POST", "/v1/check", file.read_bytes()).json
    said = json.loads(json.dumps(ocguard.check(file, home=gallery.home).to_dict()))
    changing = {"input": "", "seconds": 0}
    assert {**record, **changing} == {**said, **changing}


def test_several_pictures_are_answered_line_by_line(server, gallery, picture) -> None:
    """Each with its record; one that fails stops no other."""
    files = [(name, (gallery.art / name).read_bytes()) for name in ("cel.png", "soft.jpg")]
    body, headers = form(files[0], ("broken.png", b"broken"), files[1])
    answer = server.call("POST", "/v1/check", body, CHECK, **headers)
    records = [json.loads(line) for line in answer.data.splitlines()]
    assert [one["input"] for one in records] == ["cel.png", "broken.png", "soft.jpg"]
    assert [one["verdict"] for one in records] == ["identical", None, "identical"]


def test_a_fingerprint_alone_names_candidates(server, gallery) -> None:
    """The picture stays where it is, and the verdict is at most "cannot tell"."""
    data = (gallery.art / "cel.png").read_bytes()
    told = server.call("POST", "/v1/fingerprint", data, CHECK).json
    body = json.dumps({"fingerprint": told["fingerprint"]}).encode()
    found = server.call("POST", "/v1/check", body, CHECK, Content_Type="application/json").json
    assert found["verdict"] == "cannot-tell"
    assert found["candidates"][0]["work_id"] == gallery.protected("cel.png").work_id
    assert "marks" in found["reason_values"]["not_compared"]


@pytest.mark.parametrize("text", ["", "ocguard-fingerprint@1:AAAA", "ocguard-fingerprint@9:"])
def test_what_is_no_fingerprint_is_refused(server, text) -> None:
    """Of whatever version."""
    body = json.dumps({"fingerprint": text}).encode()
    answer = server.call("POST", "/v1/check", body, CHECK, Content_Type="application/json")
    assert (answer.status, answer.json["code"]) == (422, "picture-failed")


def test_detect_reads_the_mark(server, gallery) -> None:
    """Whose it is, and for whom."""
    data = (gallery.out / "cel.png").read_bytes()
    record = server.call("POST", "/v1/detect", data, CHECK).json
    assert (record["verdict"], record["recipient"]) == ("found", "studio")


def test_protect_answers_with_the_picture_and_its_record(server, picture) -> None:
    """The record stands in a header; it says nothing of the server's places."""
    answer = server.call("POST", "/v1/protect?visible=none&recipient=%E6%9E%97", picture)
    record = json.loads(answer.headers["Ocguard-Record"])
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.data)).size == (300, 280)
    assert (record["status"], record["output"], record["recipient"]) == ("protected", None, "林")
    found = server.call("POST", "/v1/detect", answer.data, CHECK).json
    assert (found["mark_id"], found["recipient"]) == (record["mark_id"], "林")


def test_protect_answers_in_parts_where_that_is_asked(server, picture) -> None:
    """Record and picture, for clients that read no long headers."""
    answer = server.call("POST", "/v1/protect?visible=none", picture, Accept="multipart/mixed")
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    first, second = email.message_from_bytes(head + answer.data).get_payload()
    assert json.loads(first.get_payload(decode=True))["status"] == "protected"
    assert Image.open(io.BytesIO(second.get_payload(decode=True))).size == (300, 280)


def test_a_dry_run_is_not_recorded(server, drawings) -> None:
    """The picture comes back all the same."""
    data = png(drawings.painterly(300, 280, 78))
    answer = server.call("POST", "/v1/protect?visible=none&dry-run=true", data)
    record = json.loads(answer.headers["Ocguard-Record"])
    assert (answer.status, record["status"]) == (200, "skipped")
    assert server.call("GET", f"/v1/works/{record['work_id']}").status == 404


def test_one_idempotency_key_marks_once(server, drawings) -> None:
    """Sent again, also at the same time, the answer is the same, and there is one mark."""
    data = png(drawings.painterly(300, 280, 79))

    def send(_: int):
        path = "/v1/protect?visible=none&recipient=Key"
        return server.call("POST", path, data, Idempotency_Key="one")

    with ThreadPoolExecutor(3) as pool:
        answers = [*pool.map(send, range(3)), send(3)]
    done = [one for one in answers if one.status == 200]
    assert {one.status for one in answers} <= {200, 409}
    assert len({(one.data, one.headers["Ocguard-Record"]) for one in done}) == 1
    work_id = json.loads(done[-1].headers["Ocguard-Record"])["work_id"]
    assert len(server.call("GET", f"/v1/works/{work_id}").json["marks"]) == 1


def test_one_idempotency_key_stands_for_one_request(server, drawings) -> None:
    """Another picture with it is refused."""
    first, second = (png(drawings.cel(300, 280, seed)) for seed in (80, 81))
    path = "/v1/protect?visible=none"
    assert server.call("POST", path, first, Idempotency_Key="two").status == 200
    answer = server.call("POST", path, second, Idempotency_Key="two")
    assert (answer.status, answer.json["code"]) == (422, "key-reused")


def test_a_protected_picture_is_not_protected_again(server, gallery) -> None:
    """As on the command line; the client is told which work it is."""
    data = (gallery.out / "cel.png").read_bytes()
    answer = server.call("POST", "/v1/protect", data)
    assert (answer.status, answer.json["code"]) == (409, "already-protected")
    assert gallery.protected("cel.png").work_id in answer.json["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "visible=loud",
        "font=/etc/passwd",
        "text={nobody}",
        "for=nowhere",
        "opacity=0",
        "quality=0",
        "preset=none-such",
    ],
)
def test_an_impossible_option_is_named(server, picture, query) -> None:
    """Before any work is done."""
    answer = server.call("POST", f"/v1/protect?{query}", picture)
    assert (answer.status, answer.json["code"]) == (422, "bad-option")


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n", b"GIF89a", b"not a picture", b"\0" * 1000, b"8BPS" + b"\xff" * 90],
    ids=["cut png", "cut gif", "text", "zeros", "psd"],
)
@pytest.mark.parametrize("path", ["protect", "check", "detect", "fingerprint", "works"])
def test_what_is_no_picture_is_refused(server, path, data) -> None:
    """A hostile body is the client's fault, never the server's."""
    answer = server.call("POST", f"/v1/{path}", data)
    assert (answer.status, answer.json["code"]) == (422, "picture-failed")


def test_a_picture_of_too_many_pixels_is_refused(server) -> None:
    """Before it is decoded: a small file may hold a large picture."""
    data = png(np.zeros((1001, 1000, 3), np.uint8))
    answer = server.call("POST", "/v1/check", data, CHECK)
    assert answer.status == 422
    assert "the limit is 1,000,000 pixels" in answer.json["detail"]


def test_a_body_that_is_too_large_is_refused(server) -> None:
    """And the client, which sends it all before it reads, learns why."""
    answer = server.call("POST", "/v1/check", b"\0" * 3_000_000, CHECK)
    assert (answer.status, answer.json["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 421), ({"Origin": "https://evil.example"}, 403)],
)
def test_a_browser_led_here_by_another_site_is_refused(server, headers, status) -> None:
    """DNS rebinding and cross-site requests, even with a token."""
    assert server.call("GET", "/v1/works", **headers).status == status


def test_a_token_for_checks_alone_sees_names_of_files(server, gallery) -> None:
    """How the disk of the artist is laid out stays with whom protects."""
    work_id = gallery.protected("cel.png").work_id
    body = (gallery.art / "cel.png").read_bytes()
    asked = [
        ("GET", f"/v1/works/{work_id}", None),
        ("GET", "/v1/works", None),
        ("POST", "/v1/check", body),
    ]
    folder = json.dumps(str(gallery.art.parent))[1:-1]
    for method, path, data in asked:
        assert folder in server.call(method, path, data).data.decode()
        assert folder not in server.call(method, path, data, CHECK).data.decode()
    shown = server.call("GET", f"/v1/works/{work_id}", token=CHECK).json
    assert (shown["source"], shown["marks"][0]["output"]) == ("cel.png", "cel.png")


def test_works_come_in_pages(server) -> None:
    """Every work once, oldest first."""
    first = server.call("GET", "/v1/works?limit=3").json
    second = server.call("GET", f"/v1/works?limit=500&after={first['next']}").json
    ids = [one["work_id"] for one in (*first["works"], *second["works"])]
    assert len(first["works"]) == 3
    assert len(ids) == len(set(ids)) >= 4
    assert second["next"] is None


def test_a_work_that_is_unknown_is_not_found(server) -> None:
    """Neither as one nor as where a page begins."""
    assert server.call("GET", "/v1/works/ffffffffffffffff").status == 404
    assert server.call("GET", "/v1/works?after=ffffffffffffffff").status == 404


def test_a_registered_picture_is_a_work(server, drawings) -> None:
    """Without a mark, by the name that the client gave it."""
    body, headers = form(("sketch.png", png(drawings.cel(300, 280, 82))))
    record = server.call("POST", "/v1/works", body, **headers).json
    shown = server.call("GET", f"/v1/works/{record['work_id'][:12]}").json
    assert (shown["source"], shown["marks"]) == ("sketch.png", [])


def test_platforms_are_those_of_the_command_line(server) -> None:
    """Without places of the server."""
    told = server.call("GET", "/v1/platforms").json["platforms"]
    assert "weibo" in {one["name"] for one in told}
    assert {one["file"] for one in told} == {None}


def test_the_routes_describe_themselves(server) -> None:
    """OpenAPI, for clients that are made from it."""
    told = server.call("GET", "/openapi.json").json
    paths = {(method.upper(), path) for path, one in told["paths"].items() for method in one}
    wanted = {(method, path.replace("/0", "/{work_id}")) for method, path in ROUTES}
    assert paths == wanted - {("GET", "/openapi.json")}


def test_many_clients_at_once_are_all_answered(server, picture) -> None:
    """They wait their turn."""

    def send(_: int) -> int:
        return int(server.call("POST", "/v1/fingerprint", picture, CHECK).status)

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(send, range(40))) == {200}


def test_metrics_count_what_was_answered(server) -> None:
    """By route and status."""
    server.call("GET", "/v1/health")
    text = server.call("GET", "/metrics").data.decode()
    assert 'ocguard_requests_total{route="/v1/health",method="GET",status="200"}' in text


def raw(server, data: bytes) -> tuple[int, Message, bytes]:
    """Send bytes, and read what comes until the server closes: status, headers, body."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as line:
        line.sendall(data)
        told = b"".join(iter(lambda: line.recv(1 << 16), b""))
    head, _, body = told.partition(b"\r\n\r\n")
    first, _, headers = head.partition(b"\r\n")
    return int(first.split()[1]), email.message_from_bytes(headers), body


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"\x16\x03\x01 hello\r\n\r\n", 400, "bad-request"),
        (b"GET /v1/health HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000, 431, "headers-too-large"),
        (b"GET /v1/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "bad-request"),
        (
            b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/works HTTP/1.1\r\n\r\n",
            400,
            "bad-request",
        ),
        (
            b"FOO /v1/check HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            401,
            "no-token",
        ),
    ],
    ids=["tls", "long header", "two hosts", "two lengths", "unknown method"],
)
def test_what_is_no_request_is_a_problem_too(server, data, status, code) -> None:
    """It is answered once, the connection is closed, and the server goes on."""
    answered, headers, body = raw(server, data)
    assert (answered, headers["content-type"]) == (status, MEDIA_TYPE)
    assert json.loads(body)["code"] == code
    assert server.call("GET", "/v1/health").status == 200


def test_a_body_that_breaks_off_after_the_answer_closes_the_connection(server) -> None:
    """There is nothing more to say."""
    head = b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    status, _, body = raw(server, head + b"zz\r\n")
    assert (status, json.loads(body)["code"]) == (400, "bad-request")
    assert server.call("GET", "/v1/health").status == 200


def test_no_token_and_no_name_is_in_the_log(server, gallery) -> None:
    """Whatever clients put where it does not belong."""
    body, headers = form(("private-name.png", (gallery.art / "cel.png").read_bytes()))
    server.call("POST", f"/v1/check?access_token={CHECK}", body, CHECK, **headers)
    server.call("GET", f"/v1/works/{CHECK}", token="wrong-token")
    log = server.log.read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"time", "request_id", "route", "status", "seconds", "code"} <= lines[-1].keys()
    assert not [word for word in (CHECK, "wrong-token", "private-name") if word in log]
