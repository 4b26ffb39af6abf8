"""What becomes of a message: the hash "answers" keeps the first answer by its file's digest.

After three times without an answer it is a dead letter: the hash "dead" keeps it with its reason.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import ocguard

ATTEMPTS = 3


def settled(server: Any, number: str, fields: dict[str, str], times: int) -> bool:
    """Check a suspect that is delivered for the n-th time; tell whether it need not come again."""
    reason = "each consumer that had it died"
    if times <= ATTEMPTS:
        answer = ocguard.check(fields["path"])
        if answer.error is None:
            digest = hashlib.sha256(Path(fields["path"]).read_bytes()).hexdigest()
            server.hsetnx("answers", digest, json.dumps(answer.to_dict()))
            return True
        reason = answer.error
    if times >= ATTEMPTS:
        server.hsetnx("dead", number, json.dumps({**fields, "reason": reason}))
    return times >= ATTEMPTS
