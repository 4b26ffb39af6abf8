"""The choices of a protection, and the job they make with profile and key."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypedDict, cast

import numpy as np
from numpy.typing import NDArray

from ocguard.certificate import SigningKey, own_signing_key, read_signing_key
from ocguard.choices import Edge, OnExists, Strength, VisibleLayout
from ocguard.creator import Profile
from ocguard.home import Home
from ocguard.imaging.files import read_bytes
from ocguard.imaging.rendition import rendition
from ocguard.imaging.svg import is_svg, svg_rgba
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.portfolio import has_portfolio, require_title, today
from ocguard.provenance.credentials import require_c2pa
from ocguard.provenance.optout import OptOut
from ocguard.watermark.visible.fonts import runs_of
from ocguard.watermark.visible.qr import qr_rgba
from ocguard.watermark.visible.template import fields_of, filled
from ocguard.watermark.visible.typesetting import tidy_text, without_emoji
from ocguard.watermark.visible.vertical import require_shaper
from ocguard.workflows.home.index_cache import ready_index
from ocguard.workflows.home.platforms import find_profiles
from ocguard.workflows.home.presets import load_preset
from ocguard.workflows.home.workspace import Identity, StrPath, Workspace
from ocguard.workflows.protect.job import ProtectJob
from ocguard.workflows.protect.recipients import alike_notes, recipient_name
from ocguard.workflows.protect.upload import upload_format
from ocguard.workflows.protect.visible import VisibleLook
from ocguard.workflows.sources import PictureSource, load

__all__ = ["ProtectOptions", "prepare_protect"]

LOGO_PX: Final = 2048
"""Long side of the largest logo that is kept; a corner mark on 16,384 px needs 1,475 px."""

_COLOR: Final = re.compile("#[0-9A-Fa-f]{6}")
_BRACES: Final = {ord("{"): "{{", ord("}"): "}}"}  # as a template writes them


class ProtectOptions(TypedDict, total=False):
    """What may be chosen; whatever is left out has a good default.

    ``creator``, ``notice``, ``contact``, ``terms_url``, ``usage_terms``, ``digital_source`` go
    before the profile's. ``constraints``, ``data_mining`` are as in
    :class:`ocguard.provenance.optout.OptOut`. ``preset`` names a kept look, or a TOML file; the
    options of the look that are given go before it. ``visible`` is ``"none"``, ``"corner"``
    (default), ``"band"``, ``"tile"`` or ``"frame"``; it says ``text`` (default: the notice;
    fields as in :data:`ocguard.watermark.visible.template.FIELDS`, filled by ``title``, which the
    portfolio keeps, ``platform`` and the rest) or shows ``logo`` or the ``qr`` code of an address,
    with ``opacity``, ``size`` and ``margin`` in percent, a ``font`` file, letters of a ``color``
    (``"#RRGGBB"``), and an ``edge`` of
    ``"auto"`` (default), ``"none"``, ``"outline"`` or ``"shadow"`` around its letters, or
    ``vertical`` columns in the corner; ``removability`` tries to remove it again and says what
    is left. ``strength`` of the invisible mark is ``"quiet"``, ``"normal"`` (default) or
    ``"strong"``. ``recipient`` gives the copies an id of their own. ``file_format`` is
    ``"keep"`` (default), ``"png"``, ``"jpeg"``, ``"webp"`` or ``"avif"``, ``quality`` 1 to 100.
    ``on_exists`` is ``"error"`` (default), ``"skip"`` or ``"overwrite"``. ``platforms`` are where
    it will be posted: the file is made to suit them, and ``survives`` of the result says what
    each of them leaves; they fill in ``platform`` where that is left out. ``private`` leaves
    out of the file what gives away places, serial numbers and names of owners and devices, as
    ``platforms`` does by itself. ``c2pa`` signs the file with Content Credentials, which say how
    it was made, so that there must be a ``digital_source``; by certificates of the creator's own,
    or by the chain in ``c2pa_certificates`` with its ``c2pa_key``. ``dry_run`` does
    everything but record and write.
    """

    creator: str
    notice: str
    contact: str
    terms_url: str
    usage_terms: str
    constraints: str
    data_mining: str
    digital_source: str
    preset: str
    visible: VisibleLayout
    text: str
    logo: PictureSource
    opacity: float
    size: float
    margin: float
    font: str
    color: str
    edge: Edge
    vertical: bool
    qr: str
    title: str
    platform: str
    removability: bool
    strength: Strength
    recipient: str
    file_format: str
    quality: int
    on_exists: OnExists
    platforms: Sequence[str]
    private: bool
    c2pa: bool
    c2pa_certificates: StrPath
    c2pa_key: StrPath
    dry_run: bool


def prepare_protect(
    workspace: Workspace,
    options: ProtectOptions,
    ask_name: Callable[[], str],
    ask_source: Callable[[], str] = lambda: "",
) -> tuple[ProtectJob, Identity]:
    """Load or make the creator's identity, check all choices, and make sure of the portfolio.

    Parameters
    ----------
    workspace : Workspace
        Where the creator works.
    options : ProtectOptions
        The choices.
    ask_name : callable
        Gives the creator's name on first use, when `options` has none.
    ask_source : callable
        Gives, where the name was asked for, how the creator's pictures come into being; empty for
        no answer, which declares nothing.

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
    ProfileError, PortfolioError, PlatformError, ImageReadError, FontError, OSError
        Profile, key, portfolio, platform profile, logo or font cannot be used.
    """
    options = _with_preset(workspace.home, options)
    is_dry_run = options.get("dry_run", False)
    platforms = find_profiles(options.get("platforms", ()), workspace.home)
    file_format = options.get("file_format", "keep")

    first_profile = partial(_first_profile, options, ask_name, ask_source)
    if is_dry_run and not workspace.home.has_profile():
        identity = Identity(first_profile(), SecretKey.generate(), is_new=False)
    else:
        identity = workspace.identity(first_profile)
    profile = _with_choices(identity.profile, options)
    look = _look(profile, options)
    title = _title(options.get("title") or "")
    fields = _fields(look, profile, options, ", ".join(one.name for one in platforms))
    _require_drawable(look, fields)
    job = ProtectJob(
        workspace=workspace,
        secret=identity.key.to_bytes(),
        look=look,
        opt_out=_opt_out(profile, options),
        strength=options.get("strength", "normal"),
        recipient=recipient_name(options.get("recipient") or ""),
        file_format=upload_format(platforms, file_format) if platforms else file_format,
        quality=options.get("quality"),
        on_exists=options.get("on_exists", "error"),
        is_dry_run=is_dry_run,
        tries_removal=options.get("removability", False),
        title=title,
        fields=fields,
        platforms=platforms,
        is_private=options.get("private", False) or bool(platforms),
        signing_key=_signing_key(profile, identity.key, options),
    )
    if not is_dry_run:
        workspace.open_store(create=True).close()
    return _with_portfolio(job), identity


def _with_portfolio(job: ProtectJob) -> ProtectJob:
    """Give a job what it has to know of the works and marks that there are."""
    if not ((job.platforms or job.recipient) and has_portfolio(job.location)):
        return job
    with job.workspace.open_store() as store:
        job = replace(job, notes=alike_notes(store, job.recipient))
        if not job.platforms:
            return job
        cache = ready_index(store, job.location, job.workspace.home.cache_folder)
    return replace(job, index_folder=cache.folder)


def _first_profile(
    options: ProtectOptions, ask_name: Callable[[], str], ask_source: Callable[[], str]
) -> Profile:
    """Make a profile of what was said; whoever is asked for the name is asked for the rest."""
    said = options.get("creator")
    name = said or ask_name()
    source = "" if said or options.get("digital_source") else ask_source()
    notice, contact = options.get("notice", ""), options.get("contact", "")
    return Profile(name, notice, contact, digital_source=source)


def _with_preset(home: Home, options: ProtectOptions) -> ProtectOptions:
    """Let a preset fill in the look; a text, logo or code of this run replaces the preset's."""
    name = options.get("preset")
    if not name:
        return options
    preset: dict[str, Any] = load_preset(home, name)
    is_frame = options.get("visible", preset.get("visible")) == "frame"  # which has room for both
    for said in {"text", "logo", "qr"} & options.keys():
        replaced = {"text"} if said == "text" else {"logo", "qr"}
        replaced = replaced if is_frame else {"text", "logo", "qr"}
        preset = {key: value for key, value in preset.items() if key not in replaced}
    merged: Any = preset | dict(options)
    return cast(ProtectOptions, merged)


