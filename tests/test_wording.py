"""Every reason can be said, in whole sentences, with what it names."""

import string
from typing import get_args

import pytest

from ocguard.matching.decision.explanations import EXPLANATIONS
from ocguard.matching.decision.outcomes import OUTCOMES, VerdictName
from ocguard.wording import (
    ADDITIONS,
    RULES,
    SENTENCES,
    VERDICTS,
    ratio_text,
    reason_text,
    verdict_text,
)

VALUES = {
    "work_covered_percent": 87,
    "inliers": 12,
    "layout_correlation": 0.456,
    "works": 3,
    "long_side_px": 1024,
    "width_px": 18,
    "height_px": 20,
    "needed_px": 24,
    "detail_percent": 0.5,
    "needed_percent": 1,
    "keypoints": 7,
    "needed_keypoints": 20,
    "left_out": 5,
    "feature_agreement": 0.612,
}
BY_METHOD = [one.reason_code for one in OUTCOMES if one.reason_code != "repaint"] + [
    "mirrored-copy"
]


@pytest.mark.parametrize("method", ["keypoints", "layout"])
@pytest.mark.parametrize("code", BY_METHOD)
def test_every_outcome_says_what_it_rests_on(code, method):
    """Matching details, or the layout of edges."""
    said = reason_text(code, VALUES | {"method": method})
    assert ("12 matching details" in said) == (method == "keypoints")
    assert ("correlates at 0.46" in said) == (method == "layout")


def test_a_repaint_says_that_a_network_tells_it():
    """No matching details, and no layout of edges; a person has to look."""
    said = reason_text("repaint", VALUES | {"method": "whole"})
    assert "network" in said
    assert "agreement 0.61" in said
    assert said.endswith("Look at both.")


def test_every_rule_that_may_decide_has_a_name_for_readers():
    """Explanations and outcomes, and the ratio that is asked before them."""
    asked = {one.name for one in EXPLANATIONS} | {one.reason_code for one in OUTCOMES}
    assert set(RULES) == asked | {"confirmed"}


@pytest.mark.parametrize("explanation", EXPLANATIONS, ids=lambda one: one.name)
def test_every_explanation_has_a_sentence(explanation):
    """It asks the person to look at both."""
    assert reason_text(explanation.name, {}).endswith("look at both.")


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_can_be_said_with_the_values_of_its_reason(code):
    """No field without a value; warnings aside, every sentence ends."""
    said = reason_text(code.partition("/")[0], VALUES | {"method": code.partition("/")[2]})
    assert "{" not in said
    assert said.endswith(".") or code.startswith("this-work-")


def test_what_is_true_beside_it_is_added_in_sentences_of_its_own():
    """Only where there is something to add."""
    plain = reason_text("nothing-alike", {"has_mark": False, "other_works": 0})
    assert plain == SENTENCES["nothing-alike"]
    more = reason_text("parts", VALUES | {"other_works": 2, "other_picture": True})
    assert more.endswith("look at both. Parts of 2 more of the works are in it.")


def test_sentences_can_be_translated():
    """Fields have names, so that another language can put them in another order."""
    for sentence in (*SENTENCES.values(), *ADDITIONS.values()):
        names = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
        assert all(name.isidentifier() for name in names)


def test_every_verdict_has_a_sentence():
    """It names the work, in whatever letters and braces."""
    assert VERDICTS.keys() == set(get_args(VerdictName))
    assert verdict_text("near-copy", "{fox} 林").startswith("“{fox} 林” is in it")
    assert verdict_text("no-match", "") == VERDICTS["no-match"]


def test_a_ratio_is_said_in_figures_a_person_reads():
    """Whole numbers first, powers of ten from a myriad on."""
    assert "is 120 times" in ratio_text(2.08)
    assert "is 10⁵ times" in ratio_text(5.15)
