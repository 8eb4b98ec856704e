"""Programmes of tech-innovation bonds and asset-backed securities: reserved, coached, registered, issued or lapsed."""

import numpy as np

from sfbench.kit import Column, Table, calibration, code_list, day_number, nullable

TABLE = Table(
    zh="债券储备项目",
    en="Pipeline of bonds",
    key=("pipeline_id",),
    needs=("bond_programme",),
    grows="enterprise",
    per_firm=0.00098,
    row_bytes=620,
    measures=(5,),
    event_on="reserved_on",
    known_on="reserved_on",
    rows_by="2021-12-31",
    columns=(
        Column("pipeline_id", "key", "项目编号", "Programme"),
        Column("issuer_type", "code", "发行主体类别", "Kind of issuer", values=code_list("bond_issuer")),
        Column(
            "enterprise_id",
            "key",
            "发行企业",
            "Issuing tech enterprise",
            nullable=True,
            references="enterprise.enterprise_id",
        ),
        Column(
            "manager_id",
            "key",
            "发行创投机构",
            "Issuing fund manager",
            nullable=True,
            references="fund_manager.manager_id",
        ),
        Column(
            "institution_id",
            "key",
            "发行金融机构或原始权益人",
            "Issuing financial institution, or originator",
            nullable=True,
            references="institution.institution_id",
        ),
        Column("venue", "code", "市场", "Venue", values=code_list("bond_venue")),
        Column("instrument", "code", "品种", "Instrument", values=code_list("bond_instrument")),
        Column(
            "reserved_on", "date", "入储备日期", "Entered the reserve on", low_on="2018-01-01", high_on="2027-12-31"
        ),
        Column(
            "coached_on", "date", "辅导日期", "Coached on", nullable=True, known_on="coached_on", high_on="2027-12-31"
        ),
        Column(
            "registered_on",
            "date",
            "注册日期",
            "Registered on",
            nullable=True,
            known_on="registered_on",
            high_on="2027-12-31",
        ),
        Column(
            "first_issued_on",
            "date",
            "首期发行日期",
            "First bond issued on",
            nullable=True,
            known_on="first_issued_on",
            high_on="2027-12-31",
        ),
        Column("lapsed_on", "date", "失效日期", "Lapsed on", nullable=True, known_on="lapsed_on", high_on="2027-12-31"),
        Column("planned_amount", "money", "拟注册金额", "Amount planned at the reserve", unit="CNY", low=0),
        Column(
            "registered_amount",
            "money",
            "注册金额",
            "Registered amount",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="registered_on",
        ),
    ),
)

DAY_END = day_number("2028-01-01")
TECH_FIRM, EQUITY_INVESTOR = 0, 1


def rows(block, needs, params, draw):
    """One row a programme."""
    programme = needs["bond_programme"]
    kind, issuer = programme["issuer_type"], programme["issuer"]
    names = [code.code for code in code_list("bond_instrument")]
    instrument = np.array([names.index(text) for text in calibration("bond_term", "instrument")])
    registered = programme["registered_on"] < DAY_END
    return {
        "pipeline_id": programme["pipeline_id"],
        "issuer_type": kind,
        "enterprise_id": nullable(issuer, kind == TECH_FIRM),
        "manager_id": nullable(issuer, kind == EQUITY_INVESTOR),
        "institution_id": nullable(issuer, kind > EQUITY_INVESTOR),
        "venue": programme["venue"],
        "instrument": instrument[programme["term"]],
        "reserved_on": programme["reserved_on"].astype(np.int32),
        "coached_on": _day(programme["coached_on"]),
        "registered_on": _day(programme["registered_on"]),
        "first_issued_on": _day(programme["day"][:, 0]),
        "lapsed_on": _day(programme["lapsed_on"]),
        "planned_amount": programme["registered"],
        "registered_amount": nullable(programme["registered"], registered),
    }


def _day(day):
    """A date, empty if it does not come within the horizon."""
    return nullable(np.where(day < DAY_END, day, 0).astype(np.int32), day < DAY_END)
