"""``ocguard platforms``: the platforms that can be simulated."""

from __future__ import annotations

import click

from ocguard.cli.options import json_option
from ocguard.cli.session import Session
from ocguard.cli.terminal import confidence_word, emit, printable, said, say_line
from ocguard.cli.width import padded

__all__ = ["command"]


@click.command("platforms", short_help="List the platforms that can be simulated, or show some.")
@click.argument("names", nargs=-1, metavar="[PLATFORM]...")
@json_option
@click.pass_obj
def command(session: Session, /, names: tuple[str, ...], as_json: bool) -> None:
    """List the platforms that can be simulated, with how sure their profiles are.

    With names, show these profiles whole, as TOML: copy one into the folder 'platforms' of your
    home folder, or anywhere, and change it. 'ocguard selftest' measures one.
    """
    from ocguard.workflows.home.platforms import KnownProfile, find_profile, known_profiles

    home = session.workspace().home
    known = known_profiles(home)
    files = {one.profile.name: one.file for one in known}
    if names:
        found = [find_profile(name, home) for name in names]
        known = [KnownProfile(one, files.get(one.name)) for one in found]
    for one in known:
        if as_json:
            emit(one.to_dict())
        elif names:
            say_line("\n".join(printable(line) for line in one.text().splitlines()))
        else:
            profile = one.profile
            origin = "" if one.file is None else said("(yours)")
            say_line(
                f"{profile.name:<15} {padded(confidence_word(profile.confidence), 8)}"
                f" {profile.checked.isoformat()}"
                f"  {printable(profile.title)}  {origin}".rstrip()
            )
