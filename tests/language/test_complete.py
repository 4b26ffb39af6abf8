"""Everything is translated: no sentence is left in English, none was translated by guess alone."""

from __future__ import annotations

import pytest

import make_catalogs
from ocguard.language.catalogs import DOMAIN


@pytest.mark.parametrize("domain", [DOMAIN, make_catalogs.CLICK])
@pytest.mark.parametrize("language", make_catalogs.TRANSLATED)
def test_nothing_is_left_untranslated(language, domain) -> None:
    """`make catalogs` counts what is missing, and marks what only resembles an old sentence."""
    catalog = make_catalogs.read_catalog(make_catalogs.po_path(language, domain), language)
    entries = [one for one in catalog if one.id]
    untranslated = [one.id for one in entries if not one.string or not all(one.string)]
    assert untranslated == []
    assert [one.id for one in entries if one.fuzzy] == []
