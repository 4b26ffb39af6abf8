"""A report without a portfolio, made of the worst that strangers write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocguard.report.evidence import Capture, Event, Evidence, Hash, Rule, Shown
from ocguard.report.pictures import Swatch

EVIL = "\"'><script>document.title='run'</script><img src=ADDRESS/p onerror=\"fetch('ADDRESS/f')\">"
COLORS = (Swatch("#c81e1e", 0.7), Swatch("#1428dc", 0.3))


@pytest.fixture
def evidence() -> Evidence:
    """Return a report about a near-copy with everything in it."""
    suspect = Shown("post.jpg", "JPEG", 1234, 640, 480, "a" * 64, "b" * 64, COLORS)
    work = Shown("fox.png", "", None, 800, 600, "c" * 64, "d" * 64, COLORS)
    mark = {"mark_id": "0123456789abcdef", "p_value": 3e-20, "work_id": "f" * 16, "copied": False}
    return Evidence(
        made="2026-11-29 10:00 UTC",
        version="0.2",
        creator="Mira",
        fingerprint="139e-3940",
        suspect=suspect,
        work=work,
        verdict="near-copy",
        verdict_text="It is in it.",
        reason="80 % of it.",
        ratio="such agreement is 10⁵ times likelier",
        record={
            "work_id": "f" * 16,
            "marks": [mark],
            "missing_mark": None,
            "declared": {},
            "bounds_id": "bounds-1",
            "calibration_id": "c-1",
        },
        is_laid=True,
        points=42,
        capture=Capture("https://example.org/1", "thief", "2026-11-29", "one\ntwo"),
        pages=(("pages/page-1.mhtml", "e" * 64),),
        events=(Event("2026-11-01 08:00 UTC", "The work was registered.", "recorded"),),
        hashes=(Hash("imagehash-phash@4", "00ff", "00fe", 1, 16),),
        rules=(Rule("copy", True, "0.99", "tone at least 0.8"),),
    )


@pytest.fixture
def hostile(evidence: Evidence) -> Evidence:
    """Return the same with code in every text of strangers; ``ADDRESS`` is what it calls."""
    bad = replace(evidence.suspect, name=EVIL)
    record = {**evidence.record, "declared": {EVIL: [EVIL], "claims": [{"actions": [EVIL]}]}}
    capture = Capture("https://example.org/'onload=alert(1)", EVIL, "", f"{EVIL}\n{EVIL}")
    texts = {"creator": EVIL, "verdict_text": EVIL, "reason": EVIL}
    return replace(evidence, suspect=bad, record=record, capture=capture, **texts)
