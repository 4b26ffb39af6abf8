"""All of a suspect is searched: its views, its frames, and every work in them."""

import cv2
import numpy as np
import pytest
from PIL import Image

import ocguard


@pytest.fixture(scope="module")
def kept(tmp_path_factory, drawings):
    """A portfolio of four works."""
    home = tmp_path_factory.mktemp("home")
    folder = tmp_path_factory.mktemp("works")
    works = [drawings.cel(360, 360, seed) for seed in range(20, 24)]
    for number, work in enumerate(works):
        Image.fromarray(work).save(folder / f"{number}.png")
    portfolio = ocguard.Portfolio(home=home)
    ids = [portfolio.add(folder / f"{number}.png").work_id for number in range(4)]
    return home, works, ids


def board_of(pictures, cell=200, columns=4):
    """Lay pictures on a grey board, and return it with their places."""
    rows = -(-len(pictures) // columns)
    page = np.full((rows * (cell + 20), columns * (cell + 20), 3), 235, np.uint8)
    places = []
    for number, picture in enumerate(pictures):
        left, top = 10 + (cell + 20) * (number % columns), 10 + (cell + 20) * (number // columns)
        small = cv2.resize(picture, (cell, cell), interpolation=cv2.INTER_AREA)
        page[top : top + cell, left : left + cell] = small
        places.append((left, top, cell, cell))
    return page, places


@pytest.fixture(scope="module")
def checked_board(kept, drawings):
    home, works, _ = kept
    pictures = [drawings.cel(360, 360, seed) for seed in range(60, 72)]
    pictures[2], pictures[9] = works[1], works[3]
    page, places = board_of(pictures)
    return ocguard.check(page, home=home), places


def test_every_work_on_a_board_is_found_with_its_place(kept, checked_board):
    """Two of twelve, where they are."""
    _, _, ids = kept
    result, places = checked_board
    assert result.verdict == "near-copy"
    found = {one.work_id: one for one in result.found}
    assert found.keys() == {ids[1], ids[3]}
    for work_id, number in ((ids[1], 2), (ids[3], 9)):
        assert np.abs(np.subtract(found[work_id].place, places[number])).max() <= 4
        assert found[work_id].frame == 0
    assert result.found[0].work_id == result.work_id


def test_what_was_looked_at_is_said(checked_board):
    """Twelve parts beside the whole."""
    result, _ = checked_board
    assert (result.searched.views, result.searched.frames, result.searched.left_out) == (12, 1, 0)


def test_a_board_of_strangers_is_no_match(kept, drawings):
    """More looks find no more."""
    page, _ = board_of([drawings.cel(360, 360, seed) for seed in range(80, 92)])
    result = ocguard.check(page, home=kept[0])
    assert (result.verdict, result.found) == ("no-match", ())


def test_a_work_in_a_later_frame_is_found_there(kept, drawings, tmp_path):
    """The answer has the frame's number; frames that repeat count once."""
    home, works, ids = kept
    others = [drawings.cel(360, 360, seed) for seed in (40, 41)]
    frames = [Image.fromarray(one) for one in (others[0], others[0], others[1], works[2])]
    path = tmp_path / "deck.tiff"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    result = ocguard.check(path, home=home)
    assert (result.verdict, result.work_id) == ("near-copy", ids[2])
    assert result.found[0].frame == 3
    assert result.searched.frames == 3


def test_a_copy_that_fills_the_suspect_is_looked_at_once(kept):
    """No views, and its place is the whole."""
    home, works, ids = kept
    result = ocguard.check(works[0][20:], home=home)
    assert result.searched.views == 0
    (found,) = result.found
    assert found.work_id == ids[0]
    assert np.abs(np.subtract(found.place, (0, 0, 360, 340))).max() <= 3


def test_the_record_lists_what_was_found(checked_board):
    """Plain data for JSON."""
    record = checked_board[0].to_dict()
    assert set(record["found"][0]) == {
        *("work_id", "source", "title", "verdict", "reason_code", "log10_lr", "place", "frame"),
        *("work_place", "work_frame"),
    }
    assert record["searched"] == {
        **{"views": 12, "frames": 1, "left_out": 0, "portfolios": []},
        "omitted": ["marks"],
    }


@pytest.fixture(scope="module")
def larger(tmp_path_factory, drawings):
    """A portfolio of a strip of six pictures, and of an animation of three."""
    home = tmp_path_factory.mktemp("larger")
    portfolio = ocguard.Portfolio(home=home)
    pictures = [drawings.cel(300, 300, seed) for seed in range(90, 96)]
    strip = np.concatenate(pictures)
    frames = [Image.fromarray(drawings.cel(300, 300, seed)) for seed in range(96, 99)]
    frames[0].save(home / "loop.png", save_all=True, append_images=frames[1:], duration=90)
    return home, strip, frames, portfolio.add(strip), portfolio.add(home / "loop.png")


def test_a_slice_of_a_long_work_is_found_with_its_part_of_the_work(larger):
    """Wherever it was cut; the part holds most of it."""
    home, strip, _, work, _ = larger
    for start in (150, 700, 1000):
        result = ocguard.check(strip[start : start + 480], home=home)
        assert (result.verdict, result.work_id) == ("near-copy", work.work_id)
        (found,) = result.found
        left, top, width, height = found.work_place
        assert (left, width, found.work_frame) == (0, 300, 0)
        assert min(top + height, start + 480) - max(top, start) >= 300
        assert "not of all of it" in result.reason
    assert "not of all of it" not in ocguard.check(strip[:, 10:-10], home=home).reason


def test_a_long_work_that_is_saved_again_is_found_as_a_whole(larger):
    """Its parts do not compete with each other."""
    home, strip, _, work, _ = larger
    again = cv2.imdecode(cv2.imencode(".jpg", strip[..., ::-1])[1], cv2.IMREAD_COLOR)[..., ::-1]
    result = ocguard.check(np.ascontiguousarray(again), home=home)
    assert (result.verdict, result.work_id) == ("near-copy", work.work_id)
    assert len({one.work_id for one in result.candidates}) == len(result.candidates)


def test_a_still_of_an_animated_work_is_found_with_its_frame(larger):
    """Each frame is recognized by itself."""
    home, _, frames, _, work = larger
    for number in (1, 2):
        result = ocguard.check(frames[number].resize((260, 260)), home=home)
        assert (result.verdict, result.work_id) == ("near-copy", work.work_id)
        (found,) = result.found
        assert (found.work_frame, found.work_place) == (number, (0, 0, 300, 300))
        assert result.to_dict()["found"][0]["work_place"] == [0, 0, 300, 300]


@pytest.fixture(scope="module")
def webtoon(tmp_path_factory, drawings):
    """A protected strip of eight pictures."""
    root = tmp_path_factory.mktemp("webtoon")
    strip = np.concatenate([drawings.cel(400, 360, seed) for seed in range(80, 88)])
    Image.fromarray(strip).save(root / "strip.png")
    options = {"out": root / "out", "home": root / "home", "creator": "Mo", "visible": "none"}
    result = ocguard.protect(root / "strip.png", platforms=["pixiv-original"], **options)
    assert result.error is None
    with Image.open(result.output) as image:
        return root / "home", np.asarray(image.convert("RGB")), result


def served(rgb: np.ndarray) -> np.ndarray:
    """Save as JPEG and read again."""
    return cv2.imdecode(cv2.imencode(".jpg", rgb[..., ::-1])[1], cv2.IMREAD_COLOR)[..., ::-1].copy()


def test_every_slice_of_a_long_work_carries_its_mark(webtoon):
    """Wherever an app has cut it; and nothing says that the mark was copied there."""
    home, strip, made = webtoon
    for top in (0, 500, 1330, 2100):
        part = served(strip[top : top + 640])
        (mark,) = ocguard.check(part, home=home).marks
        assert (mark.mark_id, mark.work_id) == (made.mark_id, made.work_id)
        found = ocguard.detect(part, home=home)
        assert (found.verdict, found.mark_id) == ("found", made.mark_id)


def test_a_long_work_that_is_saved_again_shows_its_mark(webtoon):
    """It is read in its panels, since the whole is seen too small."""
    home, strip, made = webtoon
    result = ocguard.check(served(strip), home=home)
    assert (result.verdict, result.work_id) == ("near-copy", made.work_id)
    assert [mark.mark_id for mark in result.marks] == [made.mark_id]


def test_what_a_long_work_outlives_is_tried_in_a_panel(webtoon):
    """As people see it there."""
    survives = webtoon[2].survives["pixiv-original"]
    assert (survives.mark, survives.match, survives.is_right_work) == ("found", "near-copy", True)
