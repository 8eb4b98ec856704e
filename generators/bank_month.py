"""What a bank reports for a month, by reporting scope and scope version.

Each aggregate with loan notes behind it is the sum of the notes plus its stated non-note part (`*_other`): bills,
lending booked for other registers, households' green loans. Non-note parts are fixed before the notes are drawn.
"""

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration_names,
    code_list,
    month_end,
    monthly,
    split,
    vocabulary,
    vocabulary_numbers,
)


def _amount(name: str, zh: str, en: str) -> Column:
    return Column(name, "money", zh, en, unit="CNY", low=0)


def _with_other(name: str, zh: str, en: str) -> tuple[Column, Column]:
    return _amount(name, zh, en), _amount(f"{name}_other", f"{zh}(非借据部分)", f"{en}: part without loan notes")


TABLE = Table(
    zh="银行月报",
    en="Bank reports by month",
    stage="settle",
    fixed_rows=9120,
    row_bytes=58,
    key=("month", "institution_id", "reporting_scope", "scope_version"),
    needs=("note", "loan", "loan_balance", "tag_month"),
    grows="bank x months",
    measures=(0, 7, 19, 20),
    event_on="month",
    known_on="month",
    rows_by="2022-01-31",
    columns=(
        Column("month", "date", "月末", "Month end", references="month.month"),
        Column("institution_id", "key", "机构编号", "Bank", references="institution.institution_id"),
        Column("reporting_scope", "code", "报送口径", "Reporting scope", values=code_list("reporting_scope")),
        Column("scope_version", "code", "口径版本", "Scope version", values=code_list("scope_version")),
        Column(
            "current",
            "flag",
            "是否当期发布口径",
            "The version published for that month; the other is a restatement or a parallel run",
        ),
        _amount("all_loans", "各项贷款", "All loans"),
        *_with_other("enterprise_loans", "企(事)业单位贷款", "Loans to enterprises"),
        _amount("bill_loans", "票据融资", "Bills, a part of enterprise_loans_other"),
        _amount("household_loans", "住户贷款", "Household loans"),
        _amount("overseas_loans", "境外贷款", "Overseas loans"),
        _amount("non_bank_loans", "非银行业金融机构贷款", "Loans to non-bank financial institutions"),
        *_with_other("tech_loans", "科技贷款", "Total tech loans"),
        *_with_other("tech_enterprise_loans", "科技型企业贷款", "Tech-enterprise loans"),
        *_with_other("tech_industry_loans", "科技相关产业贷款", "Tech-related-industry loans"),
        *_with_other("green_loans", "绿色贷款", "Green loans"),
        *_with_other("inclusive_loans", "普惠小微贷款", "Inclusive micro and small loans"),
        *_with_other("manufacturing_loans", "制造业贷款", "Manufacturing loans"),
        *_with_other(
            "manufacturing_long_term_loans", "制造业中长期贷款", "Manufacturing loans of original term over one year"
        ),
        *_with_other("digital_loans", "数字经济产业贷款", "Digital-economy industry loans"),
        *_with_other("npl_loans", "不良贷款", "Non-performing loans"),
    ),
)


WINDOW, MONTHS = 2022 * 12, 72
FIRST_TAG_MONTH = 2016 * 12
OLD_SCOPE = 2
OLD, NEW = 0, 1  # scope versions
PBOC, NFRA = 0, 1
# The new version is reported from 2024-12; it is the published one from 2025-03, when the old one ends.
NEW_STARTS, NEW_CURRENT, OLD_ENDS = 2024 * 12 + 11, 2025 * 12 + 2, 2025 * 12 + 2
LINE = (10_000_000_00, 20_000_000_00)  # inclusive: largest total balance of a borrower by version, cents
NPL = 2  # positions of substandard, doubtful, loss are 2, 3, 4
ITEMS = (
    "enterprise_loans",
    "tech_loans",
    "tech_enterprise_loans",
    "tech_industry_loans",
    "green_loans",
    "inclusive_loans",
    "manufacturing_loans",
    "manufacturing_long_term_loans",
    "digital_loans",
    "npl_loans",
)
PLAIN = ("bill_loans", "household_loans", "overseas_loans", "non_bank_loans")
# A part without notes that belongs to a whole and to one of its parts is the same path in both.
SAME_AS = {
    "tech_industry_loans.PBOC.2024": "tech_loans.PBOC.2024",
    "tech_loans.NFRA.2024": "tech_enterprise_loans.NFRA.2024",
    "tech_loans.NFRA.2025": "tech_enterprise_loans.NFRA.2025",
    "inclusive_loans.NFRA.2024": "inclusive_loans.PBOC.2024",
    "inclusive_loans.NFRA.2025": "inclusive_loans.PBOC.2025",
}
# Which share of a bank stands behind an aggregate without loan notes.
SHARE_OF = {"household_loans": "weight_household", "inclusive_loans": "weight_household"}


