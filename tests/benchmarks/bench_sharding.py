"""Simulate a search that is spread over many servers: stragglers, lost servers, second copies.

    python tests/benchmarks/bench_sharding.py        # seconds

No server runs. Assumptions, all of them in `Model`: every query goes to all shards and ends with
the slowest; a shard's time is log-normal around its median; some answers take ten times as long,
for reasons of the machine (J. Dean, L. A. Barroso, The tail at scale, CACM 2013,
doi:10.1145/2408776.2408794); shards fail independently. With a second copy of every shard, whatever
has not answered at the 95th percentile of a shard is asked of the copy too.

Writes results/sharding.json.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness import write_result

SEED = 2026
QUERIES = 20_000
SHARDS = (1, 10, 100, 1000)


@dataclass(frozen=True)
class Model:
    """What is assumed of a shard; times are in units of its median.

    Attributes
    ----------
    spread : float
        Standard deviation of the logarithm of a time.
    straggling : float
        Share of answers that take much longer.
    straggles_by : float
        How many times as long.
    down : float
        Share of the time in which a server does not answer.
    hedged_after : float
        When the second copy is asked: the 95th percentile of an ordinary answer.
    """

    spread: float = 0.2
    straggling: float = 0.01
    straggles_by: float = 10.0
    down: float = 0.001
    hedged_after: float = 1.39


def answers(
    random: np.random.Generator, model: Model, size: tuple[int, int]
) -> NDArray[np.float64]:
    """Draw times; infinite where the server is down."""
    times = random.lognormal(0.0, model.spread, size)
    times[random.random(size) < model.straggling] *= model.straggles_by
    times[random.random(size) < model.down] = np.inf
    return times


def simulated(shards: int, copies: int, model: Model) -> dict[str, Any]:
    """Return times of a whole query, and how many lack a part of the works."""
    random = np.random.default_rng([SEED, shards, copies])
    slowest, asked = [], 0
    for _ in range(QUERIES // 100):
        times = answers(random, model, (100, shards))
        asked += times.size
        if copies > 1:
            late = times > model.hedged_after
            asked += int(late.sum())
            times = np.minimum(times, model.hedged_after + answers(random, model, (100, shards)))
        slowest.append(times.max(axis=1))
    whole = np.concatenate(slowest)
    median, tail = np.percentile(whole[np.isfinite(whole)], [50, 99])
    return {
        "shards": shards,
        "copies": copies,
        "median": float(median),
        "p99": float(tail),
        "incomplete": float(np.isinf(whole).mean()),
        "work": asked / (QUERIES * shards),
    }


def main() -> None:
    """Simulate and write."""
    model = Model()
    rows = [simulated(shards, copies, model) for shards in SHARDS for copies in (1, 2)]
    write_result(
        "sharding",
        seed=SEED,
        settings=asdict(model) | {"queries": QUERIES},
        data={"pictures": 0, "sha256": ""},
        tables={"sharding": rows},
    )
    for row in rows:
        print(row)


if __name__ == "__main__":
    main()
