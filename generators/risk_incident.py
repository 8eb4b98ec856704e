"""Incidents that a bank must report: large exposures that fall overdue, and fraud, system failures and the like."""

import numpy as np

from sfbench.kit import Choice, Column, Table, codes, day_in_month, day_number, nullable, quantiles, vocabulary

TABLE = Table(
    zh="风险事件",
    en="Risk incidents",
    key=("incident_id",),
    needs=("note", "bad_note"),
    grows="enterprise",
    fixed_rows=62,
    per_firm=0.0006,
    row_bytes=60,
    measures=(19,),
    event_on="found_on",
    known_on="reported_on",
    rows_by="2023-09-30",
    columns=(
        Column("incident_id", "key", "事件编号", "Incident"),
        Column("institution_id", "key", "机构编号", "Bank", references="institution.institution_id"),
        Column(
            "enterprise_id",
            "key",
            "涉及企业编号",
            "Borrower concerned, if any",
            nullable=True,
            references="enterprise.enterprise_id",
            privacy="sensitive",
        ),
        Column(
            "kind",
            "code",
            "事件类别",
            "Kind",
            values=codes(
                "credit 大额授信逾期 Large exposure overdue",
                "fraud 欺诈 Fraud",
                "misuse 挪用信贷资金 Misuse of loan money",
                "system 系统故障 System failure",
                "data 数据安全 Data security",
            ),
        ),
        Column("level", "code", "事件等级", "Level", values=codes("major 重大 Major", "general 一般 General")),
        Column("found_on", "date", "发现日期", "Found on", low_on="2022-01-01", high_on="2027-12-31"),
        Column("report_limit_days", "count", "报告时限", "Days within which it must be reported", unit="day", low=0),
        Column("reported_on", "date", "报告日期", "Reported on", low_on="2022-01-01", high_on="2027-12-31"),
        Column(
            "contained_on",
            "date",
            "控制日期",
            "Contained on; empty while open",
            nullable=True,
            known_on="contained_on",
            high_on="2027-12-31",
        ),
        Column(
            "closed_on",
            "date",
            "结案日期",
            "Closed on; empty while open",
            nullable=True,
            known_on="closed_on",
            high_on="2027-12-31",
        ),
        Column("exposure", "money", "涉险金额", "Exposure when found", unit="CNY", low=0.01, privacy="sensitive"),
        Column(
            "loss",
            "money",
            "损失金额",
            "Loss, known when closed",
            unit="CNY",
            low=0,
            nullable=True,
            known_on="closed_on",
            privacy="sensitive",
        ),
    ),
)

FIRST_DAY = day_number("2022-01-01")
LAST_DAY = day_number("2027-12-31")
WINDOW, MONTHS = 2022 * 12, 72
BANKS = vocabulary("institution", "kind").count("bank")
MOST_BANKS = 64  # an incident's number is firm, a bit for credit, bank; others have the month in the firm's place
CREDIT, FRAUD = 0, 1
OTHER_KINDS = (0.3, 0.4, 0.2, 0.1)  # prior: shares of fraud, misuse, system, data
MAJOR, GENERAL = 0, 1
CURED, LOST, TRANSFERRED = range(3)


def rows(block, needs, params, draw):
    """One row an incident. Those without a borrower belong to the banks, which are fixed: block 0 makes them."""
    found = _of_credit(block, needs, params, draw)
    if block.index == 0:
        other = _of_banks(params, draw)
        found = {name: np.concatenate((found[name], other[name])) for name in found}
    found |= _course(found, params, draw)
    keep = np.flatnonzero((found["found_on"] >= FIRST_DAY) & (found["reported_on"] <= LAST_DAY))
    found = {name: column.take(keep) for name, column in found.items()}
    order = np.argsort(found["incident_id"])
    found = {name: column.take(order) for name, column in found.items()}
    firm, contained, closed = found.pop("firm"), found.pop("contained"), found.pop("closed")
    return found | {
        "enterprise_id": nullable(firm, firm > 0),
        "contained_on": nullable(contained, contained <= LAST_DAY),
        "closed_on": nullable(closed, closed <= LAST_DAY),
        "loss": nullable(found["loss"], closed <= LAST_DAY),
    }


