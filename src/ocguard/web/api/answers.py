"""Answers that are kept by their ``Idempotency-Key``, so that a request sent twice marks once.

Every key has a folder of its own: the protected file, and its record. The file is published by the
same steps as on the command line, so that a server that dies in between finds it again. A file may
be deleted later; its record stays, and says that the key was used.

References
----------
J. Jena, S. Dalal, "The Idempotency-Key HTTP Header Field", IETF draft, 2025,
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ocguard.atomic import PRIVATE, whole_file
from ocguard.errors import OutputExistsError
from ocguard.web.problems import Refusal

__all__ = ["MAX_KEY", "Kept", "kept_answer"]

MAX_KEY: Final = 255
"""Most characters of a key."""


@dataclass(frozen=True)
class Kept:
    """The place of one answer.

    Attributes
    ----------
    folder : Path
        Its own folder; private, as what is in it.
    request_sha256 : str
        Digest of everything that was asked for.
    """

    folder: Path
    request_sha256: str

    @property
    def picture(self) -> Path:
        """The protected file."""
        return self.folder / "picture"

    @property
    def _record(self) -> Path:
        return self.folder / "record.json"

    def load(self) -> tuple[dict[str, Any], bytes] | None:
        """Return the record and the file of an answer; None where there is none yet.

        Raises
        ------
        Refusal
            The key was used for another request, or its file was deleted.
        """
        if not self._record.exists():
            return None
        said = json.loads(self._record.read_text(encoding="utf-8"))
        if said["request_sha256"] != self.request_sha256:
            raise Refusal("key-reused", "use a new Idempotency-Key for every new request")
        if not self.picture.exists():
            raise Refusal("answer-gone", "the picture was marked, and its file deleted since")
        record: dict[str, Any] = said["record"]
        return record, self.picture.read_bytes()

    def prepare(self) -> None:
        """Make the folder."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def save(self, record: Mapping[str, Any]) -> None:
        """Keep the record beside its file."""
        said = {"request_sha256": self.request_sha256, "record": record}
        try:
            with whole_file(self._record, mode=PRIVATE) as stream:
                stream.write(json.dumps(said).encode())
        except OutputExistsError:  # another server with the same home was as fast
            return


def kept_answer(folder: Path, token: bytes, key: str, request: Mapping[str, Any]) -> Kept:
    """Name the place of an answer.

    Parameters
    ----------
    folder : Path
        Where all answers are kept.
    token : bytes
        Digest of the token: keys of different clients never meet.
    key : str
        What the client calls its request.
    request : Mapping
        Everything that was asked for; values that JSON can hold.
    """
    if not 1 <= len(key) <= MAX_KEY:
        raise Refusal(
            "bad-request", "an Idempotency-Key has 1 to {limit} characters", limit=MAX_KEY
        )
    name = hashlib.sha256(token + key.encode("utf-8", "surrogateescape")).hexdigest()
    asked = json.dumps(request, sort_keys=True).encode()
    return Kept(folder / name, hashlib.sha256(asked).hexdigest())
