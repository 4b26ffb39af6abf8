"""``ocguard portfolio journal``: what happened to a portfolio."""

from __future__ import annotations

from typing import Final

import click

from ocguard.cli.options import json_option
from ocguard.cli.session import Session
from ocguard.cli.terminal import emit, printable, say, say_line, status_word
from ocguard.cli.width import padded
from ocguard.language.catalogs import phrase
from ocguard.language.message import in_context
from ocguard.wording import VERDICTS

__all__ = ["journal"]

_WORDS: Final = {
    "began": in_context("journal", "began"),
    "committed": in_context("journal", "committed"),
    "registered": in_context("journal", "registered"),
    "issued": in_context("journal", "issued"),
    "checked": in_context("journal", "checked"),
    "posted": in_context("journal", "posted"),
    "stamped": in_context("journal", "stamped"),
    "renamed": in_context("journal", "renamed"),
    "drafted": in_context("journal", "drafted"),
    "imported": in_context("journal", "imported"),
    "withdrawn": in_context("journal", "withdrawn"),
    "removed": in_context("journal", "removed"),
    "restored": in_context("journal", "restored"),
    "taken-back": in_context("journal", "taken-back"),
    "put-back": in_context("journal", "put-back"),
    "works": in_context("journal", "works"),
    "marks": in_context("journal", "marks"),
    "others": in_context("journal", "others"),
    "chains": in_context("journal", "chains"),
    "journals": in_context("journal", "journals"),
    "key_id": in_context("journal", "key_id"),
    "commitment": in_context("journal", "commitment"),
    "work": in_context("journal", "work"),
    "file_sha256": in_context("journal", "file_sha256"),
    "pixel_sha256": in_context("journal", "pixel_sha256"),
    "suspect_sha256": in_context("journal", "suspect_sha256"),
    "verdict": in_context("journal", "verdict"),
    "on": in_context("journal", "on"),
    "mark": in_context("journal", "mark"),
    "issue": in_context("journal", "issue"),
    "output_sha256": in_context("journal", "output_sha256"),
    "title_sha256": in_context("journal", "title_sha256"),
    "root": in_context("journal", "root"),
    "leaves": in_context("journal", "leaves"),
    "at": in_context("journal", "at"),
    "token_sha256": in_context("journal", "token_sha256"),
    "frame": in_context("journal", "frame"),
    "url_sha256": in_context("journal", "url_sha256"),
    "draft": in_context("journal", "draft"),
}
"""Events, and then the names of facts, as entries name them."""


@click.command("journal")
@json_option
@click.pass_obj
def journal(session: Session, /, as_json: bool) -> None:
    """List what happened to the portfolio.

    Signed entries, in a chain for each device, that are only ever added to. Times are what its
    clock said. 'ocguard portfolio check' verifies all chains.
    """
    chain = ""
    for row in session.open_portfolio().journal():
        if as_json:
            emit(row.to_dict())
            continue
        if chain != (chain := row.chain_id):
            say("Journal {chain_id}", chain_id=chain)
        facts = " ".join(f"{_word(name)} {_fact(name, value)}" for name, value in row.facts.items())
        event = padded(printable(_word(row.event)), 10)
        say_line(f"{row.number:>6}  {row.at[:19]} UTC  {event} {printable(facts)}")


def _word(word: str) -> str:
    """Say an event or the name of a fact in the chosen language; a newer version's as it is."""
    return phrase(_WORDS[word], "journal") if word in _WORDS else word


def _fact(name: str, value: object) -> str:
    """Say a fact; of digests the beginning, which tells them apart."""
    if name == "verdict" and value in VERDICTS:
        return status_word(str(value))
    return str(len(value)) if isinstance(value, dict) else str(value)[:16]
