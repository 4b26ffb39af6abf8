"""The choices of a protection, and the job they make with profile and key."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.rendition import rendition
from ocguard.keys import SecretKey
from ocguard.profile import Profile
from ocguard.provenance.optout import OptOut
from ocguard.watermark.invisible import Strength
from ocguard.watermark.visible.ink import Edge
from ocguard.workflows.protection import OnExists, ProtectJob
from ocguard.workflows.sources import PictureSource, load
from ocguard.workflows.studio import Identity, Studio
from ocguard.workflows.visible import Layout, VisibleLook

__all__ = ["ProtectOptions", "prepare_protect"]

LOGO_PX: Final = 2048
"""Long side of the largest logo that is kept; a corner mark on 16,384 px needs 1,475 px."""

MAX_RECIPIENT_CHARACTERS: Final = 200
"""A name or an address; longer text is a mistake."""


class ProtectOptions(TypedDict, total=False):
    """What may be chosen; whatever is left out has a good default.

    ``creator``, ``notice``, ``contact``, ``terms_url``, ``usage_terms`` go before the
    profile's. ``constraints``, ``data_mining``, ``digital_source`` are as in
    :class:`ocguard.provenance.optout.OptOut`. ``visible`` is ``"none"``, ``"corner"``
    (default), ``"band"`` or ``"tile"``; it says ``text`` (default: the notice) or shows
    ``logo``, with ``opacity``, ``size`` and ``margin`` in percent, a ``font`` file, and an
    ``edge`` of ``"auto"`` (default), ``"none"``, ``"outline"`` or ``"shadow"`` around its
    letters; ``removability`` tries to remove it again and says what is left. ``strength`` of
    the invisible mark is ``"quiet"``, ``"normal"`` (default) or ``"strong"``. ``recipient``
    gives the copies an id of their own. ``file_format`` is ``"keep"`` (default), ``"png"``,
    ``"jpeg"``, ``"webp"`` or ``"avif"``, ``quality`` 1 to 100. ``on_exists`` is ``"error"``
    (default), ``"skip"`` or ``"overwrite"``. ``dry_run`` does everything but record and write.
    """

    creator: str
    notice: str
    contact: str
    terms_url: str
    usage_terms: str
    constraints: str
    data_mining: str
    digital_source: str
    visible: Layout
    text: str
    logo: PictureSource
    opacity: float
    size: float
    margin: float
    font: str
    edge: Edge
    removability: bool
    strength: Strength
    recipient: str
    file_format: str
    quality: int
    on_exists: OnExists
    dry_run: bool


def prepare_protect(
    studio: Studio, options: ProtectOptions, ask_name: Callable[[], str]
) -> tuple[ProtectJob, Identity]:
    """Load or make the creator's identity, check all choices, and make sure of the portfolio.

    Parameters
    ----------
    studio : Studio
        Where the creator works.
    options : ProtectOptions
        The choices.
    ask_name : callable
        Gives the creator's name on first use, when `options` has none.

    Returns
    -------
    job : ProtectJob
        For any number of pictures.
    identity : Identity
        Whose marks they are. A dry run without a profile makes up one that is not kept.

    Raises
    ------
    ValueError
        A choice is impossible.
    ProfileError, PortfolioError, ImageReadError, OSError
        Profile, key, portfolio or logo cannot be used.
    """
    is_dry_run = options.get("dry_run", False)

    def first_profile() -> Profile:
        name = options.get("creator") or ask_name()
        return Profile(name, options.get("notice", ""), options.get("contact", ""))

    if is_dry_run and not studio.home.has_profile():
        identity = Identity(first_profile(), SecretKey.generate(), is_new=False)
    else:
        identity = studio.identity(first_profile)
    profile = _with_choices(identity.profile, options)
    job = ProtectJob(
        location=studio.location,
        secret=identity.key.to_bytes(),
        look=_look(profile, options),
        opt_out=_opt_out(profile, options),
        strength=options.get("strength", "normal"),
        recipient=_recipient(options.get("recipient", "")),
        file_format=options.get("file_format", "keep"),
        quality=options.get("quality"),
        on_exists=options.get("on_exists", "error"),
        is_dry_run=is_dry_run,
        tries_removal=options.get("removability", False),
    )
    if not is_dry_run:
        studio.open_store(create=True).close()
    return job, identity


def _with_choices(profile: Profile, options: ProtectOptions) -> Profile:
    """Let what was chosen for this run go before the profile."""
    names = {"creator", "notice", "contact", "terms_url", "usage_terms"}
    return replace(profile, **{name: text for name, text in _texts(options) if name in names})


def _texts(options: ProtectOptions) -> list[tuple[str, str]]:
    return [(name, value) for name, value in options.items() if isinstance(value, str)]


def _opt_out(profile: Profile, options: ProtectOptions) -> OptOut:
    names = {"constraints", "data_mining", "digital_source"}
    return OptOut(
        creator=profile.creator,
        notice=profile.credit,
        contact=profile.contact,
        terms_url=profile.terms_url,
        usage_terms=profile.usage_terms,
        **{name: text for name, text in _texts(options) if name in names},
    )


def _look(profile: Profile, options: ProtectOptions) -> VisibleLook:
    logo = options.get("logo")
    if logo is not None and options.get("text"):
        raise ValueError("the visible mark shows either a text or a logo, not both")
    return VisibleLook(
        options.get("visible", "corner"),
        options.get("text") or profile.credit,
        None if logo is None else _logo_rgba(logo),
        options.get("opacity"),
        options.get("size"),
        options.get("margin"),
        options.get("font"),
        options.get("edge", "auto"),
    )


def _logo_rgba(source: PictureSource) -> NDArray[np.uint8]:
    view = rendition(load(source, "the logo").picture, LOGO_PX)
    alpha = np.full(view.rgb.shape[:2], 255, np.uint8) if view.alpha is None else view.alpha
    return np.dstack([view.rgb, alpha])


def _recipient(text: str) -> str:
    """Write a recipient's name in one way, so that the same name is the same mark."""
    name = unicodedata.normalize("NFC", text).strip()
    if len(name) > MAX_RECIPIENT_CHARACTERS or any(unicodedata.category(c) == "Cc" for c in name):
        raise ValueError(f"a recipient is one line of at most {MAX_RECIPIENT_CHARACTERS} letters")
    return name
