"""Promises of the proof: what it says is true, and a mark is raised only where that helps."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

import ocguard
from ocguard.errors import PlatformError
from ocguard.portfolio import open_store
from ocguard.workflows.protect.survival import Survival, raise_strength


def survival(mark: Any = "found", mode: Any = "blind") -> Survival:
    """Make a proof that says this of the mark."""
    return Survival(mark, 1e-12, mode, "near-copy", True, (), 10, 10, 100)


def loop(reads: dict[str, Survival], psnr_db: dict[str, float], first: Any = "normal"):
    """Run the loop over what each strength gives; the strength taken, and the warnings."""

    def make(strength: str) -> Any:
        fidelity = SimpleNamespace(psnr_db=psnr_db.get(strength, 45.0))
        return SimpleNamespace(strength=strength, fidelity=fidelity)

    protected, proof, warnings = raise_strength(
        make, lambda one: {"site": reads[one.strength]}, first
    )
    assert proof == {"site": reads[protected.strength]}
    return protected.strength, warnings


def test_a_mark_that_is_read_is_not_raised() -> None:
    """The first strength is enough."""
    assert loop({"normal": survival()}, {}) == ("normal", ())


def test_a_mark_is_raised_until_it_is_read() -> None:
    """Step by step, and said."""
    reads = {"quiet": survival("weak"), "normal": survival("not-found"), "strong": survival()}
    assert loop(reads, {}, "quiet") == ("strong", ("the mark was raised to strong",))
    reads["normal"] = survival()
    assert loop(reads, {}, "quiet")[0] == "normal"


def test_reading_without_the_original_is_worth_a_stronger_mark() -> None:
    """Informed reading is the second best."""
    reads = {"normal": survival(mode="informed"), "strong": survival()}
    assert loop(reads, {})[0] == "strong"


def test_a_hopeless_platform_does_not_cost_quality() -> None:
    """What does not help is not done, and the loss is said."""
    reads = {"normal": survival("not-found"), "strong": survival("not-found")}
    strength, (warning,) = loop(reads, {})
    assert strength == "normal"
    assert "the match must speak" in warning


@pytest.fixture(scope="module")
def posted(tmp_path_factory, drawings):
    """Protect two pictures for two platforms."""
    root = tmp_path_factory.mktemp("posted")
    (root / "art").mkdir()
    Image.fromarray(drawings.painterly(1500, 1100, 5)).save(root / "art" / "soft.png")
    Image.fromarray(drawings.cel(700, 600, 6)).save(root / "art" / "cel.png")
    results = ocguard.protect(
        [root / "art"],
        out=root / "out",
        home=root / "home",
        visible="none",
        creator="Mo",
        platforms=["x-small", "pixiv-original"],
    )
    return root, {one.input.rpartition("/")[2]: one for one in results}


def test_the_proof_names_every_platform(posted) -> None:
    """Mark, match, metadata and size of what would be served."""
    for result in posted[1].values():
        assert result.error is None
        assert list(result.survives) == ["x-small", "pixiv-original"]
        for one in result.survives.values():
            assert (one.mark, one.match, one.is_right_work) == ("found", "near-copy", True)
            assert one.p_value < 1e-9
            assert one.metadata == ()
    soft = posted[1]["soft.png"]
    assert (soft.survives["x-small"].width, soft.survives["pixiv-original"].width) == (1200, 1500)


def test_the_file_is_what_the_platforms_take(posted) -> None:
    """The first platform prefers JPEG; the other one shows every pixel."""
    with Image.open(posted[1]["soft.png"].output) as image:
        assert (image.format, image.size) == ("JPEG", (1500, 1100))


def test_what_was_proven_can_be_checked_again(posted) -> None:
    """The simulation of the written file leads to the work and the mark."""
    root, results = posted
    from ocguard.platforms.shipped import shipped_profiles
    from ocguard.platforms.simulation import simulate

    result = results["cel.png"]
    served = simulate(Path(result.output).read_bytes(), shipped_profiles()["x-small"])
    found = ocguard.check(served.data, home=root / "home")
    assert (found.work_id, found.marks[0].mark_id) == (result.work_id, result.mark_id)
    assert len(served.data) == result.survives["x-small"].bytes_out


def test_the_record_says_where_it_was_meant_for(posted) -> None:
    """And the strength that was used."""
    root, results = posted
    with open_store(root / "home" / "portfolio.sqlite3") as store:
        (mark,) = store.marks(results["cel.png"].work_id)
    assert mark.options["for"] == "x-small pixiv-original"
    assert mark.options["strength"] in {"normal", "strong"}


def test_an_unknown_platform_stops_before_any_work(tmp_path, drawings) -> None:
    """The nearest one is offered."""
    with pytest.raises(PlatformError, match="did you mean 'weibo'"):
        ocguard.protect(drawings.cel(), home=tmp_path / "h", creator="Mo", platforms=["weibow"])
    assert not (tmp_path / "h").exists()


def test_a_file_that_stays_too_large_fails_with_advice(tmp_path, drawings) -> None:
    """PNG has no quality to lower."""
    from ocguard.platforms.profile_toml import profile_text
    from ocguard.platforms.shipped import shipped_profiles

    text = profile_text(shipped_profiles()["x"]).replace("5000000", "20000")
    (tmp_path / "tight.toml").write_text(text, encoding="utf-8")
    options = {"home": tmp_path / "h", "creator": "Mo", "visible": "none"}
    tight = [str(tmp_path / "tight.toml")]
    art = drawings.cel(500, 400)
    png = ocguard.protect(art, platforms=tight, file_format="png", **options)
    assert "20,000 may be posted; try --format jpeg" in png.error
