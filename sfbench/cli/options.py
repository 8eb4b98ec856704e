"""The options of all verbs: one name means one thing everywhere."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer

from sfbench.errors import SfbenchError
from sfbench.words import Language as Language  # `o.Language` of the verbs

Level = Literal["critical", "warning", "info"]

Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name of a scenario, or path of a .yaml file.")]
Dataset = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder of a dataset (made by `generate`, or your own Parquet files).")
]
Scale = Annotated[
    str,
    typer.Option(
        "--scale",
        metavar="SCALE",
        help="Size of the city: tiny (0.002), small (0.02), medium (0.2), city (1), or a number.",
    ),
]
Seed = Annotated[str, typer.Option("--seed", metavar="N", help="Another seed is another city; a whole number from 0.")]
Opening = Annotated[
    Path | None,
    typer.Option("--opening", metavar="FILE", help="The private manifest (default: truth/manifest.json, if there)."),
]
CitySeed = Annotated[
    str, typer.Option("--seed", metavar="N", help="Another seed is another city: a whole number from 0, or `private`.")
]
Seeds = Annotated[
    list[str] | None, typer.Option("--seed", metavar="N,N", help="Seeds of the datasets that are scored together.")
]
Jobs = Annotated[
    int, typer.Option("--jobs", metavar="N", help="Processes that work side by side; the data stay the same.")
]
Tables = Annotated[
    list[str] | None, typer.Option("--tables", metavar="NAME,NAME", help="Only these tables (default: all).")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Only what was known on that day, e.g. 2025-12-31.")
]
KnownOn = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="For data that hold what was known on that day.")
]
Since = Annotated[str | None, typer.Option("--from", metavar="DATE", help="Only events from that day on.")]
Until = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Only events up to that day.")]
OutFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the result is written.")]
OutFigures = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where the result is written: .parquet, .csv, .json, .xlsx or .md."),
]
CacheFolder = Annotated[
    Path | None,
    typer.Option("--cache", metavar="DIR", help="Keep results here; the next run computes what has changed since."),
]
Names = Annotated[bool, typer.Option("--names", help="Add names of metrics, components and groups to the long table.")]
OutPlots = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Draw plots (PNG) into this folder; needs matplotlib (sfbench[plots])."),
]
OutDrawing = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where the drawing goes: .svg, or .mmd for Mermaid.")
]
Erd = Annotated[bool, typer.Option("--erd", help="Draw the schema: all tables, or NAME with its neighbours.")]
RowKey = Annotated[str, typer.Option("--key", metavar="KEY", help="Which row: 42, or loan_id=42,month=2025-12-31.")]
Depth = Annotated[int, typer.Option("--depth", min=0, max=9, help="How many tables up to follow its inputs.")]
BatchLength = Annotated[Literal["month", "day"], typer.Option("--by", help="Length of a batch.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page that opens without a network.")]
Junit = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML for a build server.")]
Github = Annotated[bool, typer.Option("--github", help="Print GitHub annotations in place of tables.")]
DataDocs = Annotated[
    Path | None,
    typer.Option(
        "--data-docs", metavar="DIR", help="Great Expectations' own pages; they load files from remote hosts."
    ),
]
Reference = Annotated[
    Path | None,
    typer.Option(
        "--reference", metavar="DIR", help="Another dataset: columns that are distributed otherwise are told."
    ),
]
SqlFile = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="Read the SQL from a file.")]
ShownMetric = Annotated[
    str | None, typer.Option("--metric", metavar="NAME", help="Print the SQL that computes a metric, ready to run.")
]
RowFormat = Annotated[
    Literal["table", "csv", "json", "parquet"] | None,
    typer.Option("--format", help="How rows are shown or written (default: table, or by the suffix of --out)."),
]
ExportFormat = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="NAME",
        help="csv dat xlsx jsonl parquet arrow duckdb sqlite postgres-sql mysql-sql postgres delta iceberg.",
    ),
]
OutExport = Annotated[
    str,
    typer.Option("--out", metavar="PLACE", help="A folder, a file or postgresql://..., as the format has it."),
]
Encoding = Annotated[
    str, typer.Option("--encoding", metavar="NAME", help="Of text files: utf-8-sig, utf-8 or gb18030.")
]
InputFiles = Annotated[
    list[Path], typer.Argument(metavar="FILES", help="CSV, .dat, Excel or Parquet files, each named after its table.")
]
TableName = Annotated[str, typer.Option("--table", metavar="NAME", help="The table, where files are named otherwise.")]
KeepSound = Annotated[
    bool, typer.Option("--keep-sound", help="Write the rows without a problem (default: nothing if there is one).")
]
TextKeys = Annotated[
    bool, typer.Option("--text-keys", help="Keys may be texts: numbers stand for them, the same in every import.")
]
ProblemsFile = Annotated[
    Path | None, typer.Option("--problems", metavar="FILE", help="Write every problem as CSV: file, row, column ...")
]
ScenarioOption = Annotated[
    str, typer.Option("--scenario", metavar="NAME", help="Name of a scenario, or path of a .yaml file.")
]
FixtureFormat = Annotated[str, typer.Option("--format", metavar="NAME", help="csv, json, sql or parquet.")]
RowsAtMost = Annotated[int, typer.Option("--rows", metavar="N", help="At most so many rows of each table.")]
MetadataFormat = Annotated[
    str, typer.Option("--format", metavar="NAME", help="croissant, frictionless, huggingface, html, markdown or xlsx.")
]
OutMetadata = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="The file to write (default: its usual name in DIR).")
]
UnusedDays = Annotated[
    float, typer.Option("--unused-days", metavar="N", min=0, help="Only what was not used for so many days.")
]
OutRows = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write all rows: .parquet, .csv or .json.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what an earlier run wrote there.")]
Twin = Annotated[
    bool, typer.Option("--twin", help="Also make the world without the scenario's levers, in OUT/truth/twin.")
]
Content = Annotated[
    list[Path] | None,
    typer.Option(
        "--content", metavar="DIR", help="Your own folder of content: generators/, metrics/ ... May be repeated."
    ),
]
ContentHome = Annotated[
    Path, typer.Option("--content", metavar="DIR", help="Your own folder of content, made if it does not exist.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Lang = Annotated[
    Language, typer.Option("--lang", envvar="SFBENCH_LANG", help="Language of what is printed.", show_envvar=True)
]
KeepFolder = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Keep the datasets, every alarm and what was missed.")
]
Metrics = Annotated[
    list[str] | None, typer.Option("--metric", metavar="NAME,NAME", help="Only these metrics (default: all).")
]
Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", metavar="N,N", help="Only metrics of these measures of the action plan (0: headline)."),
]
Cuts = Annotated[
    list[str] | None,
    typer.Option("--cut", metavar="NAME,NAME", help="Only these cuts, e.g. total,bank; a cross is a*b."),
]
MethodName = Annotated[
    str,
    typer.Option("--method", metavar="NAME", help="A method of `sfbench list methods`, or path of a .yaml file."),
]
BenchMethods = Annotated[
    list[str] | None,
    typer.Option("--method", metavar="NAME,NAME", help="Bench methods, or paths of .py or .sql files (default: all)."),
]
Variants = Annotated[
    list[str] | None,
    typer.Option("--variant", metavar="NAME,NAME", help="main, null_twin, placebo, or others of the scenario."),
]
SeedRange = Annotated[
    str, typer.Option("--seeds", metavar="A-B", help="How many seeds, or which: 1000-1199, private:20.")
]
OutBench = Annotated[Path, typer.Option("--out", metavar="DIR", help="Instances, truth, answers; it can be resumed.")]
SampleSeeds = Annotated[
    str | None, typer.Option("--sample", metavar="N", help="Only the first N seeds: a look, no certificate.")
]
WriteTo = Annotated[Path | None, typer.Option("--write", metavar="FILE", help="Write the certificate as JSON.")]
Submission = Annotated[Path, typer.Argument(metavar="FILE", help="Answers as Parquet; the method has the file's name.")]
BoardFile = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write the board: .html (both languages) or .parquet.")
]
BenchFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The --out of `sfbench bench run`.")]
Period = Annotated[
    str | None,
    typer.Option("--period", metavar="P", help="Which period: 2025, 2025Q4 or 2025-12 (default: the last published)."),
]
OwnFigures = Annotated[
    Path | None,
    typer.Option(
        "--qualitative",
        metavar="FILE",
        help="CSV of what no table holds, such as qualitative scores: institution_id,period,figure,value.",
    ),
]
Replicates = Annotated[
    str, typer.Option("--replicates", metavar="N", help="Vary the method's alternatives N times for rank intervals.")
]
DrawSeed = Annotated[str, typer.Option("--seed", metavar="N", help="Seed of the replicates; a whole number from 0.")]
OutScorecards = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for scorecards (HTML, Excel), tables and JSON.")
]
OutPage = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the page is written: .html.")]
FiguresFile = Annotated[
    Path | None,
    typer.Option(
        "--figures", metavar="FILE", help="Figures of `sfbench evaluate --out FILE.parquet` (default: computed now)."
    ),
]
ChecksFile = Annotated[
    Path | None, typer.Option("--checks", metavar="FILE", help="What `sfbench validate --json` printed.")
]
CopyCard = Annotated[
    Path | None, typer.Option("--copy", metavar="FILE", help="What `sfbench synth report --json` printed.")
]
ReportMethod = Annotated[
    str,
    typer.Option("--method", metavar="NAME", help="The method by which banks are assessed; `none` leaves them out."),
]
OutComparison = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write a page that opens without a network: .html.")
]
UntilMonth = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Compare at the latest month up to that day.")
]
First = Annotated[
    Path, typer.Argument(metavar="A", help="A dataset, or its figures: FILE.parquet of `sfbench evaluate --out`.")
]
Second = Annotated[Path, typer.Argument(metavar="B", help="The dataset, or its figures, that is set beside A.")]
Suites = Annotated[
    list[str] | None,
    typer.Option(
        "--suite", metavar="NAME,NAME", help="Only these suites, tables or single expectations (default: all)."
    ),
]
Checks = Annotated[
    list[str] | None, typer.Option("--check", metavar="NAME,NAME", help="Only these checks (default: all).")
]
Severity = Annotated[
    Level | None, typer.Option("--severity", help="Run only expectations of this severity or worse (default: all).")
]
FailOn = Annotated[Level, typer.Option("--fail-on", help="Exit with 1 if one of this severity or worse is violated.")]
CopyMethod = Annotated[
    str,
    typer.Option(
        "--method",
        metavar="NAME",
        help="linked (default), independent, bootstrap, marginals_dp, marginals_mbi, sdv_...",
    ),
]
ModelOut = Annotated[Path, typer.Option("--out", metavar="FILE", help="The model file to write, e.g. model.zip.")]
ModelFile = Annotated[Path, typer.Argument(metavar="MODEL", help="A model file that `sfbench synth fit` wrote.")]
MethodOption = Annotated[
    list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="An option of the method, e.g. k=20.")
]
Rows = Annotated[
    int | None,
    typer.Option("--rows", metavar="N", help="Rows of the first table, e.g. firms (default: as the original, about)."),
]
Metadata = Annotated[
    Path | None,
    typer.Option(
        "--metadata", metavar="FILE", help="Declarations of your own tables (JSON; `synth detect` drafts it), or SDV's."
    ),
]
LearnedTables = Annotated[
    list[str] | None,
    typer.Option(
        "--tables",
        metavar="NAME,NAME",
        help="Only these tables (default: enterprise, loan and loan_balance, or all with --metadata).",
    ),
]
ReportedTables = Annotated[
    list[str] | None,
    typer.Option("--tables", metavar="NAME,NAME", help="Only these tables (default: those that were learned)."),
]
CopyFolder = Annotated[Path, typer.Argument(metavar="COPY", help="Folder of the copy.")]
Holdout = Annotated[
    Path | None,
    typer.Option("--holdout", metavar="DIR", help="Tables of firms that were not learned (default: those kept out)."),
]
Thresholds = Annotated[
    Path | None, typer.Option("--thresholds", metavar="FILE", help="Your own thresholds (YAML) for the verdict.")
]
NoRefit = Annotated[
    bool,
    typer.Option(
        "--no-refit",
        help="Shadow models of a stand-in that memorises, in place of three small fits of the copy's method.",
    ),
]
AllowUnjudged = Annotated[
    bool,
    typer.Option("--allow-unjudged", help="Exit 0 although safety could not be judged; 1 only if a leak is shown."),
]
OutCard = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write card.html and card.json into this folder.")
]
Cards = Annotated[
    list[Path], typer.Argument(metavar="CARD.json", help="Cards that `sfbench synth report --out` wrote, one a copy.")
]
OutFrontier = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="The frontier with its picture: .html, or .md, or .json.")
]
DraftOut = Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write, e.g. metadata.json.")]
KeepOut = Annotated[
    float,
    typer.Option("--keep-out", metavar="SHARE", help="Share of firms not learned: the control of `synth report`."),
]
Canaries = Annotated[
    int,
    typer.Option("--canaries", metavar="NUMBER", help="Invented firms to learn, too: `synth report` looks for them."),
]
NewName = Annotated[str, typer.Argument(metavar="NAME", help="Its name: small letters, digits and _.")]
AsSql = Annotated[bool, typer.Option("--sql", help="An SQL query in place of a Python file.")]


def names(option: str, given: Iterable[str] | None) -> tuple[str, ...] | None:
    """`--tables a,b --tables c` as (a, b, c); None where the option was left out. Raises SfbenchError for no name."""
    if given is None:
        return None
    found = tuple(name.strip() for text in given for name in text.split(",") if name.strip())
    if not found:  # it would choose nothing, or pass for an option that was left out
        raise SfbenchError("nothing is named", where=option, fix="name one, or leave the option out")
    return found


def whole_number(option: str, text: str) -> int:
    """An option that is a whole number. Raises SfbenchError."""
    try:
        return int(text)
    except ValueError:
        fix = f"give a whole number, e.g. {option} 7"
        raise SfbenchError(f"{text!r} is no whole number", where=option, fix=fix) from None


def natural(option: str, text: str) -> int:
    """An option that is a whole number from 0. Raises SfbenchError."""
    number = whole_number(option, text)
    if number < 0:
        raise SfbenchError(f"{text} is below 0", where=option, fix=f"give a whole number from 0, e.g. {option} 7")
    return number


def writable(option: str, path: Path | None) -> None:
    """Refuses a file whose folder does not exist before the work begins. Raises SfbenchError."""
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        fix = "give a path of a file in a folder that exists"
        raise SfbenchError("the file cannot be written", where=f"{option} {path}", fix=fix)


def day(option: str, text: str | None) -> datetime.date | None:
    """An option that is a date as YYYY-MM-DD; None where it was left out. Raises SfbenchError."""
    if text is None:
        return None
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:  # it says "time data", and how dates are written in C
        raise SfbenchError(f"{text!r} is no date", where=option, fix="write it as 2025-12-31") from None


def day_number(option: str, text: str | None) -> int | None:
    """The same in days since 1970-01-01."""
    date = day(option, text)
    return None if date is None else (date - datetime.date(1970, 1, 1)).days
