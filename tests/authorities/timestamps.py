"""A time stamp authority of the tests' own: ``openssl ts`` behind a server on the loopback."""

from __future__ import annotations

import datetime
import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["Authority", "running_authority"]

_CONFIG = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """An authority that runs.

    Attributes
    ----------
    folder : Path
        Where its keys and certificates lie.
    root : Path
        Its root certificate, PEM.
    address : str
        Where it answers.
    questions : list of bytes
        What it was sent.
    """

    def __init__(self, folder: Path, days: int) -> None:
        self.folder = folder
        self.root = folder / "root.pem"
        self.address = ""
        self.questions: list[bytes] = []
        _make_certificates(folder, days)
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))

    def reply(self, question: bytes) -> bytes:
        """Answer one question, as ``openssl ts`` does."""
        self.questions.append(question)
        asked, answer = self.folder / "question.tsq", self.folder / "answer.tsr"
        asked.write_bytes(question)
        command = ["openssl", "ts", "-reply", "-config", self.folder / "tsa.cnf"]
        subprocess.run(
            [*command, "-queryfile", asked, "-out", answer], check=True, capture_output=True
        )
        return answer.read_bytes()


@contextmanager
def running_authority(folder: Path, *, days: int = 3650) -> Iterator[Authority]:
    """Run an authority whose certificate is good for some days."""
    authority = Authority(folder, days)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            answer, kind = b"", "application/timestamp-reply"
            if self.path == "/":
                answer = authority.reply(question)
            elif self.path == "/page":
                answer, kind = b"<html>sign in</html>", "text/html"
            elif self.path == "/endless":
                answer = bytes(1 << 20)
            self.send_response({"/gone": 404, "/elsewhere": 302}.get(self.path, 200))
            if self.path == "/elsewhere":
                self.send_header("Location", authority.address)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        authority.address = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield authority
        finally:
            server.shutdown()
            thread.join()


def _make_certificates(folder: Path, days: int) -> None:
    """Make a root, and below it the certificate that signs."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    issuer, subject = _name("Test root"), _name("Test authority")

    def builder(
        name: x509.Name, public: ec.EllipticCurvePublicKey, length: int
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now)
            .not_valid_after(now + datetime.timedelta(days=length))
        )

    root = builder(issuer, root_key.public_key(), 7300).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    signer = builder(subject, key.public_key(), days).add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
    )
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.sign(root_key, hashes.SHA256()).public_bytes(pem))
    (folder / "signer.pem").write_bytes(signer.sign(root_key, hashes.SHA256()).public_bytes(pem))
    (folder / "signer.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
