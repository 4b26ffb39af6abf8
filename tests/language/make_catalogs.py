"""Make the template of all sentences, and bring the catalogs up to date: `make catalogs`.

Run it after a sentence was added or changed in the code. It writes ``ocguard.pot``, puts new
sentences into each ``ocguard.po`` without a translation, marks those that resemble an old one as
fuzzy, and compiles each ``ocguard.mo``. What click says itself lies in catalogs of its own.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import ocguard
from ocguard import errors
from ocguard.cli.app import app
from ocguard.cli.speech import HELP_FIELDS, one_line_a_paragraph
from ocguard.language.catalogs import DOMAIN, FOLDER
from ocguard.language.choice import LANGUAGES
from ocguard.platforms.shipped import shipped_profiles

SOURCE = Path(ocguard.__file__).parent
CLICK = "click"
"""Domain of what click says itself."""

TRANSLATED = tuple(language for language in LANGUAGES if language != "en")

METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]

ERRORS = [name for name in errors.__all__ if name != "MissingExtraError"]
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "Message": (1,),
    "translatable": (1,),
    "translatable_forms": (1, 2),
    "in_context": ((1, "c"), 2),
    "counted": (1, 2),
    "MissingExtraError": (1,),
    "NoTenantError": (1,),
    "Refusal": (2,),
    "UnknownWorkError": (1,),
    "complain": (1,),
    "damaged": (2,),
    "note": (1,),
    "refuse": (1,),
    "said": (1,),
    "say": (1,),
    "say_indented": (2,),
    **dict.fromkeys(ERRORS, (1,)),
}
"""Functions whose arguments are sentences, and which arguments: what Babel looks for."""

OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


def template() -> Catalog:
    """Collect every sentence that ocguard says: in code, in templates, in help texts."""
    catalog = _catalog("ocguard")
    with contextlib.redirect_stderr(io.StringIO()):  # Babel warns of f-strings among values
        found = list(extract_from_dir(SOURCE, METHODS, OPTIONS, KEYWORDS, ("Translators:",)))
    for name, _, message, comments, context in found:
        place = f"src/ocguard/{name}"
        catalog.add(message, None, [(place, None)], auto_comments=comments, context=context)
    for place, text in (*help_texts(app), *platform_texts()):
        catalog.add(text, None, [(place, None)])
    return catalog


def platform_texts() -> Iterator[tuple[str, str]]:
    """Yield what the shipped platforms say in words, with the name of each."""
    for name, profile in shipped_profiles().items():
        for text in filter(None, (profile.title, profile.notes, profile.source)):
            yield f"platform {name}", text


def help_texts(command: click.Command, name: str = "ocguard") -> Iterator[tuple[str, str]]:
    """Yield every help text of a command and of those below it, with the command's name."""
    for field in HELP_FIELDS:
        if text := getattr(command, field):
            yield name, one_line_a_paragraph(text)
    for option in command.params:
        if text := getattr(option, "help", None):
            yield name, one_line_a_paragraph(text)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for one in command.list_commands(context):
            below = command.get_command(context, one)
            assert below is not None
            yield from help_texts(below, f"{name} {one}")


def click_template() -> Catalog:
    """Collect what the installed click says itself."""
    catalog = _catalog(CLICK)
    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        for _, message, _, context in extract_from_file("python", path):
            catalog.add(message, None, [(f"click/{path.name}", None)], context=context)
    return catalog


PERCENT_FIELD: Final = re.compile(r"%\(\w+\)[sd]")
"""A value in a template of the page: there, sentences are filled in as Python's ``%`` does."""


def is_percent(entry: Message) -> bool:
    """Tell whether a sentence names its values by ``%(name)s``, and not by ``{name}``."""
    text = entry.id if isinstance(entry.id, str) else entry.id[-1]
    return PERCENT_FIELD.search(text) is not None


def said_of(entry: Message) -> str:
    """Return all that a translation says, in one text; empty where there is none."""
    return entry.string if isinstance(entry.string, str) else "".join(entry.string)


def po_path(language: str, domain: str = DOMAIN) -> Path:
    """Name the catalog of a language."""
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def read_catalog(path: Path, language: str | None = None) -> Catalog:
    """Read a catalog, or a template."""
    with path.open("rb") as stream:
        return read_po(stream, language)


def compiled(catalog: Catalog) -> bytes:
    """Compile a catalog, with no time in it; what is fuzzy is left out."""
    catalog.creation_date = catalog.revision_date = datetime.datetime(2026, 1, 1)
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def main() -> None:
    """Bring everything up to date, and count what is to be translated."""
    for domain, current in ((DOMAIN, template()), (CLICK, click_template())):
        _write(FOLDER / f"{domain}.pot", current)
        for language in TRANSLATED:
            path = po_path(language, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalog = read_catalog(path, language) if path.exists() else _catalog(domain, language)
            catalog.update(current, no_fuzzy_matching=False, update_header_comment=False)
            catalog.obsolete.clear()
            for one in catalog:
                if one.fuzzy and not said_of(one):
                    one.flags.discard("fuzzy")
            _write(path, catalog)
            path.with_suffix(".mo").write_bytes(compiled(catalog))
            left = sum(not one.string or not all(one.string) for one in catalog if one.id)
            fuzzy = sum(one.fuzzy for one in catalog if one.id)
            print(f"{path.relative_to(SOURCE.parent)}: {left} untranslated, {fuzzy} fuzzy")


def _catalog(project: str, language: str | None = None) -> Catalog:
    """Make an empty template, or an empty catalog of a language."""
    names = {"last_translator": "", "language_team": "", "msgid_bugs_address": ""}
    return Catalog(language, project=project, version="", fuzzy=False, header_comment="#", **names)


def _write(path: Path, catalog: Catalog) -> None:
    """Write sorted entries with the files that they come from, and a header without times."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=100, sort_output=True, include_lineno=False, omit_header=False)
    lines = stream.getvalue().decode().splitlines(keepends=True)
    timed = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    path.write_text("".join(one for one in lines if not one.startswith(timed)), encoding="utf-8")


if __name__ == "__main__":
    main()
