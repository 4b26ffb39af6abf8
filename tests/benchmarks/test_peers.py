"""Promises of the benchmarks that set ocguard beside other tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bench_attacks
import bench_invisible_peers
import bench_matching_peers
import docs_tables
import invisible_peers
import matching_peers
from bench_invisible_peers import Measured
from matching_metrics import Observation
from ocguard.imaging.quality import psnr_db


@pytest.fixture
def host() -> np.ndarray:
    """A picture with shapes on white."""
    rgb = np.full((96, 128, 3), 255, np.uint8)
    rgb[20:70, 30:60], rgb[40:80, 70:110] = (200, 40, 40), (30, 90, 160)
    rgb[30:50, 40:90] = np.linspace(60, 220, 50, dtype=np.uint8)[None, :, None]
    return rgb


def test_a_strength_is_turned_until_the_psnr_is_equal(host: np.ndarray) -> None:
    """The marked picture has the wanted PSNR, and the factor is the one that gives it."""
    noise = np.random.default_rng(1).normal(0, 8, host.shape)
    marked = np.clip(np.rint(host + noise), 0, 255).astype(np.uint8)

    def turned(strength: float) -> np.ndarray:
        return invisible_peers.scaled(host, marked, strength)

    strength, shown = bench_invisible_peers.nearest_psnr(host, 42.0, marked, turned)
    assert psnr_db(host, shown) == pytest.approx(42.0, abs=0.3)
    assert np.array_equal(shown, turned(strength))
    assert strength < 1


def test_a_payload_is_the_beginning_of_the_mark_id() -> None:
    """Every tool hides bits of the same id, first bit first."""
    bits = bench_invisible_peers.payload(0x8000_0000_0000_0001, 64)
    assert bits[0] == bits[63] == 1
    assert bits.sum() == 2
    assert bench_invisible_peers.payload(0x8000_0000_0000_0001, 32).tolist() == [1] + [0] * 31


def test_a_tool_that_fails_has_recovered_nothing(host: np.ndarray) -> None:
    """Neither a refusal to mark nor one to read stops the benchmark."""

    def refuse(*_: Any) -> Any:
        raise RuntimeError("too small")

    peer = invisible_peers.Peer("x", "x", (), 64, refuse, refuse)
    rows = bench_invisible_peers.measure_peer(peer, host, 1, 45.0, 0)
    assert [row.at for row in rows] == ["default", "equal"]
    assert not any(any(row.exact.values()) for row in rows)
    assert bench_invisible_peers.extracted(peer, host, np.zeros(64, np.uint8), 1.0) is None


def test_rows_count_ours_on_the_pictures_of_the_peer() -> None:
    """A tool that runs on fewer pictures is compared on those."""

    def row(tool: str, is_exact: bool) -> Measured:
        return Measured(tool, "default", 1.0, exact={"none": is_exact}, wrong={"none": False})

    easy = [row("ocguard", True), row("ocguard listed", True)]
    hard = [row("ocguard", False), row("ocguard listed", True), row("peer", True)]
    rows = bench_invisible_peers.recovery_rows([easy, hard])
    (peer,) = (one for one in rows if one["tool"] == "peer")
    assert (peer["trials"], peer["exact"], peer["ours"], peer["ours_listed"]) == (1, 1, 0, 1)
    assert bench_invisible_peers.behind(rows) == [peer]


@pytest.mark.parametrize("peer", matching_peers.PEERS, ids=lambda peer: peer.name)
def test_every_matcher_knows_a_picture_from_another(
    peer: matching_peers.Peer, host: np.ndarray, drawings: Any
) -> None:
    """The same picture scores higher than a different one."""
    if why := matching_peers.missing_module(peer):
        pytest.skip(why)
    one, other = drawings.cel(320, 240, seed=1), drawings.painterly(320, 240, seed=9)
    kept = peer.describe(one)
    assert peer.score(kept, kept) > peer.score(peer.describe(other), kept)


def test_a_higher_recall_elsewhere_is_named() -> None:
    """Rows where another tool is ahead are listed, per figure."""
    ours = {"tool": "ocguard", "group": "g", "queries": 2, "found_no_false": 1}
    ours |= {"found_1_percent_false": 2}
    peer = {**ours, "tool": "peer", "found_no_false": 2}
    (row,) = bench_matching_peers.behind([ours, peer])
    assert (row["tool"], row["figure"], row["found"], row["ours"]) == (
        "peer",
        "found_no_false",
        2,
        1,
    )


def test_relatives_of_the_right_work_count_neither_way() -> None:
    """A variant's score is no wrong score."""
    right, kin, wrong = (Path(f"portraits/x/{name}.png") for name in ("a", "a+female", "b"))
    task = bench_matching_peers.Task(right, "none", "floor", 0)
    seen = bench_matching_peers.observed(task, {right: 3.0, kin: 2.0, wrong: 1.0})
    assert seen == Observation(3.0, (1.0,))


def test_a_fold_finds_a_tile_that_repeats() -> None:
    """The attack works against a scheme that tiles its pattern, so that failing means something."""
    rng = np.random.default_rng(2)
    tile = rng.normal(0, 1, (20, 20, 3)).astype(np.float32)
    shown = np.tile(tile, (5, 5, 1))[:95, :90]
    noise = rng.normal(0, 1, shown.shape).astype(np.float32)
    fold = bench_attacks.folded(shown + noise, 20.2)
    assert np.corrcoef(fold.ravel(), shown.ravel())[0, 1] > 0.9


def test_an_amplified_change_has_the_psnr_that_is_told() -> None:
    """38 dB on mid grey, where nothing is clipped."""
    grey = np.full((64, 64, 3), 128, np.uint8)
    change = np.random.default_rng(3).normal(0, 0.1, grey.shape).astype(np.float32)
    shown = bench_attacks.changed(grey, bench_attacks.amplified(change))
    assert psnr_db(grey, shown) == pytest.approx(bench_attacks.AMPLIFIED_DB, abs=0.2)


def test_the_middle_of_copies_lies_between_the_darkest_and_the_lightest() -> None:
    """The three ways to mix copies."""
    copies = [np.full((2, 2, 3), level, np.uint8) for level in (10, 20, 60)]
    mixes = [bench_attacks.mixed(copies, way)[0, 0, 0] for way in ("mean", "median", "middle")]
    assert mixes == [30, 20, 35]


def test_tables_say_what_was_not_run_and_where_others_are_ahead(tmp_path: Path) -> None:
    """Neither is left to the reader of a result file."""
    row = {"tool": "peer", "at": "equal", "distortion": "jpeg-75", "trials": 3, "exact": 3}
    tables = {
        "tools": [],
        "recovery": [],
        "behind": [{**row, "ours": 2, "ours_listed": 3}],
        "absent": [{"tool": "gone", "reason": "no package"}],
    }
    (tmp_path / "invisible-peers.json").write_text(json.dumps({"tables": tables}))
    text = "<!-- table: invisible-peers-notes -->\n<!-- /table -->"
    rendered = docs_tables.render(text, tmp_path)
    assert "peer at the PSNR of ocguard, jpeg-75 (3 of 3, ocguard 2; `detect` 3)" in rendered
    assert "Not run: gone (no package)." in rendered
