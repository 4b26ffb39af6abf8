"""Promises of ocguard.web.page.rendering."""

from __future__ import annotations

import re
import time
from importlib import resources

from ocguard.web.page.rendering import _environment, render

TEMPLATES = [
    one
    for one in resources.files("ocguard.web.page").joinpath("templates").iterdir()
    if one.name.endswith(".html")
]


def test_texts_of_strangers_stay_texts() -> None:
    """A name or a message runs nothing."""
    shown = render("problem.html", room="", detail="<script>evil()</script>\u202e")
    assert "&lt;script&gt;evil()" in shown
    assert "\u202e" not in shown


def test_every_sentence_can_be_translated() -> None:
    """No letter stands between tags without being marked."""
    for template in TEMPLATES:
        text = template.read_text("utf-8")
        text = re.sub(r"{% trans.*?endtrans %}|{{.*?}}|{%.*?%}", "", text, flags=re.DOTALL)
        text = re.sub(r"<(style|script).*?</\1>|<[^>]*>", "", text, flags=re.DOTALL)
        left = set(re.findall(r"[A-Za-z]{2,}", text)) - {"ocguard", "px"}
        assert not left, (template.name, left)


def test_times_are_those_of_this_clock(monkeypatch) -> None:
    """Records keep UTC."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    text = "{{ '2026-05-01T20:00:00.000000Z' | local }}"
    shown = _environment().from_string(text).render()
    monkeypatch.undo()
    time.tzset()
    assert shown == "2026-05-02 04:00"


def test_nothing_comes_from_elsewhere() -> None:
    """Neither a font nor a script, and no style or handler within a page."""
    for template in TEMPLATES:
        text = template.read_text("utf-8")
        assert not re.search(r"(src|href|action)=\"(https?:)?//", text)
        assert not re.search(r"\s(style|on[a-z]+)=|<style", text)
