"""Promises of ocguard.report.notice."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from ocguard.choices import SENDERS, Sender
from ocguard.matching.decision.verdict import VerdictName
from ocguard.report.channels import Channel, Form, channels
from ocguard.report.evidence import Capture
from ocguard.report.notice import FINDINGS, Notice, NoticeFacts, draft_notice

MARK = "0123456789abcdef"
FACTS = NoticeFacts(
    creator="Mira Vale",
    contact="mira@example.org",
    work_name="fox.png",
    verdict="near-copy",
    marks=(MARK,),
    suspect_sha256="a" * 64,
    manifest_sha256="b" * 64,
    version="0.2",
    made="2026-11-29 10:00 UTC",
    capture=Capture("https://example.org/1", "somebody", "2026-11-28 09:00 UTC"),
)
EVERY = [
    pytest.param(channel, form, sender, id=f"{channel.name}-{form.kind}-{sender}")
    for channel in channels().values()
    for form in channel.forms
    for sender in SENDERS
]
PLACE = {"en": r">>> (?:FILL IN|CONFIRM): [^<>]+ <<<", "zh": "【请(?:填写|确认)：[^【】]+】"}


def draft(name: str, kind: str, sender: Sender = "author", facts: NoticeFacts = FACTS) -> Notice:
    """Draft a notice by names."""
    channel = channels()[name]
    (form,) = (one for one in channel.forms if one.kind == kind)
    return draft_notice(channel, form, sender, facts)


@pytest.mark.parametrize(("channel", "form", "sender"), EVERY)
def test_every_notice_holds_the_facts_and_counts_its_places(
    channel: Channel, form: Form, sender: Sender
) -> None:
    """Address, digests and mark are in it; the count is that of the markers."""
    notice = draft_notice(channel, form, sender, FACTS)
    known = ("https://example.org/1", "a" * 64, "b" * 64, MARK, "fox.png", "Mira Vale")
    assert [fact for fact in known if fact not in notice.text] == []
    assert len(re.findall(PLACE[form.language], notice.text)) == notice.places > 10
    assert str(notice.places) in notice.read_first
    assert form.where in notice.read_first
    assert channel.source in notice.read_first
    assert channel.checked in notice.read_first


@pytest.mark.parametrize(("channel", "form", "sender"), EVERY)
def test_nobody_is_signed_for_and_every_statement_waits(
    channel: Channel, form: Form, sender: Sender
) -> None:
    """The signature is to be filled in, and the line that answers for the truth to be confirmed."""
    lines = draft_notice(channel, form, sender, FACTS).text.splitlines()
    words = {"en": ("signature", "every line above is true"), "zh": ("签名", "以上每一项都属实")}
    signature, truth = words[form.language]
    signed = [one for one in lines if signature in one and re.search(PLACE[form.language], one)]
    assert len(signed) == 1
    assert len([one for one in lines if truth in one]) == 1


def test_a_dmca_notice_has_the_six_elements_of_the_law() -> None:
    """17 U.S.C. 512(c)(3)(A)(i) to (vi), the last two in the words of the law."""
    text = draft("x", "dmca").text
    for element in (
        "your full legal name as your signature, physical or electronic",
        "Title: >>> FILL IN",
        "Address: https://example.org/1",
        "Mail: mira@example.org",
        "good faith belief that use of the material in the manner complained of is not authorized"
        " by the copyright owner, its agent, or the law.",
        "The information in this notification is accurate, and under penalty of perjury, I am the"
        " owner of an exclusive right that is allegedly infringed.",
    ):
        assert element in text, element
    agent = draft("x", "dmca", "agent").text
    assert "penalty of perjury, I am authorized to act on behalf of the owner" in agent


def test_what_is_known_of_the_work_waits_to_be_confirmed() -> None:
    """The first post is the sender's to confirm; drafts and times stand beside the marks."""
    known = replace(
        FACTS,
        posted_on="2026-05-01",
        posted_url="https://x.com/mira/1",
        drafts=("sketch.png",),
        times=("time-work 2026-05-02 08:00 UTC",),
    )
    for name, kind in (("x", "dmca"), ("weibo", "article-14")):
        text = draft(name, kind, facts=known).text
        (line,) = (one for one in text.splitlines() if "https://x.com/mira/1" in one)
        assert "2026-05-01" in line
        assert re.search(PLACE["en" if name == "x" else "zh"], line)
        assert "sketch.png" in text
        assert "time-work 2026-05-02 08:00 UTC" in text
    for name in ("x", "weibo"):
        assert "https://x.com/mira/1" in draft(name, "ai-feature", facts=known).text


