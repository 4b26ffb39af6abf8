"""Promises of ocguard.portfolio.addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.portfolio.addresses import MAX_URL_CHARACTERS, Account, Address

MINE = "https://x.com/me"


@pytest.mark.parametrize(
    "url",
    [
        MINE,
        "https://x.com/me/",
        "https://x.com/me/status/1?s=20#reply",
        "HTTPS://X.COM/me/media",
        "https://x.com:443/me",
        "https://x.com:/me",
        "https://x.com./me",
        "https://x.com/%6De/1",
        "https://x.com/you/../me/1",
        "https://x.com/./me",
    ],
)
def test_an_address_covers_what_lies_below_it(url: str) -> None:
    """However it is written."""
    assert Address.of(MINE).covers(Address.of(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/mean",
        "https://x.com/me.evil",
        "https://x.com.evil.example/me",
        "https://evil.example/x.com/me",
        "https://evil.example/?https://x.com/me",
        "https://evil.example/#https://x.com/me",
        "https://www.x.com/me",
        "https://x.com/ME",
        "https://x.com/",
        "https://x.com//me",
        "https://x.com/me/../you",
        "https://x.com/me/%2e%2e/you",
        "https://x.com/me/..%2Fyou",
        "https://x.com/me/..%5Cyou",
        "https://x.com/me/a%00",
        "https://x.com/me%2Fstatus",
        "https://x.com:8443/me",
        "http://x.com/me",
        "https://х.com/me",  # Cyrillic
        "https://xcom/me",
    ],
)
def test_an_address_covers_nothing_that_only_looks_like_it(url: str) -> None:
    """No trick with beginnings, hosts, dots, escapes, ports or letters of other scripts."""
    assert not Address.of(MINE).covers(Address.of(url))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x.com/me",
        "//x.com/me",
        "ftp://x.com/me",
        "javascript:alert(1)",
        "https:///me",
        "https:x.com/me",
        "https://",
        "https://x.com@evil.example/me",
        "https://me:secret@x.com/",
        "https://evil.example\\.x.com/me",
        "https://x.com/me\\..\\you",
        "https://x.com/m e",
        " https://x.com/me",
        "https://x.com/\tme",
        "https://x.com/me\nhttps://evil.example",
        "https://x.com/\u200bme",
        "https://x.com/\u202eme",
        "https://x.com/\ud800",
        "https://x.com:99999/me",
        "https://x.com:port/me",
        "https://[::1]/me",
        "https://[x.com/me",
        "https://x%2ecom/me",
        "https://x..com/me",
        "https://-x.com/me",
        "https://faß.example/",
        "https://℀.example/",
        "https://\U0001f9f6.example/",  # an emoji that is younger than the rules for names
        f"https://x.com/{'a' * MAX_URL_CHARACTERS}",
    ],
)
def test_what_can_be_read_in_two_ways_is_no_address(text: str) -> None:
    """A clear error, not a guess."""
    with pytest.raises(ValueError, match=r"address|host"):
        Address.of(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://例え.jp/画師", "https://xn--r8jz45g.jp/%E7%94%BB%E5%B8%AB"),
        ("https://例え。jp/", "https://xn--R8JZ45G.jp"),
        ("https://Ｘ.com/me", "https://x.com/me"),
    ],
)
def test_one_address_is_itself_in_every_script(one: str, other: str) -> None:
    """As browsers show it and as the network knows it."""
    assert Address.of(one) == Address.of(other)


def test_an_address_with_a_query_covers_itself_alone() -> None:
    """What stands behind the question mark may be all that tells pages apart."""
    page = Address.of("https://site.example/view?id=5")
    assert page.covers(Address.of("https://site.example/view?id=5#top"))
    assert not page.covers(Address.of("https://site.example/view?id=55"))
    assert not page.covers(Address.of("https://site.example/view/more?id=5"))
    assert not page.covers(Address.of("https://site.example/view"))


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_ending_of_a_host_is_covered(name: str, path: str) -> None:
    """Whatever strangers put behind the host's name, it is another host or an error."""
    try:
        found = Address.of(f"https://x.com{name}/{path}")
    except ValueError:
        return
    if Address.of("https://x.com/").covers(found):
        assert found.host == "x.com"
        assert name == "" or name[0] in ".:/?#"


@pytest.mark.parametrize(
    "text", ["x:lin_art", "X:@Lin_Art", " x : lin_art ", "x:LIN_ART", "x\uff1alin_art"]
)
def test_an_account_is_itself_however_it_is_written(text: str) -> None:
    """With or without @, in small letters or not, with the colon of any keyboard."""
    assert Account.of(text) == Account("x", "lin_art")


@pytest.mark.parametrize("text", ["x:lin_art2", "x:lin", "bluesky:lin_art", "x:líņ_art"])
def test_another_account_is_another(text: str) -> None:
    """Names are compared whole, on one platform."""
    assert Account.of(text) != Account.of("x:lin_art")


@pytest.mark.parametrize(
    "text", ["", "lin_art", "x:", ":lin", "x:@", "x:a\u200bb", "x:a\nb", "b c:me", f"x:{'a' * 201}"]
)
def test_what_names_no_account_is_refused(text: str) -> None:
    """The message shows how one is written."""
    with pytest.raises(ValueError, match="account"):
        Account.of(text)
