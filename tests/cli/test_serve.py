"""Promises of ``ocguard serve``: how it starts and ends. What it answers: tests/web."""

from __future__ import annotations

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def tokens(tmp_path) -> Path:
    """Write a token file for checks."""
    path = tmp_path / "tokens"
    path.write_text(f"{TOKEN} check\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def serve(tmp_path, tokens):
    """Start ``ocguard serve`` on a free port; gives the process and its first line."""
    running = []

    def start(*options: object) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "ocguard", "--home", tmp_path / "home", "serve"]
        words = [*command, "--port", 0, "-j", 1, "--token-file", tokens, *options]
        process = subprocess.Popen(
            [str(one) for one in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in running:
        process.kill()
        process.communicate()


def health(line: http.client.HTTPConnection) -> int:
    """Ask whether a server answers."""
    line.request("GET", "/v1/health", headers={"Authorization": f"Bearer {TOKEN}"})
    response = line.getresponse()
    response.read()
    line.close()
    return response.status


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM")
def test_a_server_that_is_told_to_stop_finishes_what_it_has(serve, drawings) -> None:
    """Its first line is the address, and its exit code 0."""
    process, url = serve()
    port = int(url.rpartition(":")[2])
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = b"--xx\r\n" + b"\r\n--xx\r\n".join(
        b'Content-Disposition: form-data; name="p"; filename="a.png"\r\n\r\nbroken'
        for _ in range(200)
    )
    kind = "multipart/form-data; boundary=xx"
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
    line.request("POST", "/v1/detect", body + b"\r\n--xx--\r\n", headers)
    response = line.getresponse()
    first = response.readline()
    process.send_signal(signal.SIGTERM)
    lines = [first, *response.read().splitlines()]
    line.close()
    assert len([json.loads(one) for one in lines]) == 200
    assert process.wait(30) == 0


def test_https_is_served_with_tls_files(serve, tmp_path) -> None:
    """Also on all addresses of the machine."""
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    request = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    made = ["-subj", "/CN=localhost", "-keyout", key, "-out", cert]
    try:
        subprocess.run(["openssl", *request, *map(str, made)], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl makes the certificate")
    _, url = serve("--host", "0.0.0.0", "--tls-cert", cert, "--tls-key", key)
    assert url.startswith("https://")
    port = int(url.rpartition(":")[2])
    context = ssl.create_default_context(cafile=str(cert))
    assert health(http.client.HTTPSConnection("localhost", port, context=context)) == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "0.0.0.0"), "--tls-cert"),
        (("--tls-cert", "nothing.pem"), "--tls-key"),
        (("--port", "70000"), "70000"),
    ],
)
def test_what_is_unsafe_or_impossible_is_refused(run, tokens, options, said) -> None:
    """Wrong usage, before anything listens."""
    done = run("serve", "--token-file", tokens, *options)
    assert (done.exit_code, said in done.stderr) == (2, True)


def test_a_token_that_may_protect_needs_a_profile(run, tokens) -> None:
    """A server cannot ask for a name, and makes up none."""
    tokens.write_text(f"{TOKEN} protect\n")
    done = run("serve", "--token-file", tokens)
    assert done.exit_code == 4
    assert "ocguard profile set" in done.stderr


def test_a_port_that_is_taken_is_named(serve) -> None:
    """With what to do."""
    _, url = serve()
    port = url.rpartition(":")[2]
    second, first_line = serve("--port", port)
    assert first_line == ""
    assert second.wait(30) == 2
    assert f"port {port}" in second.stderr.read()
