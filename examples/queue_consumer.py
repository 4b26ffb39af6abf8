"""Check the suspects of a stream in Redis: python queue_consumer.py NAME [IDLE_MS].

XGROUP CREATE suspects checkers 0 MKSTREAM comes first. What a consumer died with, another one takes
over after IDLE_MS. The hash "answers" keeps the first answer by each file's digest.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

import redis

import ocguard


def main(name: str, idle_ms: str = "600000") -> None:
    server = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
    while True:
        asked = server.xautoclaim("suspects", "checkers", name, int(idle_ms), count=1)[1]
        new = asked or server.xreadgroup("checkers", name, {"suspects": ">"}, count=1, block=1000)
        for number, fields in asked or [one for _, some in new for one in some]:
            path, answer = Path(fields["path"]), ocguard.check(fields["path"])
            digest = hashlib.sha256(path.read_bytes() if path.is_file() else bytes(path))
            server.hsetnx("answers", digest.hexdigest(), json.dumps(answer.to_dict()))
            server.xack("suspects", "checkers", number)


main(*sys.argv[1:]) if len(sys.argv) > 1 else sys.exit(__doc__)
