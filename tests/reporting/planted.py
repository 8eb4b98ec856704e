"""One place for each fault: a table (and columns) of a tiny world in which it finds rows, for the tests beside it."""

from __future__ import annotations

from pathlib import Path

import duckdb

import sfbench
from sfbench.store.undo import read_labels

HEAD = "title_zh: 甲\ntitle_en: A\ncaption: A test.\nextends: baseline\nfaults:\n"

# fault -> (table, columns, rate)
PLACES: dict[str, tuple[str, list[str], float]] = {
    "typo": ("enterprise", ["name_zh"], 0.1),
    "unit_x10000": ("loan", ["amount"], 0.1),
    "swapped_fields": ("loan", ["granted_on", "due_on"], 0.1),
    "mojibake": ("enterprise", ["address"], 0.1),
    "date_format": ("loan", ["due_on"], 0.1),
    "sign": ("loan_flow", ["amount_rmb"], 0.01),
    "truncation": ("enterprise", ["legal_representative"], 0.1),
    "fullwidth_digits": ("loan", ["contract_code"], 0.1),
    "check_digit": ("enterprise", ["uscc"], 0.1),
    "placeholder": ("loan", ["purpose"], 0.1),
    "duplicate_changed_id": ("loan", [], 0.1),
    "lost_row": ("loan_flow", [], 0.01),
    "orphan": ("collateral", ["loan_id"], 0.1),
    "late": ("enterprise_year", [], 0.1),
    "reordered": ("loan", [], 0.05),
    "missing_month": ("bank_month", [], 0.1),
    "partial_file": ("bank_month", [], 0.1),
    "stale_repeat": ("bank_month", [], 0.1),
    "schema_drift": ("loan", ["grant_rate", "benchmark_rate"], 0.5),
    "balance_without_note": ("loan", [], 0.1),
    "total_gap": ("bank_month", [], 0.1),
    "flag_against_attribute": ("loan_balance", ["tech_enterprise"], 0.01),
    "shares_not_100": ("guarantee", [], 0.2),
    "claim_before_default": ("risk_claim", [], 0.9),
    "draw_above_share": ("relending_loan", [], 0.9),
    "double_counting": ("register_entry", [], 0.5),
    "false_first_loan": ("loan", [], 0.1),
    "heaping": ("loan", ["amount"], 0.5),
    "rounding": ("loan_balance", ["balance"], 0.1),
    "drift": ("bank_month", ["tech_loans"], 0.5),
    "imputed_constant": ("loan", ["grant_rate"], 0.1),
    "copied_period": ("bank_month", ["npl_loans"], 0.1),
    "window_dressing": ("bank_month", [], 0.5),
    "withheld_report": ("bank_month", [], 0.5),
    "padded_figures": ("bank_month", [], 0.5),
}


def entry(fault: str, mechanism: int, **more: object) -> str:
    """A line of a scenario's `faults`."""
    table, columns, rate = PLACES[fault]
    facts = {"fault": fault, "table": table, "columns": columns, "rate": rate, "mechanism": mechanism} | more
    return "  - {" + ", ".join(f"{key}: {str(value).replace(chr(39), '')}" for key, value in facts.items()) + "}\n"


def scenario(folder: Path, *entries: str) -> str:
    """The path of a scenario that plants these."""
    path = folder / "planted.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + "".join(entries), encoding="utf-8")
    return str(path)


def labels(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection with the table `labels` of a dataset."""
    found = read_labels(folder)
    connection = sfbench.open(folder)
    connection.register("labels", found)
    return connection
