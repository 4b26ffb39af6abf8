"""Promises of ocguard.site.crawlers."""

from __future__ import annotations

import re

from ocguard.site.crawlers import USES, known_crawlers


def test_the_crawlers_that_artists_fear_are_known() -> None:
    """Each in one group, with who runs it."""
    known = known_crawlers()
    assert known.names.keys() == USES.keys()
    every = [name for names in known.names.values() for name in names]
    assert len(every) == len(set(every))
    wanted = {"GPTBot", "ClaudeBot", "Bytespider", "CCBot", "Google-Extended", "img2dataset"}
    assert wanted < set(every)
    assert all(operator for names in known.names.values() for operator in names.values())


def test_no_search_engine_is_among_them() -> None:
    """Whoever wants to be found goes on being found."""
    every = {name.lower() for names in known_crawlers().names.values() for name in names}
    assert not every & {"googlebot", "googlebot-image", "bingbot", "baiduspider", "applebot"}


def test_a_name_is_one_that_robots_txt_can_hold() -> None:
    """And the list says from where and since when it is known."""
    known = known_crawlers()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", known.checked)
    assert known.source
    for names in known.names.values():
        assert [name for name in names if not re.fullmatch(r"[\w. -]+", name)] == []
