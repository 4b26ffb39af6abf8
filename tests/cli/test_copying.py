"""Promises of ``ocguard portfolio copy``: whole, or dealt to several places."""

from __future__ import annotations

import ocguard


def test_shares_hold_every_work_once_and_are_searched_together(run, gallery, tmp_path) -> None:
    """Whatever shares a work lies in, it is found, and the answer says where it lies."""
    source = gallery.home / "portfolio.sqlite3"
    places = [tmp_path / "one.sqlite3", tmp_path / "two.sqlite3"]
    for share, place in enumerate(places, 1):
        arguments = ("copy", source, place, "--share", f"{share}/2")
        copied = run("--home", gallery.home, "portfolio", *arguments)
        assert copied.exit_code == 0
        assert run("--portfolio", place, "portfolio", "check").exit_code == 0
    listed = [run("--portfolio", place, "portfolio", "list").stdout for place in places]
    whole = run("--home", gallery.home, "portfolio", "list").stdout
    assert sorted("".join(listed).splitlines()) == sorted(whole.splitlines())
    one, two = map(str, places)
    base = ("--home", gallery.home, "--portfolio", one)
    found = run(*base, "check", "--also", two, gallery.art / "cel.png")
    (holder,) = [
        place
        for place, lines in zip(places, listed, strict=True)
        if gallery.protected("cel.png").work_id in lines
    ]
    assert found.exit_code == 1
    assert f"in the portfolio {holder}" in " ".join(found.stdout.split())


def test_a_share_that_is_none_is_refused(run, gallery, tmp_path) -> None:
    """Before anything is copied."""
    for share in ("2/1", "0/2", "half", "1/0"):
        arguments = ("copy", gallery.home / "portfolio.sqlite3", tmp_path / "p", "--share", share)
        refused = run("--home", gallery.home, "portfolio", *arguments)
        assert refused.exit_code == 2
        assert "such as 1/2" in refused.stderr
    assert not (tmp_path / "p").exists()


def test_new_works_are_brought_to_their_shares(run, gallery, tmp_path, drawings) -> None:
    """Wherever they were registered; a second run finds nothing to do."""
    places = [tmp_path / "one.sqlite3", tmp_path / "two.sqlite3"]
    for share, place in enumerate(places, 1):
        arguments = ("copy", gallery.home / "portfolio.sqlite3", place, "--share", f"{share}/2")
        run("--home", gallery.home, "portfolio", *arguments)
    portfolio = ocguard.Portfolio(places[0], home=gallery.home)
    for number in range(3):
        portfolio.add(drawings.cel(120, 90, 40 + number))
    first = run("--home", gallery.home, "portfolio", "spread", *places)
    assert "brought to" in first.stdout
    for share, place in enumerate(places):
        works = ocguard.Portfolio(place, home=gallery.home).works()
        assert {int(one.work_id, 16) % 2 for one in works} == {share}
    again = run("--home", gallery.home, "portfolio", "spread", *places)
    assert "0 works" in again.stdout


def test_shares_are_named_once_each(run, gallery, tmp_path) -> None:
    """One alone is no share, and no work is brought to where it comes from."""
    place = gallery.home / "portfolio.sqlite3"
    for places in ((place,), (place, place)):
        refused = run("--home", gallery.home, "portfolio", "spread", *places)
        assert (refused.exit_code, "each one once" in refused.stderr) == (2, True)
