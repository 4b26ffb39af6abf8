"""The program: global options, the table of commands, and the one place where errors end.

Exit codes: 0 done and nothing to report, 1 a finding, 2 wrong usage, 3 some inputs failed, 4 all
failed, 5 nothing but copied marks, 130 interrupted, 141 nobody reads what is printed any more.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, Final, NoReturn

import click

from ocguard.cli.defaults import apply_config
from ocguard.cli.session import ALL_FAILED, INTERRUPTED, PIPE_CLOSED, USAGE, Session
from ocguard.cli.speech import lang_option, speak, spoken
from ocguard.cli.terminal import complain, let_go_of_output, prepare_streams, said
from ocguard.errors import ConfigError, OcguardError, PlatformError
from ocguard.language.choice import system_language
from ocguard.language.message import Message

__all__ = ["LazyGroup", "app", "main"]

COMMANDS: Final = (
    "app",
    "protect",
    "simulate",
    "check",
    "detect",
    "compare",
    "report",
    "notice",
    "cases",
    "recover",
    "sitekit",
    "timestamp",
    "fingerprint",
    "watch",
    "serve",
    "selftest",
    "platforms",
    "portfolio",
    "profile",
    "preset",
)
"""In the order of a person's work; each is a module of this package."""

_MODULES: Final = {"app": "page"}
"""Where the module is called otherwise: this one is the program itself."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of a person's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"ocguard.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return spoken(command)

    def get_help(self, ctx: click.Context) -> str:
        """Return the help of the program in the chosen language."""
        told = spoken(self)
        if told is not self:
            ctx = told.make_context(ctx.info_name, [], resilient_parsing=True)
        return click.Group.get_help(told, ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was asked for, or name the one that was meant."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from ocguard.toml import did_you_mean

            hint = did_you_mean(name.lower(), COMMANDS, Message("see 'ocguard --help'"))
            raise click.UsageError(
                said("there is no command {name!r}: {hint}", name=name, hint=hint), ctx
            )
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *more: Any, **extra: Any) -> NoReturn:
        """Run the program and leave with an exit code; every error ends here."""
        prepare_streams()
        speak(system_language(os.environ))
        extra["standalone_mode"] = False
        try:
            code = super().main(args, *more, **extra)
        except click.UsageError as error:
            error.show()
            if isinstance(error, click.NoSuchOption) and error.option_name in _global_options():
                name = error.option_name
                hint = said(
                    "{option} goes before the command: ocguard {option} COMMAND ...", option=name
                )
                click.echo(hint, err=True)
            code = USAGE
        except click.ClickException as error:
            complain(error.format_message())
            code = USAGE
        except (ConfigError, PlatformError) as error:
            complain(error.message)
            code = USAGE
        except SystemExit:  # click's answer to a pipe that was closed at the other end
            code = PIPE_CLOSED
        except (KeyboardInterrupt, click.Abort):
            complain("interrupted; what is listed above is done, nothing is half done")
            code = INTERRUPTED
        except (OcguardError, OSError) as error:
            from ocguard.workflows.failures import explain

            complain(explain(error))
            code = ALL_FAILED
        except Exception as error:  # exit code 1 is a finding, so a crash must not end with it
            from ocguard.workflows.failures import explain

            traceback.print_exc()
            complain(explain(error))
            code = ALL_FAILED
        let_go_of_output()
        sys.exit(code)


def _global_options() -> set[str]:
    """Name the options that go before the command."""
    return {name for option in app.params for name in option.opts}


_HELP: Final = """Protect your original characters before posting, and find near-copies of them.

\b
  ocguard protect art/ --out protected/    mark pictures, register them
  ocguard check suspect.jpg                is it a near-copy of something of mine?
  ocguard detect found.webp                whose mark is in it?

Everything happens on this machine; nothing is sent anywhere that you do not name."""


@click.group(
    cls=LazyGroup,
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 nothing to report, 1 a finding, 2 wrong usage, 3 some inputs failed,"
    " 4 all failed, 5 nothing but copied marks, 130 interrupted, 141 pipe closed.",
)
@lang_option
@click.option(
    "--home",
    envvar="OCGUARD_HOME",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Folder of your profile, secret key and default portfolio  [env OCGUARD_HOME].",
)
@click.option(
    "--portfolio",
    envvar="OCGUARD_PORTFOLIO",
    metavar="PATH_OR_URL",
    help="Portfolio to use instead of the one in the home folder  [env OCGUARD_PORTFOLIO].",
)
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Say more about every picture.")
@click.version_option(None, "--version", package_name="ocguard", prog_name="ocguard")
@click.pass_context
def app(ctx: click.Context, /, **options: Any) -> None:
    """Take the global options, and defaults from a configuration file."""
    apply_config(ctx, app, options)
    if (language := options.pop("lang")) is not None:
        speak(language)
    ctx.obj = Session(**options)


def main() -> NoReturn:
    """Start the program."""
    app.main()
