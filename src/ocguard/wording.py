"""The sentences that tell a person why: one table, apart from whatever decides.

A reason comes as a code with values, which programs can read as they are. Every sentence here is
whole, so that it can be translated; what is added to a sentence stands by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocguard.language.message import Message, power_of_ten, translatable

__all__ = [
    "ADDITIONS",
    "HINTS",
    "PLATFORMS",
    "RULES",
    "SENTENCES",
    "VERDICTS",
    "hint_text",
    "platform_word",
    "ratio_text",
    "reason_text",
    "verdict_text",
]

VERDICTS: Final[Mapping[str, str]] = {
    "identical": translatable(
        "Every pixel is that of “{work}”. Whether that was permitted is not visible here."
    ),
    "near-copy": translatable("“{work}” is in it line for line. Size, crop or color may differ."),
    "shared-base": translatable(
        "It fits several works that share a base with “{work}”. Which, cannot be said."
    ),
    "likely-derivative": translatable(
        "More of it fits “{work}” than chance explains, yet much differs. Compare both."
    ),
    "no-match": translatable(
        "Nothing was found beyond what unrelated pictures share. Style is not judged."
    ),
    "cannot-tell": translatable("There is not enough to decide. Look at both."),
}
"""By verdict; none says who was first."""

SENTENCES: Final[Mapping[str, str]] = {
    "same-pixels": translatable("The pixels are exactly those of this work."),
    "same-file": translatable("It is the very file that ocguard made of this work."),
    "same-when-small": translatable("At a long side of {long_side_px} pixels both are the same."),
    "copy/keypoints": translatable(
        "{work_covered_percent} % of the work is in it, line for line ({inliers} matching details"
        " lie where the work has them); colors, size, crop or surroundings may differ."
    ),
    "copy/layout": translatable(
        "{work_covered_percent} % of the work is in it, line for line (the layout of edges"
        " correlates at {layout_correlation:.2f}); colors, size, crop or surroundings may differ."
    ),
    "mirrored-copy/keypoints": translatable(
        "{work_covered_percent} % of the work is in it, mirrored, line for line ({inliers} matching"
        " details lie where the work has them); colors, size, crop or surroundings may differ."
    ),
    "mirrored-copy/layout": translatable(
        "{work_covered_percent} % of the work is in it, mirrored, line for line (the layout of"
        " edges correlates at {layout_correlation:.2f}); colors, size, crop or surroundings may"
        " differ."
    ),
    "joined/keypoints": translatable(
        "A part of the work is in it as it is, line for line, beside or under something else"
        " ({inliers} matching details lie where the work has them)."
    ),
    "joined/layout": translatable(
        "A part of the work is in it as it is, line for line, beside or under something else (the"
        " layout of edges correlates at {layout_correlation:.2f})."
    ),
    "same-lines/keypoints": translatable(
        "It shows the same lines in another rendering ({inliers} matching details lie where the"
        " work has them)."
    ),
    "same-lines/layout": translatable(
        "It shows the same lines in another rendering (the layout of edges correlates at"
        " {layout_correlation:.2f})."
    ),
    "parts/keypoints": translatable(
        "Parts of the work are in it as they are; the rest is not in it, was moved, or was changed"
        " ({inliers} matching details lie where the work has them)."
    ),
    "parts/layout": translatable(
        "Parts of the work are in it as they are; the rest is not in it, was moved, or was changed"
        " (the layout of edges correlates at {layout_correlation:.2f})."
    ),
    "composition/keypoints": translatable(
        "It shows the composition of the work, redrawn, bent or repainted ({inliers} matching"
        " details lie where the work has them)."
    ),
    "composition/layout": translatable(
        "It shows the composition of the work, redrawn, bent or repainted (the layout of edges"
        " correlates at {layout_correlation:.2f})."
    ),
    "repaint": translatable(
        "Its large shapes lie where those of this work lie, in nearly every place of both, as in a"
        " repaint. A network that was trained to look past brushwork says so (agreement"
        " {feature_agreement:.2f}); lines and details do not agree. Look at both."
    ),
    "parts-left-out": translatable(
        "{left_out} of its parts and frames are not described by themselves: copies of these alone"
        " may be missed; register them as works of their own."
    ),
    "shared-base": translatable(
        "It agrees equally well with {works} works that share a base; whether it was made from one"
        " of them, and from which, cannot be said."
    ),
    "common-part": translatable(
        "What it shares with this work is what the work shares with others: a frame, a logo, a"
        " mark, a window or a base; look at both."
    ),
    "grid": translatable(
        "The little that agrees with this work would agree elsewhere in it nearly as well, as two"
        " grids, boards or patterns of one make do; look at both."
    ),
    "lettering": translatable(
        "What it shares with this work is lettering, or lines, over another picture; look at both."
    ),
    "slot": translatable(
        "What it shares with this work is a form, a card or a frame, and in the box that it leaves"
        " free each has another picture; look at both."
    ),
    "shape": translatable(
        "What it shares with this work is the shape that both were cut to, as a heart, a star or a"
        " badge is, and each has another picture in it; look at both."
    ),
    "backdrop": translatable(
        "What it shares with this work lies around and behind another figure: a stage, a scene or a"
        " template that others use too would look the same; look at both."
    ),
    "page": translatable(
        "What it shares with this work is writing and lines on plain ground, as on a profile page,"
        " and each has another picture beside them; look at both."
    ),
    "pose": translatable(
        "A few details agree with this work, and roughly where its edges run, as those of two"
        " figures in one pose do; neighboring parts of it are not found side by side; look at both."
    ),
    "template": translatable(
        "Beside the lines that it shares with this work each of both has many of its own, as two"
        " pictures have that were drawn into one template (a calendar, a card, a board, a face of"
        " one make), or beside one picture that many were given; look at both."
    ),
    "ornament": translatable(
        "Both look the same when they are turned, as snowflakes, wheels and dials do, so that a"
        " small part decides nearly all of what agrees with this work; and each of both has lines"
        " of its own; look at both."
    ),
    "outline": translatable(
        "Both are plain shapes on plain ground, as silhouettes, signs and writing are, so that"
        " nothing but outlines can agree with this work; and the outlines differ in places; look"
        " at both."
    ),
    "overlay": translatable(
        "What it shares with this work is thin, a small part, at the border or too coarse to"
        " compare, and much beside it differs: a frame, a logo, a mark, a window or a template on"
        " both would look the same; look at both."
    ),
    "weak": translatable(
        "Something agrees with this work, but no more than unrelated pictures may have in common;"
        " look at both."
    ),
    "not-all-searched": translatable(
        "Nothing was found, but not all of it was looked at: {left_out} smaller parts or further"
        " frames were left out. Check them one by one."
    ),
    "marks-alone": translatable(
        "It was searched for your marks alone, and not compared with your works."
    ),
    "unlike-at-first-sight": translatable(
        "It looks like no work at first sight, and was not looked at any closer: a part of a work"
        " could still be in it."
    ),
    "nothing-alike": translatable(
        "Nothing in it agrees beyond what unrelated pictures have in common."
    ),
    "fingerprint-alone": translatable(
        "Its fingerprint resembles this work. Lines, colors and marks could not be compared, since"
        " the picture itself did not come; look at both, or check the picture."
    ),
    "nothing-alike-by-fingerprint": translatable(
        "Its fingerprint resembles no work beyond what unrelated pictures have in common. Parts and"
        " marks could not be looked for, since the picture itself did not come."
    ),
    "suspect-too-small": translatable(
        "The suspect is too small to compare: {width_px} x {height_px} pixels, {needed_px} a side"
        " are needed."
    ),
    "suspect-too-flat": translatable(
        "The suspect is nearly flat or blurred: structure shows in {detail_percent}% of it,"
        " {needed_percent}% is needed."
    ),
    "suspect-too-sparse": translatable(
        "The suspect holds too little to find a part in: {keypoints} distinct points,"
        " {needed_keypoints} are needed."
    ),
    "work-too-small": translatable(
        "The work that it was compared with is too small to compare: {width_px} x {height_px}"
        " pixels, {needed_px} a side are needed."
    ),
    "work-too-flat": translatable(
        "The work that it was compared with is nearly flat or blurred: structure shows in"
        " {detail_percent}% of it, {needed_percent}% is needed."
    ),
    "work-too-sparse": translatable(
        "The work that it was compared with holds too little to find a part in: {keypoints}"
        " distinct points, {needed_keypoints} are needed."
    ),
    "this-work-too-small": translatable(
        "is too small to compare: {width_px} x {height_px} pixels, {needed_px} a side are needed:"
        " copies of this work are hardly recognized by their look"
    ),
    "this-work-too-flat": translatable(
        "is nearly flat or blurred: structure shows in {detail_percent}% of it, {needed_percent}%"
        " is needed: copies of this work are hardly recognized by their look"
    ),
    "this-work-too-sparse": translatable(
        "holds too little to find a part in: {keypoints} distinct points, {needed_keypoints} are"
        " needed: copies of this work are hardly recognized by their look"
    ),
}
"""By reason code; where what the verdict rests on is named, by code and method."""

ADDITIONS: Final[Mapping[str, str]] = {
    "other_picture": translatable(
        "In one place they differ much: if another picture lies there, and the rest is a template,"
        " a background or lettering that others use too, it says nothing; look at both."
    ),
    "of_part": translatable("That share is of one part or frame of the work, not of all of it."),
    "named_by_mark": translatable(
        "Of your works that explain it, this is the one whose mark is in it."
    ),
    "other_works": translatable("Parts of {other_works} more of the works are in it."),
    "has_mark": translatable("But a mark of yours is in it."),
    "has_copied_mark": translatable(
        "A mark of yours is in it, but this is not the work that it was made for: the mark may have"
        " been copied."
    ),
}
"""Sentences that are added where the value of that name is true, or not zero."""

HINTS: Final[Mapping[str, str]] = {
    "mark-weakened": translatable(
        "A trace of your mark is in it (p < {p_value:.0e}), far less than ordinary saving and"
        " scaling would have left: somebody may have tried to take the mark out. This is a hint, no"
        " proof."
    ),
    "no-trace-of-mark": translatable(
        "Your mark should be read in such a copy, and there is no trace of it: either it was taken"
        " out, or this was made from the picture before it was marked. This is a hint, no proof."
    ),
}
"""Of a mark that is missing in a near copy, by reason code."""

RULES: Final[Mapping[str, str]] = {
    "confirmed": translatable("It agrees with the work more than chance explains"),
    "grid": translatable("Two grids or patterns of one make would agree as well"),
    "lettering": translatable("Only lettering agrees, over another picture"),
    "slot": translatable("Only a form or frame agrees, with another picture in its box"),
    "shape": translatable("Only the shape agrees that both were cut to"),
    "backdrop": translatable("Only the scene behind another figure agrees"),
    "page": translatable("Only writing and lines on plain ground agree"),
    "pose": translatable("Only the pose agrees"),
    "template": translatable("Each has many lines of its own, drawn into one template"),
    "ornament": translatable("Each looks the same when turned, and has lines of its own"),
    "outline": translatable("Only outlines of plain shapes agree, and they differ in places"),
    "overlay": translatable("Only a frame, a logo or a mark agrees that lies over both"),
    "repaint": translatable("Only the large shapes agree, as in a repaint"),
    "copy": translatable("The work is in it line for line"),
    "joined": translatable("A part of the work is in it line for line, beside something else"),
    "same-lines": translatable("It has the lines of the work in another rendering"),
    "parts": translatable("It has parts of the work"),
    "composition": translatable("It has the composition of the work"),
}
"""What each rule asks that decides a verdict, by its name."""


PLATFORMS: Final[Mapping[str, str]] = {
    "bilibili": translatable("bilibili"),
    "douyin": translatable("douyin"),
    "weibo": translatable("weibo"),
    "xiaohongshu": translatable("xiaohongshu"),
}
"""Platforms that readers of some languages know by another name than commands call them by."""


def platform_word(name: str) -> str:
    """Call a platform, or whoever else was named, as a reader knows it."""
    return Message(PLATFORMS[name]) if name in PLATFORMS else name


def verdict_text(verdict: str, work: str) -> Message:
    """Say a verdict in words; `work` names the work that it is about."""
    return Message(VERDICTS[verdict], work=work)


def hint_text(code: str, values: Mapping[str, object]) -> Message:
    """Say what it may mean that a mark is missing in a near copy."""
    return Message(HINTS[code], **values)


def ratio_text(log10_lr: float) -> Message:
    """Say a likelihood ratio, given as a power of ten, in words: two digits are sure at most."""
    is_small = log10_lr < 4
    times = f"{float(f'{10**log10_lr:.2g}'):.0f}" if is_small else power_of_ten(round(log10_lr))
    return Message(
        "such agreement is {times} times likelier in a copy than in another picture",
        times=times,
    )


def reason_text(code: str, values: Mapping[str, object]) -> Message:
    """Say a reason in words.

    Parameters
    ----------
    code : str
        The reason.
    values : Mapping of str to number, text or bool
        What the sentence names.

    Raises
    ------
    KeyError
        There is no such reason, or a value is missing.
    """
    method = "keypoints" if values.get("method") == "keypoints" else "layout"
    sentence = SENTENCES[code] if code in SENTENCES else SENTENCES[f"{code}/{method}"]
    said = Message(sentence, **values)
    for name, addition in ADDITIONS.items():
        if values.get(name):
            said = Message("{reason} {addition}", reason=said, addition=Message(addition, **values))
    return said
