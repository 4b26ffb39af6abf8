"""Promises of ocguard.report.page."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import ClassVar

import pytest
from lxml import html

from ocguard.language.choice import LANGUAGES, Language, speaking
from ocguard.language.message import translated
from ocguard.report.evidence import Evidence
from ocguard.report.page import report_page
from ocguard.wording import hint_text
from ocguard.workflows.check.missing_mark import MissingMark

PIXEL = bytes.fromhex("ffd8ffe0") + b"JFIF"
VALUES = {"p_value": 1e-5, "expected_p_value": 1e-80}
PICTURES = dict.fromkeys(("suspect", "work", "laid", "points", "difference"), PIXEL)


class Counter(http.server.BaseHTTPRequestHandler):
    """Counts who calls."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def listening() -> Iterator[str]:
    """Listen on loopback, and give the address."""
    Counter.seen.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counter) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def text_of(page: str) -> str:
    """Return what a reader sees, on one line."""
    return " ".join(html.fromstring(page).find("body").text_content().split())


def test_fingerprints_of_a_part_are_not_left_to_speak_against_the_verdict(
    evidence: Evidence,
) -> None:
    """They are of whole files: in a feed they differ as those of unrelated pictures do."""
    shown = text_of(report_page(evidence, PICTURES))
    assert "They are of the two whole files." in shown


def test_details_of_a_part_are_said_to_be_counted_anew(evidence: Evidence) -> None:
    """The reason counts those of the whole suspect: two numbers would contradict each other."""
    counted = "Compared once more by itself, the part that is drawn here has "
    assert counted not in text_of(report_page(evidence, PICTURES))
    assert counted in text_of(report_page(replace(evidence, is_cut=True), PICTURES))


def test_everything_that_is_known_is_on_the_page(evidence: Evidence) -> None:
    """And beside the verdict what it does not show."""
    shown = text_of(report_page(evidence, PICTURES))
    for said in (
        "Evidence report: post.jpg",
        "It is in it. 80 % of it.",
        "such agreement is 10⁵ times likelier",
        "mark 0123456789abcdef is in it. A picture without this mark gives this answer less often"
        " than once in 10¹² pictures. It was put into a copy of the registered work with the"
        " secret key of Mira.",
        "It does not show who was first.",
        "It does not show whether the use was allowed.",
        "42 details of the picture in question",
        "https://example.org/1",
        "thief",
        "Saved on2026-11-29",
        "pages/page-1.mhtml",
        "onetwo",
        "a" * 64,
        "2026-11-01 08:00 UTC",
        "recorded by the clock of this computer",
        "1 of 16",
        "bounds-1",
        "c-1",
        "tone at least 0.8",
        "139e-3940",
    ):
        assert said in shown, said


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_nothing_parts_sentences_of_languages_that_write_without_spaces(
    evidence: Evidence, language: Language
) -> None:
    """Nor a name from the words around it."""
    for mark in evidence.record["marks"]:
        assert mark["work_id"] == evidence.record["work_id"]
    written = report_page(replace(evidence, is_cut=True), PICTURES, language)
    for one in ("Mira", "。"):
        assert not re.search(f"{one} +[\u3040-\u9fff]", written), one
        assert not re.search(f"[\u3040-\u9fff] +{one}", written), one


def test_what_is_missing_is_said_or_left_out(evidence: Evidence) -> None:
    """Without a work, an overlay, or a record of where it was found."""
    bare = replace(
        evidence,
        work=None,
        verdict="no-match",
        ratio="",
        is_laid=False,
        capture=type(evidence.capture)(),
        pages=(),
        hashes=(),
        rules=(),
    )
    page = report_page(bare, {"suspect": PIXEL})
    shown = text_of(page)
    assert "Addressnot recorded" in shown
    assert "One over the other" not in shown
    assert page.count("<img") == 1
    not_laid = report_page(replace(evidence, is_laid=False), PICTURES)
    assert "could not be laid on each other" in text_of(not_laid)


def test_a_mark_that_is_missing_is_hinted_at(evidence: Evidence) -> None:
    """Where the marks would be named."""
    hint = {"reason": "Your mark should be read in such a copy."}
    record = {**evidence.record, "marks": [], "missing_mark": hint}
    assert hint["reason"] in text_of(report_page(replace(evidence, record=record), PICTURES))
    assert hint["reason"] not in text_of(report_page(evidence, PICTURES))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["no-trace-of-mark", "mark-weakened"])
def test_the_hint_is_said_in_the_language_of_the_page(
    evidence: Evidence, language: Language, code: str
) -> None:
    """As the record of a check holds it."""
    hint = MissingMark("0" * 16, hint_text(code, VALUES), code, VALUES)
    record = {**evidence.record, "marks": [], "missing_mark": asdict(hint)}
    page = report_page(replace(evidence, record=record), PICTURES, language)
    with speaking(language):
        said = translated(hint.reason)
    assert (said == hint.reason) is (language == "en")
    assert said in text_of(page)


def test_texts_of_strangers_stay_texts(hostile: Evidence) -> None:
    """No tag, no attribute and no link comes out of a name, an address or metadata."""
    tree = html.fromstring(report_page(hostile, PICTURES))
    assert len(tree.findall(".//script")) == 1
    assert not tree.findall(".//a")
    assert all(one.get("src").startswith("data:image/jpeg") for one in tree.findall(".//img"))
    assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]


def test_nothing_runs_and_nothing_leaves(
    hostile: Evidence, listening: str, browser, tmp_path: Path
) -> None:
    """A real browser calls nobody, and runs nothing but the page's own script."""
    path = tmp_path / "report.html"
    page = report_page(hostile, PICTURES).replace("ADDRESS", listening)
    path.write_text(page, encoding="utf-8")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    tab.get_by_role("button", name="Blink").click()
    tab.wait_for_timeout(300)
    assert tab.title().startswith("Evidence report")
    assert tab.evaluate("getComputedStyle(document.querySelector('.overlay')).position")
    tab.close()
    assert Counter.seen == []


def test_code_that_gets_in_all_the_same_does_not_run(
    evidence: Evidence, listening: str, browser, tmp_path: Path
) -> None:
    """The page's own policy is a second wall behind the escaping."""
    path = tmp_path / "report.html"
    evil = (
        f"<script>document.title='run'</script><img src='{listening}/p' onerror=\"document.title="
        f"'run'\"><link rel=stylesheet href='{listening}/s'><iframe src='{listening}/i'></iframe>"
    )
    page = report_page(evidence, PICTURES).replace("<main>", f"<main>{evil}")
    path.write_text(page, encoding="utf-8")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    tab.wait_for_timeout(300)
    assert tab.title() == "Evidence report: post.jpg"
    tab.close()
    assert Counter.seen == []
