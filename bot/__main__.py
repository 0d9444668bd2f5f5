# ruff: noqa: PLC0415  # a command imports what it needs when it is called, so that `parse` starts fast
"""The commands. Each reads its options here and does its work in `bot.commands`, imported only when it is called."""

import sys
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.console import DONE, FAILED, WRONG, CommandError, moment, notes, settings_of, wrong

TEXTS = Path(__file__).parent / "texts" / "cli.toml"


@cache
def _help_texts() -> dict[str, str]:
    with TEXTS.open("rb") as file:
        return dict(tomllib.load(file)["help"])


def _help(key: str) -> str:
    return _help_texts()[key.removeprefix("cli.help.")]


def _option(name: str, key: str) -> typer.models.OptionInfo:
    return typer.Option(name, help=_help(key))  # type: ignore[no-any-return]  # typer declares Any, for defaults


Config = Annotated[Path | None, _option("--config", "cli.help.config")]
Database = Annotated[str | None, _option("--database", "cli.help.database")]
At = Annotated[str | None, _option("--at", "cli.help.at")]
Branches = Annotated[Path | None, _option("--branches", "cli.help.branches")]
Channels = Annotated[list[str] | None, _option("--channel", "cli.help.channel")]
Json = Annotated[bool, _option("--json", "cli.help.json")]

app = typer.Typer(
    name="python -m bot", help=_help("cli.help.program"), add_completion=False, rich_markup_mode=None,
    no_args_is_help=True, pretty_exceptions_enable=False,
)  # fmt: skip


@app.command(help=_help("cli.help.run"))
def run(
    *,
    demo: Annotated[bool, _option("--demo", "cli.help.demo")] = False,
    channel: Channels = None,
    accept_clock: Annotated[bool, _option("--accept-clock", "cli.help.accept_clock")] = False,
    config: Config = None,
    database: Database = None,
) -> None:
    """Run the bot until it is told to stop."""
    from bot.commands import running

    running.run(settings_of(config, database), channel, demo=demo, accept_clock=accept_clock, named=bool(database))


@app.command("import", help=_help("cli.help.import"))
def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE.xlsx|FOLDER", help=_help("cli.help.import_path"))],
    at: At = None,
    config: Config = None,
    database: Database = None,
) -> None:
    """Import units, posts and targets."""
    from bot.commands import tables

    tables.import_tables(settings_of(config, database), path, moment(at))


@app.command(help=_help("cli.help.template"))
def template(output: Annotated[Path | None, _option("--output", "cli.help.template_output")] = None) -> None:
    """Write the workbook to be filled in."""
    from bot.commands import tables

    tables.write_template(output)


@app.command(help=_help("cli.help.invite"))
def invite(
    *,
    everyone: Annotated[bool, _option("--all", "cli.help.all")] = False,
    output: Annotated[Path | None, _option("--output", "cli.help.invite_output")] = None,
    unit: Annotated[str | None, _option("--unit", "cli.help.unit")] = None,
    role: Annotated[str | None, _option("--role", "cli.help.role")] = None,
    at: At = None,
    config: Config = None,
    database: Database = None,
) -> None:
    """Issue invitation codes."""
    from bot.commands import inviting

    if everyone and output and not (unit or role):
        inviting.invite_everyone(settings_of(config, database), output, moment(at))
    elif unit and role and not (everyone or output):
        inviting.invite_to_post(settings_of(config, database), unit, role, moment(at))
    else:
        raise wrong("cli.invite_how")


@app.command(help=_help("cli.help.export"))
def export(
    period: Annotated[str, _option("--period", "cli.help.period")],
    unit: Annotated[str, _option("--unit", "cli.help.unit")],
    output: Annotated[Path, _option("--output", "cli.help.export_output")],
    at: At = None,
    config: Config = None,
    database: Database = None,
) -> None:
    """Write the figures of a period."""
    from bot.commands import tables

    tables.export_figures(settings_of(config, database), period, unit, output, moment(at))


@app.command(help=_help("cli.help.simulate"))
def simulate(
    seed: Annotated[int, _option("--seed", "cli.help.seed")] = 0,
    files: Annotated[Path | None, _option("--files", "cli.help.files")] = None,
    config: Config = None,
    database: Database = None,
) -> None:
    """Play a script of events on a virtual clock."""
    settings = settings_of(config, database)
    from bot.commands import simulating

    simulating.play(settings, database, seed, files)


@app.command(help=_help("cli.help.parse"))
def parse(
    *,
    json: Json = True,  # noqa: ARG001  # JSON is the only form there is
    branches: Branches = None,
    config: Config = None,
    database: Database = None,
) -> None:
    """Read lines of Vietnamese."""
    from bot.commands import reading

    reading.parse(branches, config, database)


@app.command("match-branch", help=_help("cli.help.match_branch"))
def match_branch(
    *,
    json: Json = True,  # noqa: ARG001  # JSON is the only form there is
    branches: Branches = None,
    config: Config = None,
    database: Database = None,
) -> None:
    """Name the branch of each line."""
    from bot.commands import reading

    reading.match(branches, config, database)


@app.command(help=_help("cli.help.check"))
def check(channel: Channels = None, config: Config = None, database: Database = None) -> None:
    """Say what works."""
    from bot.commands import checking

    checking.check(settings_of(config, database), channel)


@app.command(help=_help("cli.help.quota"))
def quota(
    *,
    plan: Annotated[bool, _option("--plan", "cli.help.plan")] = False,
    month: Annotated[str | None, _option("--month", "cli.help.month")] = None,
    directives: Annotated[int, typer.Option("--directives", min=0, help=_help("cli.help.directives"))] = 4,
    at: At = None,
    config: Config = None,
    database: Database = None,
) -> None:
    """Say what of this month's messages is used, or what a month will need."""
    from bot.commands import quota as numbered

    settings = settings_of(config, database)
    if plan:
        numbered.plan(settings, month, directives, moment(at))
    else:
        numbered.show(settings, moment(at))


@app.command(help=_help("cli.help.migrate"))
def migrate(config: Config = None, database: Database = None) -> None:
    """Make the database current."""
    from bot.commands import upkeep

    upkeep.migrate(settings_of(config, database), _now())


@app.command(help=_help("cli.help.backup"))
def backup(
    output: Annotated[Path | None, _option("--output", "cli.help.backup_output")] = None,
    config: Config = None,
    database: Database = None,
) -> None:
    """Save a copy of the database."""
    from bot.commands import upkeep

    upkeep.back_up(settings_of(config, database), output, _now())


@app.command(help=_help("cli.help.restore"))
def restore(
    copy: Annotated[Path, typer.Argument(metavar="FILE", help=_help("cli.help.copy"))],
    config: Config = None,
    database: Database = None,
) -> None:
    """Put a copy in the database's place."""
    from bot.commands import upkeep

    upkeep.restore(settings_of(config, database), copy, _now())


def _now() -> datetime:
    return moment(None)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code. A person's mistake is one line on stderr, never a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return app(arguments or ["--help"], standalone_mode=False) or (DONE if arguments else WRONG)
    except CommandError as error:
        return _end(error)
    except typer.TyperException as error:
        return _end(wrong("cli.usage", problem=" ".join(error.format_message().split())))
    except (typer.Abort, KeyboardInterrupt, BrokenPipeError):
        return FAILED
    except Exception as error:
        from bot.commands.failures import explained

        told = explained(error)
        if told is None:
            raise
        return _end(told)


def _end(error: CommandError) -> int:
    notes(error.says)
    return error.code


if __name__ == "__main__":
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Whatever the machine's language is: what comes in and goes out is UTF-8.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
