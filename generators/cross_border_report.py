"""Credit reports exchanged with Hong Kong: asked for by a bank before it decides, or by the other side."""

from functools import cache

import numpy as np

from sfbench.kit import Choice, Column, Table, code_list, day_in_month, day_number, nullable, vocabulary

TABLE = Table(
    zh="跨境征信报告",
    en="Credit reports across the border",
    key=("report_id",),
    needs=("firm_state", "firm_month", "tag_month", "note"),
    grows="enterprise",
    per_firm=0.0014,
    row_bytes=563,
    measures=(10,),
    event_on="delivered_on",
    known_on="delivered_on",
    rows_by="2027-12-31",
    columns=(
        Column("report_id", "key", "报告编号", "Report"),
        Column("direction", "code", "方向", "Direction", values=code_list("report_direction")),
        Column("purpose", "code", "用途", "Purpose", values=code_list("report_purpose")),
        Column("enterprise_id", "key", "企业编号", "Firm that it is about", references="enterprise.enterprise_id"),
        Column("platform_id", "key", "征信机构编号", "Credit platform", references="institution.institution_id"),
        Column(
            "institution_id",
            "key",
            "机构编号",
            "Bank in Shenzhen that uses it; empty for a user in Hong Kong",
            nullable=True,
            references="institution.institution_id",
        ),
        Column("requested_on", "date", "申请日期", "Requested on", low_on="2023-01-01", high_on="2027-12-31"),
        Column("delivered_on", "date", "出具日期", "Delivered on", low_on="2023-01-01", high_on="2027-12-31"),
        Column("decided_on", "date", "授信决定日期", "Credit decided on", nullable=True, known_on="decided_on"),
        Column("granted", "flag", "是否授信", "Credit granted on it", nullable=True, known_on="decided_on"),
        Column(
            "loan_id",
            "key",
            "借据编号",
            "Loan note granted on it in Shenzhen",
            nullable=True,
            references="loan.loan_id",
            known_on="decided_on",
        ),
    ),
)

FIRST_MONTH, LAST = 2016 * 12, 2027 * 12 + 11
LAST_DAY = day_number("2027-12-31")
TECH, IN_SCOPE = 0, 1
INBOUND, OUTBOUND = 0, 1
LOAN = 0
PURPOSES = (0.55, 0.2, 0.25)  # prior, in the order of the code list


def rows(block, needs, params, draw):
    """Reports on borrowers in Shenzhen before a loan, and on tech firms for users in Hong Kong."""
    inbound = _inbound(block, needs["firm_state"], needs["note"], params, draw)
    outbound = _outbound(needs["firm_state"], needs["firm_month"], needs["tag_month"]["held"], params, draw)
    report = {name: np.concatenate((inbound[name], outbound[name])) for name in inbound}
    order = np.argsort(report["number"])
    report = {name: column[order] for name, column in report.items()}
    number, bank, loan = report["number"], report["bank"], report["loan"]
    decided = (report["purpose"] == LOAN) & (report["decided_on"] <= LAST_DAY)
    return {
        "report_id": number,
        "direction": np.where(bank >= 0, INBOUND, OUTBOUND),
        "purpose": report["purpose"],
        "enterprise_id": block.first + report["row"],
        "platform_id": _platforms()[draw.below("platform", number, len(_platforms()))],
        "institution_id": nullable(bank + 1, bank >= 0),
        "requested_on": report["delivered_on"] - draw.between("takes", number, 0, 5),
        "delivered_on": report["delivered_on"],
        "decided_on": nullable(report["decided_on"], decided),
        "granted": nullable(report["granted"], decided),
        "loan_id": nullable(loan, loan > 0),
    }


@cache
def _platforms():
    """Institution numbers of the credit platforms."""
    return 1 + np.flatnonzero([kind == "credit_platform" for kind in vocabulary("institution", "kind")])


def _from(params):
    return int(params["report.from"])


def _inbound(block, state, note, params, draw):
    """Reports from Hong Kong on tech borrowers of the city before a bank in Shenzhen lends."""
    first_day = int(day_in_month(_from(params), 0.0)) + 30
    some = np.flatnonzero(note["tagged"] & (note["granted_on"] >= first_day) & (note["granted_on"] <= LAST_DAY))
    some = some[state["kind"][note["row"][some]] == TECH]
    asks = draw.chance("asks", note["attempt"][some], params["report.of_loans"])
    if block.index == 0:  # no scale is without a report
        asks[:1] = True
    some = some[asks]
    attempt, decided_on = note["attempt"][some], note["granted_on"][some]
    return {
        "number": attempt * 2,
        "row": note["row"][some],
        "bank": note["bank"][some],
        "purpose": np.full(len(some), LOAN),
        "delivered_on": decided_on - draw.between("before", attempt, 1, 20),
        "decided_on": decided_on,
        "granted": np.ones(len(some), bool),
        "loan": attempt,
    }


def _outbound(state, paths, held, params, draw):
    """Reports on tech firms for lenders and partners in Hong Kong."""
    row = np.flatnonzero(state["kind"] == TECH)
    row = row[draw.chance("abroad", state["firm"][row], params["report.abroad"])]
    firm, first = state["firm"][row], _from(params)
    # The later of two days in the span: more of them as the years go by.
    late = np.maximum(draw.uniform("month", firm), draw.uniform("or_month", firm))
    month = first + ((LAST - first + 1) * late).astype(np.int64)
    tagged = (held[row, month - FIRST_MONTH] & held[row, month - FIRST_MONTH - 1] & IN_SCOPE) > 0
    fits = tagged | (draw.uniform("free", firm) >= params["report.needs_tag"])
    fits &= (month > state["founded_month"][row]) & (month < paths["exit_month"][row])
    row, firm, month = row[fits], firm[fits], month[fits]
    delivered_on = day_in_month(month, draw.uniform("day", firm))
    return {
        "number": (firm << 15) * 2 + 1,
        "row": row,
        "bank": np.full(len(row), -1),
        "purpose": draw.choice("purpose", firm, Choice.of(PURPOSES)),
        "delivered_on": delivered_on.astype(np.int64),
        "decided_on": delivered_on + draw.between("decides", firm, 5, 60),
        "granted": draw.chance("granted", firm, params["report.granted"]),
        "loan": np.zeros(len(row), np.int64),
    }
