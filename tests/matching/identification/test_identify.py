"""The whole matcher on drawn figures: every verdict, and no false accusation."""

import cv2
import numpy as np
import pytest

from ocguard.fingerprint.describe import describe
from ocguard.matching.identification.identify import Suspect, compare, identify
from ocguard.matching.search.index import Index

FINDINGS = {"identical", "near-copy", "shared-base", "likely-derivative"}


def check(works, rgb, **extra):
    return identify(Suspect.of(np.ascontiguousarray(rgb)), works.index, works, **extra)


def jpeg(rgb, quality):
    data = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


COPIES = {
    "recompressed": lambda a: jpeg(a, 50),
    "resized": lambda a: cv2.resize(a, (300, 300), interpolation=cv2.INTER_AREA),
    "cropped": lambda a: a[40:340, 50:360],
    "mirrored": lambda a: a[:, ::-1],
    "turned": np.rot90,
    "framed": lambda a: cv2.copyMakeBorder(
        a, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(9, 20, 70)
    ),
    "grey": lambda a: np.repeat(cv2.cvtColor(a, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2),
    "inverted": lambda a: 255 - a,
}


@pytest.mark.parametrize("change", COPIES.values(), ids=COPIES.keys())
def test_a_repost_is_a_near_copy(works, change):
    """What reposting does leaves a near copy of the right work."""
    verdict = check(works, change(works.pictures["work-4"]))
    assert (verdict.verdict, verdict.work_id) == ("near-copy", "work-4")
    assert verdict.candidates[0].work_id == "work-4"
    assert verdict.reason.code in {"copy", "mirrored-copy"}


def test_a_part_in_another_picture_is_found(works, drawings):
    """A piece of a work pasted into a scene names the work."""
    scene = drawings.painterly(700, 500, 77)
    scene[150:400, 300:550] = works.pictures["work-6"][80:330, 80:330]
    verdict = check(works, scene)
    assert verdict.verdict in {"near-copy", "likely-derivative"}
    assert verdict.work_id == "work-6"


def test_a_heavy_repaint_is_a_derivative(works):
    """Edges redrawn without the shading are the work in another rendering."""
    art = works.pictures["work-8"]
    lines = 255 - cv2.Canny(cv2.GaussianBlur(art, (0, 0), 1.5), 30, 80)
    verdict = check(works, np.repeat(lines[..., None], 3, axis=2))
    assert (verdict.verdict, verdict.work_id) == ("likely-derivative", "work-8")


@pytest.mark.parametrize("seed", range(40, 52))
def test_another_figure_is_no_match(works, draw_figure, seed):
    """Figures of the same style that are not in the portfolio accuse nobody."""
    assert check(works, draw_figure(seed)).verdict not in FINDINGS


def test_a_shared_credit_line_accuses_nobody(works, draw_figure):
    """The artist's own visible mark on two different works is not a match."""
    marked = {}
    for name, art in (("a", draw_figure(60)), ("b", draw_figure(61))):
        marked[name] = art.copy()
        cv2.putText(marked[name], "(c) 2026 The Artist, no AI", (90, 388), 0, 0.6, (20, 20, 60), 2)
    verdict = compare(Suspect.of(marked["a"]), Suspect.of(marked["b"]))
    assert verdict.verdict not in FINDINGS


@pytest.mark.parametrize(
    "rgb",
    [
        np.full((200, 200, 3), 255, np.uint8),
        np.full((200, 300, 3), (200, 30, 30), np.uint8),
        np.tile(np.linspace(90, 140, 300).astype(np.uint8)[None, :, None], (200, 1, 3)),
        np.random.default_rng(0).integers(0, 256, (12, 12, 3)).astype(np.uint8),
    ],
    ids=["white", "flat", "gradient", "tiny"],
)
def test_a_suspect_without_information_cannot_be_told(works, rgb):
    """Flat, smooth and tiny pictures are no evidence either way."""
    verdict = check(works, rgb)
    assert verdict.verdict == "cannot-tell"
    assert verdict.work_id is None


def test_the_same_pixels_are_identical(works):
    """The caller's digest decides, and the work leads the candidates."""
    verdict = check(works, works.pictures["work-1"], identical_to="work-1")
    assert (verdict.verdict, verdict.work_id) == ("identical", "work-1")
    assert verdict.candidates[0].work_id == "work-1"


def test_variants_share_a_base(draw_figure, works):
    """A third version of a figure, near to two registered ones, is not pinned on one of them."""
    base = draw_figure(70)
    versions = []
    for hue in (0, 60, 120):
        version = base.copy()
        color = cv2.cvtColor(np.uint8([[[hue, 200, 200]]]), cv2.COLOR_HSV2RGB)[0, 0].tolist()
        cv2.rectangle(version, (170, 60 + hue), (230, 110 + hue), color, -1)
        cv2.circle(version, (200, 85 + hue), 15, (20, 20, 20), 3)
        versions.append(version)
    pair = {"first": versions[0], "second": versions[1]}
    fingerprints = {i: describe(rgb) for i, rgb in pair.items()}

    class Pair:
        pictures = pair
        index = Index.build(fingerprints.items())
        fingerprint = staticmethod(fingerprints.__getitem__)
        reference = staticmethod(pair.__getitem__)

    assert check(Pair, versions[2]).verdict == "shared-base"
    copy = check(Pair, jpeg(versions[1], 70))
    assert copy.work_id == "second"


def test_at_most_five_candidates_best_first(works):
    """Candidates are few and ordered."""
    listed = check(works, works.pictures["work-3"]).candidates
    ratios = [c.log10_lr for c in listed]
    assert 1 <= len(listed) <= 5
    assert ratios == sorted(ratios, reverse=True)


def test_a_mirrored_copy_says_so(works):
    """The map mirrors, and so does the reason."""
    verdict = check(works, works.pictures["work-3"][:, ::-1])
    assert verdict.reason.code == "mirrored-copy"
    assert verdict.candidates[0].measures.is_mirrored
    assert verdict.candidates[0].transform.shape == (3, 3)


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_the_transform_leads_from_suspect_to_work(works, is_mirrored):
    """Points of a shrunk, cropped, maybe mirrored suspect land where they came from."""
    art = works.pictures["work-9"]
    suspect = cv2.resize(art[50:370, 30:350], (240, 240), interpolation=cv2.INTER_AREA)
    if is_mirrored:
        suspect = suspect[:, ::-1]
    transform = check(works, suspect).candidates[0].transform
    points = np.array([[[60.0, 80.0], [150.0, 100.0], [120.0, 190.0]]])
    expected = (points + 0.5) * 320 / 240 - 0.5 + (30, 50)
    if is_mirrored:
        expected[..., 0] = (239 - points[..., 0] + 0.5) * 320 / 240 - 0.5 + 30
    assert np.abs(cv2.perspectiveTransform(points, transform) - expected).max() < 1.5


def test_two_files_are_compared_without_a_portfolio(works):
    """Compare finds a crop, tells strangers apart, and knows equal pixels."""
    original = Suspect.of(works.pictures["work-2"])
    crop = Suspect.of(np.ascontiguousarray(works.pictures["work-2"][60:, 40:]))
    assert compare(original, crop).verdict == "near-copy"
    assert compare(original, Suspect.of(works.pictures["work-7"])).verdict == "no-match"
    assert compare(original, original).verdict == "identical"


def test_a_transparent_original_is_found_on_any_ground(drawings):
    """A cut-out figure posted on black or on a color is still its work."""
    rgba = drawings.cutout(400, 400, 9)
    rgb, alpha = np.ascontiguousarray(rgba[..., :3]), np.ascontiguousarray(rgba[..., 3])
    original = Suspect.of(rgb, alpha)
    for ground in ((0, 0, 0), (30, 160, 90)):
        flat = np.where(alpha[..., None] > 127, rgb, np.uint8(ground)).astype(np.uint8)
        assert compare(original, Suspect.of(flat)).verdict == "near-copy"


def test_the_verdict_names_its_calibration_and_its_bounds(works):
    """Every verdict can be traced to the fit that gave its ratios, and to the rules."""
    verdict = check(works, works.pictures["work-0"])
    assert verdict.calibration_id.startswith("portraits-")
    assert verdict.bounds_id.startswith("bounds-")


def test_a_whole_copy_is_searched_for_once(works):
    """Its relatives need no search: most of the work is in it, whoever shares a part of that."""
    searches = []

    class Counted(Index):
        def search(self, *asked):
            searches.append(asked)
            return super().search(*asked)

    index = Counted(works.index.segments)
    verdict = identify(Suspect.of(jpeg(works.pictures["work-3"], 60)), index, works)
    assert (verdict.verdict, verdict.work_id) == ("near-copy", "work-3")
    assert len(searches) == 1