def partial(block, needs, params, draw):
    """Sums of the block's notes in cents by (version, item, bank, month): exact, so blocks add up in any order."""
    note, loan, rows = needs["note"], needs["loan"], needs["loan_balance"]
    index, at = rows["_note"], rows["_month"]
    held = needs["tag_month"]["held"][:, WINDOW - FIRST_TAG_MONTH :].reshape(-1)
    balance = rows["balance_rmb"].astype(np.float64)  # cents below 2**53: exact in float64, also summed
    cells, cell = _banks() * MONTHS, note["bank"] * MONTHS  # the months of a note lie side by side
    firm_month = (note["row"] * MONTHS).take(index) + at
    line = np.bincount(firm_month, balance, block.count * MONTHS).take(firm_month)
    small = (note["size"] >= 2).take(index)
    notes = {  # what a note is, in all its months
        "tech_industry_loans": note["tech_use"],
        "green_loans": note["green"],
        "manufacturing_loans": loan["manufacturing"],
        "manufacturing_long_term_loans": loan["manufacturing"] & (note["tenor"] > 12),
        "digital_loans": loan["digital"],
    }
    months = {  # what it is at one month end
        "old_tech": (held.take(firm_month) & OLD_SCOPE) > 0,
        "new_tech": rows["tech_enterprise"],
        "old_inclusive": small & (line <= LINE[OLD]),
        "new_inclusive": small & (line <= LINE[NEW]),
        "npl_loans": rows["grade"] >= NPL,
        "tech_use": note["tech_use"].take(index),
    }
    still = _by_flags((_code(notes) * cells + cell).take(index) + at, balance, cells, notes)
    moving = _by_flags(_code(months) * cells + cell.take(index) + at, balance, cells, months)
    sums = np.zeros((2, len(ITEMS), cells), np.int64)
    sums[:, ITEMS.index("enterprise_loans")] = still(lambda flag: slice(None))
    for item in notes:
        sums[:, ITEMS.index(item)] = still(lambda flag, item=item: flag[item])
    sums[:, ITEMS.index("npl_loans")] = moving(lambda flag: flag["npl_loans"])
    for version, age in ((OLD, "old"), (NEW, "new")):
        tech, inclusive = f"{age}_tech", f"{age}_inclusive"
        sums[version, ITEMS.index("tech_enterprise_loans")] = moving(lambda flag, tech=tech: flag[tech])
        sums[version, ITEMS.index("tech_loans")] = moving(lambda flag, tech=tech: flag[tech] | flag["tech_use"])
        sums[version, ITEMS.index("inclusive_loans")] = moving(lambda flag, name=inclusive: flag[name])
    return {"sums": sums}


def _code(flags):
    """One small number for a combination of flags."""
    code = np.zeros(len(next(iter(flags.values()))), np.uint8)
    for place, flag in enumerate(flags.values()):
        code |= flag.view(np.uint8) << np.uint8(place)
    return code.astype(np.int64)


def _by_flags(place, balance, cells, flags):
    """One pass over the rows for all flags: sums by combination and cell; returns a picker of combinations."""
    sums = np.bincount(place, balance, cells << len(flags)).reshape(-1, cells)
    codes = np.arange(len(sums))
    raised = {name: (codes >> bit & 1) == 1 for bit, name in enumerate(flags)}

    def pick(wanted):
        return sums[wanted(raised)].sum(axis=0).astype(np.int64)

    return pick


def merge(a, b):
    """Two partial states as one."""
    return {"sums": a["sums"] + b["sums"]}


def finish(state, needs, params, draw):
    """One row a month, bank, scope and version that was reported."""
    banks = _banks()
    notes = state["sums"].reshape(2, len(ITEMS), banks, MONTHS).swapaxes(2, 3)
    parts = [_report(scope, version, notes[version], params.scale) for scope in (PBOC, NFRA) for version in (OLD, NEW)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort(
        (columns["scope_version"], columns["reporting_scope"], columns["institution_id"], columns["month"])
    )
    return {name: column[order] for name, column in columns.items()}


def _report(scope, version, notes, scale):
    """The rows of one scope and version: notes plus the stated parts without notes."""
    month = WINDOW + np.arange(MONTHS)
    told = (month >= NEW_STARTS) if version == NEW else (month <= OLD_ENDS)
    current = told & ((month >= NEW_CURRENT) if version == NEW else (month < NEW_CURRENT))
    shape = (MONTHS, _banks())
    columns = {
        "month": np.broadcast_to(month_end(month)[:, None], shape),
        "institution_id": np.broadcast_to(np.arange(1, shape[1] + 1)[None, :], shape),
        "reporting_scope": np.full(shape, scope),
        "scope_version": np.full(shape, version),
        "current": np.broadcast_to(current[:, None], shape),
    }
    for name in PLAIN:
        columns[name] = _without_notes(name, scope, version, scale)
    for place, name in enumerate(ITEMS):
        other = _without_notes(name, scope, version, scale)
        if name == "enterprise_loans":
            other = other + columns["bill_loans"]
        columns[name] = notes[place] + other
        columns[f"{name}_other"] = other
    columns["all_loans"] = columns["enterprise_loans"] + sum(columns[name] for name in PLAIN[1:])
    return {name: column[told].reshape(-1) for name, column in columns.items()}


def _without_notes(item, scope, version, scale):
    """(months, banks) cents of an aggregate's part without notes: the fixed path x scale, split over the banks."""
    scopes, versions = code_list("reporting_scope"), code_list("scope_version")
    name = f"{item}.{scopes[scope].code}.{versions[version].code}"
    name = SAME_AS.get(name, name)
    name = name if name in calibration_names("bank_aggregate") else item
    if name not in calibration_names("bank_aggregate"):
        return np.zeros((MONTHS, _banks()), np.int64)
    total = np.floor(monthly("bank_aggregate", name, WINDOW, MONTHS) * 1e6 * scale).astype(np.int64) * 10_000
    weight = vocabulary_numbers("institution", SHARE_OF.get(item, "weight_medium"))[: _banks()]
    return split(total, np.broadcast_to(weight, (MONTHS, _banks())))


def _banks():
    return vocabulary("institution", "kind").count("bank")