def _with_choices(profile: Profile, options: ProtectOptions) -> Profile:
    """Let what was chosen for this run go before the profile."""
    names = {"creator", "notice", "contact", "terms_url", "usage_terms", "digital_source"}
    return replace(profile, **{name: text for name, text in _texts(options) if name in names})


def _texts(options: ProtectOptions) -> list[tuple[str, str]]:
    return [(name, value) for name, value in options.items() if isinstance(value, str)]


def _opt_out(profile: Profile, options: ProtectOptions) -> OptOut:
    names = {"constraints", "data_mining"}
    return OptOut(
        creator=profile.creator,
        notice=profile.credit,
        contact=profile.contact,
        terms_url=profile.terms_url,
        usage_terms=profile.usage_terms,
        digital_source=profile.digital_source,
        **{name: text for name, text in _texts(options) if name in names},
    )


def _signing_key(profile: Profile, key: SecretKey, options: ProtectOptions) -> SigningKey | None:
    """Return what to sign Content Credentials with, refusing to say what nobody has said."""
    files = options.get("c2pa_certificates"), options.get("c2pa_key")
    if not options.get("c2pa") and files == (None, None):
        return None
    if not profile.digital_source:
        raise ValueError(
            Message(
                "Content Credentials say how a picture was made, and only you know that: give "
                "--digital-source CODE, or keep it with 'ocguard profile set --digital-source "
                "CODE'"
            )
        )
    require_c2pa()
    certificates, private = files
    if certificates is None and private is None:
        return own_signing_key(key, profile.creator)
    if certificates is None or private is None:
        raise ValueError(Message("--c2pa-certificates and --c2pa-key go together"))
    return read_signing_key(Path(certificates), Path(private))


