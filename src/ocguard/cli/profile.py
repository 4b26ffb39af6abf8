"""``ocguard profile``: who the creator is, the secret key, and the public identity."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from ocguard.cli.session import Session
from ocguard.cli.terminal import note, printable, put, said, say, say_line
from ocguard.cli.width import padded

if TYPE_CHECKING:
    from ocguard.home import Home

__all__ = ["command"]


@click.group("profile", short_help="Your name, notice and contact, and the secret key.")
def command() -> None:
    """Your name, notice and contact, and the secret key behind your marks."""


@command.command("show")
@click.pass_obj
def show(session: Session) -> None:
    """Show the profile and where everything lies."""
    workspace = session.workspace()
    profile = workspace.home.load_profile()
    lines = {
        said("Creator"): profile.creator,
        said("Notice"): profile.credit,
        said("Contact"): profile.contact,
        said("Terms page"): profile.terms_url,
        said("Usage terms"): profile.usage_terms,
        said("Made by"): profile.digital_source,
        said("Key id"): profile.key_id,
        said("Identity"): _fingerprint(workspace.home),
        said("Profile"): workspace.home.profile_file,
        said("Secret key"): workspace.home.key_file,
        said("Portfolio"): workspace.location,
    }
    for name, text in lines.items():
        say_line(f"{padded(name, 13)} {printable(text) if text else '-'}")


def _fingerprint(home: Home) -> str:
    """Name the identity, as far as the key can be used; elsewhere it is said why it cannot."""
    from ocguard.errors import ProfileError

    try:
        return home.load_key().signer().identity.fingerprint
    except ProfileError:
        return ""


@command.command("set")
@click.option("--creator", metavar="NAME", help="Your name or your studio's.")
@click.option("--notice", metavar="TEXT", help="Copyright notice; empty for '© NAME'.")
@click.option("--contact", metavar="TEXT", help="Where to ask for a license: mail address or page.")
@click.option("--terms-url", metavar="URL", help="Page with your terms.")
@click.option("--usage-terms", metavar="TEXT", help="Your terms in one sentence.")
@click.option(
    "--digital-source",
    metavar="CODE",
    help="IPTC code of how your pictures are made, such as digitalCreation, to declare of all.",
)
@click.pass_obj
def set_(session: Session, /, **texts: str | None) -> None:
    """Change lines of the profile; makes profile and key on first use."""
    from ocguard.workflows.home.creator import change_profile

    changes = {name: text for name, text in texts.items() if text is not None}
    if not changes:
        raise click.UsageError(said("nothing to set: give at least one option, see --help"))
    home = session.workspace().home
    is_new = not home.has_profile()
    profile = change_profile(home, changes)
    say("Profile of {creator} saved in {path}", creator=profile.creator, path=home.profile_file)
    if is_new:
        explain_key(home.key_file)


@command.command("identity")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.pass_obj
def identity(session: Session, file: Path) -> None:
    """Write your public identity to a new FILE.

    Give it to those who verify what you signed. '-' is standard output. Post the fingerprint where
    people know you: then nobody can sign in your name with another identity.
    """
    from ocguard.workflows.home.creator import export_identity

    if file == Path("-"):
        pem = session.workspace().home.load_key().signer().identity.to_pem()
        put(pem.decode("ascii"))
        return
    exported = export_identity(session.workspace().home, file)
    say(
        "Public identity {fingerprint} written to {path}",
        fingerprint=exported.fingerprint,
        path=file,
    )


@command.group("key")
def key() -> None:
    """Keep your secret key safe, or bring it to another machine."""


@key.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.pass_obj
def export(session: Session, file: Path) -> None:
    """Copy the secret key to a new FILE that only you can read.

    It holds your identity too, which is derived from it, so there is nothing else to keep. '-' is
    standard output, to hand it to a vault; do not redirect it into a file.
    """
    from ocguard.workflows.home.creator import export_key

    if file == Path("-"):
        put(session.workspace().home.load_key().to_text())
        return
    exported = export_key(session.workspace().home, file)
    say("Key {key_id} copied to {path}", key_id=exported.key_id, path=file)
    note(
        "It holds your identity too. Keep it where nobody else can read it: who has it can forge"
        " and remove your marks, and sign in your name."
    )


@key.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"))
@click.pass_obj
def import_(session: Session, file: TextIO) -> None:
    """Take the secret key from FILE, or from standard input with '-'."""
    from ocguard.workflows.home.creator import import_key

    imported = import_key(session.workspace().home, file.read(65_536))
    home = session.workspace().home
    say("Key {key_id} is now the key of {folder}", key_id=imported.key_id, folder=home.folder)
    if not home.has_profile():
        note("There is no profile here yet: 'ocguard profile set --creator NAME' makes it.")


def explain_key(path: Path) -> None:
    """Tell a new user where the key lies and what it is worth."""
    note("Your secret key lies in {path}", path=path)
    note(
        "Your marks can be read with it alone. Losing it loses the proof: keep a copy with"
        " 'ocguard profile key export FILE' on a disk or on paper that only you can reach."
    )
