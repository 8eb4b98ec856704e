"""The Typer application: every verb by name. Verbs import what they need when they run, so that `--help` is quick."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from copy import copy
from typing import Annotated, Any

import typer

from sfbench.cli.assess import assess
from sfbench.cli.bench import board, certify, pose, run, score, size
from sfbench.cli.bench import new as new_method
from sfbench.cli.cache import clear_kept, list_kept, show_folder
from sfbench.cli.calibration import calibration
from sfbench.cli.changes import changes
from sfbench.cli.check_schema import check_schema
from sfbench.cli.compare import compare
from sfbench.cli.defaults import defaults
from sfbench.cli.demo import demo
from sfbench.cli.describe import describe
from sfbench.cli.doctor import doctor
from sfbench.cli.evaluate import evaluate
from sfbench.cli.expectations import export as export_suites
from sfbench.cli.explain import explain
from sfbench.cli.export import export
from sfbench.cli.factors import factors
from sfbench.cli.failure import BAD_INPUT, FINDINGS, guarded, language
from sfbench.cli.failure import describe as in_words
from sfbench.cli.fixture import fixture
from sfbench.cli.generate import generate
from sfbench.cli.import_files import import_tables
from sfbench.cli.list import list_content
from sfbench.cli.metadata import metadata
from sfbench.cli.new import new
from sfbench.cli.plan import plan
from sfbench.cli.quality_score import quality_score
from sfbench.cli.query import query
from sfbench.cli.realism import realism
from sfbench.cli.report import report as whole_report
from sfbench.cli.synth import HELP, detect, fit, frontier, methods, report, sample
from sfbench.cli.usage import Group
from sfbench.cli.validate import validate
from sfbench.cli.verify import verify
from sfbench.errors import SfbenchError
from sfbench.settings import settings
from sfbench.version import __version__

HELP_NAMES = ["--help", "-h"]
# Rich help and Rich tracebacks would cost 0.1 s at every start.
app = typer.Typer(
    cls=Group,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    no_args_is_help=True,
    context_settings={"help_option_names": HELP_NAMES},
    epilog="Start with `sfbench demo`. Everything that sfbench generates is synthetic.",
)

VERBS: dict[str, Callable[..., None]] = {
    "demo": demo,
    "generate": generate,
    "plan": plan,
    "validate": validate,
    "quality-score": quality_score,
    "check-schema": check_schema,
    "evaluate": evaluate,
    "query": query,
    "factors": factors,
    "assess": assess,
    "report": whole_report,
    "compare": compare,
    "verify": verify,
    "calibration": calibration,
    "realism": realism,
    "changes": changes,
    "export": export,
    "import": import_tables,
    "fixture": fixture,
    "metadata": metadata,
    "list": list_content,
    "describe": describe,
    "explain": explain,
    "doctor": doctor,
    "new": new,
}
for _name, _verb in VERBS.items():
    app.command(_name)(guarded(_verb))

cache = typer.Typer(no_args_is_help=True, help="The datasets that fixtures and samples keep.")
cache.command("list")(guarded(list_kept))
cache.command("clear")(guarded(clear_kept))
cache.command("dir")(guarded(show_folder))
app.add_typer(cache, name="cache")
expectations = typer.Typer(no_args_is_help=True, help="The suites as plain Great Expectations.")
expectations.command("export")(guarded(export_suites))
app.add_typer(expectations, name="expectations")
bench = typer.Typer(no_args_is_help=True, help="Evaluation methods against planted truth.")
bench.command("run")(guarded(run))
bench.command("board")(guarded(board))
bench.command("certify")(guarded(certify))
bench.command("size")(guarded(size))
bench.command("pose")(guarded(pose))
bench.command("score")(guarded(score))
bench.command("new")(guarded(new_method))
app.add_typer(bench, name="bench")
synth = typer.Typer(no_args_is_help=True, help=HELP)
synth.command("fit")(guarded(fit))
synth.command("sample")(guarded(sample))
synth.command("report")(guarded(report))
synth.command("frontier")(guarded(frontier))
synth.command("detect")(guarded(detect))
synth.command("methods")(guarded(methods))
app.add_typer(synth, name="synth")


def _version(wanted: bool) -> None:
    if wanted:
        from sfbench.health import damage

        print(f"sfbench {__version__}")
        if lost := damage():
            typer.echo(f"this installation is damaged: {lost[0]} ({len(lost)} files); run `sfbench doctor`", err=True)
            raise typer.Exit(FINDINGS)
        raise typer.Exit


@app.callback()
def _start(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version; look whether all files are there."
        ),
    ] = False,
) -> None:
    """Synthetic technology-finance data of a fictional Shenzhen: generate, check, evaluate."""


def asked(arguments: Sequence[str]) -> typer.Typer:
    """The application with nothing but the verb that a command line begins with: building the others takes 0.02 s.

    The whole of it where the first word names none.
    """
    verb = arguments[0] if arguments else ""
    commands = [command for command in app.registered_commands if command.name == verb]
    groups = [group for group in app.registered_groups if group.name == verb]
    if not (commands or groups):
        return app
    one = copy(app)
    one.registered_commands, one.registered_groups = commands, groups
    return one


def configured() -> dict[str, Any]:
    """What the settings say of options, as Click takes it. Ends the process if they are wrong."""
    try:
        found = settings()
        return {"default_map": defaults(typer.main.get_command(app), found)} if found.values else {}
    except SfbenchError as error:
        print(in_words(error, language()), file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None
