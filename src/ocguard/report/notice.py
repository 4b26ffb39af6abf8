"""Drafts of notices to a platform, as plain text: filled with facts, unsigned, never sent.

A person must fill or confirm every place that a draft marks: what the law makes them answer for,
their legal name, what they see in both pictures. The draft speaks in their voice, and every claim
in it waits to be confirmed. What the tool has to say stands on a page of its own.

Forms take plain text, and people edit it anywhere; so do these drafts.

References
----------
17 U.S.C. 512(c)(3)(A), (f), (g). Regulation on the Protection of the Right of Communication through
Information Networks (China, 2006, amended 2013), articles 14 to 17 and 24. Civil Code of China,
articles 1195 and 1196. Interim Measures for the Management of Generative AI Services (China, 2023),
articles 4, 7, 11 and 15.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from ocguard.choices import Sender
from ocguard.metadata.untrusted import neutralized
from ocguard.report.channels import Channel, Form, Language
from ocguard.report.evidence import MAX_URL_CHARACTERS, Capture
from ocguard.report.shipped import shipped_text

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["FINDINGS", "Notice", "NoticeFacts", "draft_notice"]

MARKERS: Final[dict[Language, dict[str, str]]] = {
    "en": {"fill": ">>> FILL IN: {} <<<", "confirm": ">>> CONFIRM: {} <<<"},
    "zh": {"fill": "【请填写：{}】", "confirm": "【请确认：{}】"},
}
"""What surrounds a place that waits for a person."""

FINDINGS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "identical": "Every pixel of the picture is that of the work.",
        "near-copy": "The picture, or a part of it, shows the work line for line; size, crop or"
        " color may differ.",
        "shared-base": "The picture shows what the work has in common with other works of mine.",
        "likely-derivative": "More of the picture fits the work than chance explains, yet much"
        " differs.",
        "cannot-tell": "The comparison could not decide; the pictures are attached side by side.",
    },
    "zh": {
        "identical": "该图片与作品的每一个像素都相同。",
        "near-copy": "该图片或其一部分与作品线条逐一吻合，尺寸、裁切或颜色可能不同。",
        "shared-base": "该图片与作品以及本人其他几件作品的共同部分吻合。",
        "likely-derivative": "该图片与作品吻合之处超出偶然，但也有许多不同。",
        "cannot-tell": "比对未能得出结论，两图并排附上。",
    },
}
"""What a verdict says, in the voice of whoever sends the notice."""


@dataclass(frozen=True)
class NoticeFacts:
    """What is known from a report. Texts are untrusted.

    Attributes
    ----------
    creator, contact : str
        Who made the report, by the profile, and their mail address or page; `contact` may be empty.
    work_name : str
        Name of the work's file.
    verdict : str
        What was found; see :data:`FINDINGS`.
    marks : tuple of str
        Ids of the invisible marks that were read.
    suspect_sha256, manifest_sha256 : str
        Digests of the picture in question and of the report's list of files.
    version, made : str
        Of ocguard, and when the report was made.
    capture : Capture
        Where the picture was found.
    posted_on, posted_url : str
        Where and when the creator says to have shown the work first; empty where they did not say.
    drafts : tuple of str
        Names of files that led to the work.
    times : tuple of str
        Folders of the report with proofs of trusted times, each with its time.
    """

    creator: str
    contact: str
    work_name: str
    verdict: str
    marks: tuple[str, ...]
    suspect_sha256: str
    manifest_sha256: str
    version: str
    made: str
    capture: Capture
    posted_on: str = ""
    posted_url: str = ""
    drafts: tuple[str, ...] = ()
    times: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """A draft.

    Attributes
    ----------
    text : str
        The notice itself.
    read_first : str
        What the person must know before they send it; not to be sent.
    places : int
        How many places of `text` wait for a person.
    """

    text: str
    read_first: str
    places: int


def draft_notice(channel: Channel, form: Form, sender: Sender, facts: NoticeFacts) -> Notice:
    """Draft a notice.

    Parameters
    ----------
    channel : Channel
        The platform that it goes to.
    form : Form
        One of the channel's forms: which notice, in which language.
    sender : {"author", "owner", "agent"}
        Who sends it.
    facts : NoticeFacts
        What is known.
    """
    places = _Places(form.language)
    known = {"channel": channel, "form": form, "facts": facts, "sender": sender}
    finding = FINDINGS[form.language][facts.verdict]
    template = _environment().get_template(f"{form.kind}.{form.language}.txt")
    text = template.render(**known, finding=finding, fill=places.fill, confirm=places.confirm)
    first = _environment().get_template(f"read-first.{form.language}.txt")
    return Notice(text, first.render(**known, places=places.count), places.count)


class _Places:
    """Marks the places that wait for a person, and counts them."""

    def __init__(self, language: Language) -> None:
        self._markers = MARKERS[language]
        self.count = 0

    def fill(self, what: str) -> str:
        return self._marked("fill", what)

    def confirm(self, what: str) -> str:
        return self._marked("confirm", what)

    def _marked(self, marker: str, what: str) -> str:
        self.count += 1
        return self._markers[marker].format(what)


@cache
def _environment() -> Environment:
    """Prepare the templates; every value becomes one bounded line, so no fact adds a statement."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: shipped_text(f"notices/{name}")),
        finalize=lambda value: neutralized(str(value), MAX_URL_CHARACTERS),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