def _look(profile: Profile, options: ProtectOptions) -> VisibleLook:
    """Gather the choices of the visible mark, refusing what does not go together."""
    layout = options.get("visible", "corner")
    logo, address = options.get("logo"), options.get("qr")
    if logo is not None and address:
        raise ValueError(Message("the visible mark shows either a logo or a QR code, not both"))
    is_logo = logo is not None or bool(address)
    if is_logo and options.get("text") and layout != "frame":
        raise ValueError(
            Message("the visible mark shows either a text or a logo, not both, but in a frame")
        )
    if address and layout not in {"corner", "frame"}:
        raise ValueError(
            Message("a QR code can be read in a corner or a frame only: choose --visible frame")
        )
    if options.get("vertical") and (is_logo or layout != "corner"):
        raise ValueError(
            Message("only the text of a corner mark can be vertical: choose --visible corner")
        )
    if options.get("color") and is_logo and layout != "frame":
        raise ValueError(Message("a logo keeps its colors, and a QR code is black: no --color"))
    text = options.get("text") or without_emoji(profile.credit).translate(_BRACES)
    if is_logo and layout != "frame":
        text = ""
    fields_of(text)
    return VisibleLook(
        layout,
        text,
        qr_rgba(address) if address else None if logo is None else _logo_rgba(logo),
        is_qr=bool(address),
        opacity_percent=options.get("opacity"),
        size_percent=options.get("size"),
        margin_percent=options.get("margin"),
        font_path=options.get("font"),
        color=_color(options.get("color")),
        edge=options.get("edge", "auto"),
        is_vertical=options.get("vertical", False),
    )


def _color(said: str | None) -> tuple[int, int, int] | None:
    """Read a color as pages and painting programs write it."""
    if not said:
        return None
    if not _COLOR.fullmatch(said):
        raise ValueError(Message("{color} is no color: write #RRGGBB, such as #ff6699", color=said))
    red, green, blue = bytes.fromhex(said[1:])
    return red, green, blue


def _fields(
    look: VisibleLook, profile: Profile, options: ProtectOptions, platforms: str
) -> dict[str, str]:
    """Say what the fields stand for that are the same in every picture, refusing empty ones."""
    named = {
        "creator": profile.creator,
        "recipient": recipient_name(options.get("recipient") or ""),
        "platform": options.get("platform") or platforms,
        "title": options.get("title", ""),
        "date": today(),
    }
    fields = {name: without_emoji(text) for name, text in named.items()}
    is_marked = look.layout != "none"
    for name in fields_of(look.text) - {"title", "short_id"} if is_marked else ():
        filled(f"{{{name}}}", fields)
    return fields


def _require_drawable(look: VisibleLook, fields: Mapping[str, str]) -> None:
    """Refuse a text that cannot be drawn, or that is too long, before any picture is read."""
    if look.layout == "none" or not look.text:
        return
    if look.is_vertical:
        require_shaper()
    known = {name: value for name, value in fields.items() if value}
    own = {"title": "title", "short_id": "01234567"}  # stand in for what each picture has
    runs_of(tidy_text(filled(look.text, own | known)), font_path=look.font_path)


def _logo_rgba(source: PictureSource) -> NDArray[np.uint8]:
    """Read a logo, from a picture or from SVG."""
    name = (
        Message("the logo {source}", source=source)
        if isinstance(source, str | os.PathLike)
        else Message("the logo")
    )
    if isinstance(source, str | os.PathLike):
        source = read_bytes(source)
    if isinstance(source, bytes) and is_svg(source):
        return svg_rgba(source, LOGO_PX, name)
    view = rendition(load(source, name).picture, LOGO_PX)
    alpha = np.full(view.rgb.shape[:2], 255, np.uint8) if view.alpha is None else view.alpha
    return np.dstack([view.rgb, alpha])


def _title(text: str) -> str:
    """Give a title as the portfolio will keep it, refusing what is none before any work is done."""
    title = text.strip()
    if title:
        require_title(title)
    return title