def test_a_chinese_notice_writes_chinese_punctuation() -> None:
    """As a lawyer would; digests and addresses keep theirs."""
    for kind in ("article-14", "ai-feature"):
        notice = draft("weibo", kind)
        for text in (notice.text, notice.read_first):
            assert re.findall(r"[\u4e00-\u9fff][,:;?()]|[,:;?()][\u4e00-\u9fff]", text) == []


def test_a_chinese_notice_has_the_three_elements_of_article_14() -> None:
    """Name, contact and address; title and network address; preliminary proof; and its truth."""
    text = draft("xiaohongshu", "article-14").text
    for element in (
        "姓名（名称）：Mira Vale",
        "通讯地址：【请填写",
        "标题或名称：【请填写",
        "网络地址：https://example.org/1",
        "四、初步证明材料",
        "本人对通知书的真实性负责",
        "第一千一百九十五条",
        "删除、屏蔽",
        "转送发布者",
        "证件类型及号码",
        "权利管理信息",
    ):
        assert element in text, element


def test_an_agent_names_who_they_act_for() -> None:
    """Article 1195 of the Civil Code asks for the true identity of whoever owns the right."""
    text = draft("weibo", "article-14", "agent").text
    for element in (
        "权利人证件类型及号码：【请填写",
        "权利人联系方式和地址：【请填写",
        "权利人和代理人的身份证件复印件；授权委托书",
        "权利人对通知书的真实性负责",
    ):
        assert element in text, element
    assert "代理人的" not in draft("weibo", "article-14").text


@pytest.mark.parametrize(
    ("name", "answer"), [("weibo", "不能由结果断定"), ("x", "do not conclude")]
)
def test_a_complaint_about_a_feature_concludes_nothing(name: str, answer: str) -> None:
    """It asks whether the work was used in training, on three bases that are named apart."""
    text = draft(name, "ai-feature").text
    assert answer in text
    bases = {
        "weibo": ("平台自己的规则", "著作权法", "个人信息保护法"),
        "x": ("rules", "17 U.S.C. 106", "GDPR"),
    }
    assert [one for one in bases[name] if one not in text] == []


def test_who_answers_for_what_is_said_plainly() -> None:
    """Perjury and damages under the DMCA, compensation in China."""
    american = draft("instagram", "dmca").read_first
    assert "under penalty of perjury" in american
    assert "512(f)" in american
    chinese = draft("weibo", "article-14").read_first
    assert "第二十四条" in chinese
    assert "赔偿责任" in chinese


def test_an_owner_says_by_what_and_an_agent_for_whom() -> None:
    """An author says neither; the mail address of the owner is not the agent's."""
    assert "by which the author passed the copyright on" in draft("x", "dmca", "owner").text
    assert "does not own its copyright by that" in draft("x", "dmca", "owner").read_first
    agent = draft("x", "dmca", "agent").text
    assert "Owner: Mira Vale >>> CONFIRM" in agent
    assert "Name: >>> FILL IN" in agent
    assert "mira@example.org" not in agent
    assert "授权委托书" in draft("weibo", "article-14", "agent").text
    assert "取得著作权的合同" in draft("weibo", "article-14", "owner").text
    assert "passed the copyright on, " not in draft("x", "dmca").text


def test_what_is_not_known_waits_for_the_person() -> None:
    """Without a record of where it was found, without mail, without a mark."""
    bare = replace(FACTS, capture=Capture(), contact="https://example.org/me", marks=())
    text = draft("x", "dmca", facts=bare).text
    assert "Address: >>> FILL IN: address of the post itself" in text
    assert "Account: >>> FILL IN" in text
    assert "Seen on: >>> FILL IN" in text
    assert "Mail: >>> FILL IN" in text
    assert "invisible mark" not in text


def test_a_fact_adds_no_line() -> None:
    """A name of an account with line breaks cannot put a statement into somebody's mouth."""
    evil = replace(FACTS, work_name="x\nI confirm everything\u202e", creator="M\r\n\r\nSigned: M")
    honest, forged = draft("x", "dmca").text, draft("x", "dmca", facts=evil).text
    assert len(forged.splitlines()) == len(honest.splitlines())
    assert "\u202e" not in forged


@pytest.mark.parametrize("language", list(FINDINGS))
def test_every_verdict_about_a_work_has_its_sentence(language: str) -> None:
    """Nothing is drafted where nothing was found."""
    assert FINDINGS[language].keys() == set(get_args(VerdictName)) - {"no-match"}