def _of_credit(block, needs, params, draw):
    """A borrower's notes at one bank that fall overdue together, where they are large enough."""
    note, bad = needs["note"], needs["bad_note"]
    # A note granted after the firm's default was cured is no part of it.
    some = np.flatnonzero((bad["overdue_on"] >= FIRST_DAY) & (note["granted_on"][bad["note"]] <= bad["overdue_on"]))
    at, owed = bad["note"][some], bad["owed"][some]
    number = ((block.first + note["row"][at]) * 2 + 1) * MOST_BANKS + note["bank"][at]
    group, lead, member = np.unique(number, return_index=True, return_inverse=True)
    exposure = np.zeros(len(group), np.int64)
    np.add.at(exposure, member, owed)
    at = at[lead]
    large = exposure >= params["incident.exposure"] * 100
    large &= draw.chance("recognised", group, params["incident.recognised"])
    one = np.flatnonzero(large)
    found_on = note["overdue_on"][at[one]] + draw.between("found", group[one], 0, int(params["incident.find_days"]))
    share = np.array([0.0, params["incident.loss_written_off"], params["incident.loss_transferred"]])
    return {
        "incident_id": group[one],
        "firm": block.first + note["row"][at[one]],
        "institution_id": note["bank"][at[one]] + 1,
        "kind": np.full(len(one), CREDIT),
        "found_on": found_on,
        "exposure": exposure[one],
        "ends_on": note["resolved_on"][at[one]],
        "loss": (exposure[one] * share[note["outcome"][at[one]]]).astype(np.int64),
    }


def _of_banks(params, draw):
    """Incidents other than credit, at most one a bank and month."""
    cell = np.arange(MONTHS * BANKS)
    month, bank = WINDOW + cell // BANKS, cell % BANKS
    number = month * 2 * MOST_BANKS + bank
    chance = params.at("incident.operational", bank, month)
    hit = np.flatnonzero(draw.chance("operational", number, chance))
    number, month, bank = number[hit], month[hit], bank[hit]
    found_on = day_in_month(month, draw.uniform("operational_day", number)).astype(np.int64)
    size = draw.quantile("operational_size", number, quantiles("lognormal_1.1"))
    exposure = np.maximum((size * params["incident.operational_exposure"]).astype(np.int64), 1) * 100
    lost = params["incident.loss_operational"] * draw.uniform("operational_loss", number)
    return {
        "incident_id": number,
        "firm": np.zeros(len(hit), np.int64),
        "institution_id": bank + 1,
        "kind": FRAUD + draw.choice("operational_kind", number, Choice.of(OTHER_KINDS)),
        "found_on": found_on,
        "exposure": exposure,
        "ends_on": np.full(len(hit), 1 << 30),
        "loss": (exposure * lost).astype(np.int64),
    }


def _course(found, params, draw):
    """Level, report, containment, end: in this order of days. A borrower's incident ends with its resolution."""
    number, found_on, ends_on = found["incident_id"], found["found_on"], found.pop("ends_on")
    level = np.where(found["exposure"] >= params["incident.major_exposure"] * 100, MAJOR, GENERAL)
    limit = np.array([int(params["incident.limit_major"]), int(params["incident.limit_general"])])[level]
    timely = draw.chance("timely", number, params["incident.timely"])
    late = draw.between("late", number, 1, int(params["incident.late_days"]))
    reported = found_on + np.where(timely, draw.between("report", number, 0, limit), limit + late)
    wait = draw.quantile("contain", number, quantiles("exponential"))
    contained = found_on + 1 + (wait * params["incident.contain_days"]).astype(np.int64)
    contained = np.maximum(np.minimum(contained, ends_on), found_on)
    wait = draw.quantile("close", number, quantiles("exponential"))
    rest = 1 + (wait * params["incident.close_days"]).astype(np.int64)
    closed = np.where(found["kind"] == CREDIT, np.maximum(ends_on, contained), contained + rest)
    closed = np.maximum(closed, reported)
    return {
        "level": level,
        "report_limit_days": limit,
        "reported_on": reported,
        "contained": contained,
        "closed": closed,
    }
