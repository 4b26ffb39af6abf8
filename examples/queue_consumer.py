"""Check the suspects of a stream in Redis: python queue_consumer.py NAME [IDLE_MS].

XGROUP CREATE suspects checkers 0 MKSTREAM comes first. What a consumer died with, or could not
check, comes again after IDLE_MS; queue_letters.py says what becomes of it.
"""

import os
import sys

import redis

from queue_letters import settled


def main(name: str, idle_ms: str = "600000") -> None:
    server = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
    while True:
        asked = server.xautoclaim("suspects", "checkers", name, int(idle_ms), count=1)[1]
        new = asked or server.xreadgroup("checkers", name, {"suspects": ">"}, count=1, block=1000)
        for number, fields in asked or [one for _, some in new for one in some]:
            (held,) = server.xpending_range("suspects", "checkers", number, number, 1)
            if settled(server, number, fields, held["times_delivered"]):
                server.xack("suspects", "checkers", number)


main(*sys.argv[1:]) if len(sys.argv) > 1 else sys.exit(__doc__)
