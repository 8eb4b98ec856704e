"""Protection of bonds: credit risk mitigation warrants in the interbank market, protection contracts on exchanges."""

import numpy as np

from sfbench.kit import Column, Table, codes, nullable, round_to

TABLE = Table(
    zh="信用风险缓释",
    en="Credit protection of bonds",
    key=("protection_id",),
    needs=("bond",),
    grows="bond",
    per_firm=0.00012,
    row_bytes=2500,
    measures=(5,),
    event_on="created_on",
    known_on="created_on",
    rows_by="2021-12-31",
    columns=(
        Column("protection_id", "key", "合约编号", "Contract"),
        Column("bond_id", "key", "标的债券", "Bond protected", references="bond.bond_id"),
        Column(
            "kind",
            "code",
            "类别",
            "Kind",
            values=codes(
                "CRMW 信用风险缓释凭证 Credit risk mitigation warrant (interbank)",
                "CONTRACT 信用保护合约 Credit protection contract (exchange)",
            ),
        ),
        Column(
            "creator_id",
            "key",
            "创设机构",
            "Institution that gives protection",
            references="institution.institution_id",
        ),
        Column("created_on", "date", "创设日期", "Created on", low_on="2019-01-01", high_on="2027-12-31"),
        Column("ends_on", "date", "到期日期", "Ends on", low_on="2019-06-01", high_on="2038-12-31"),
        Column("notional", "money", "名义本金", "Notional", unit="CNY", low=0),
        Column("fee", "rate", "年化费率", "Fee a year", unit="%", low=0, high=5),
        Column(
            "triggered_on",
            "date",
            "赔付触发日期",
            "Credit event on",
            nullable=True,
            known_on="triggered_on",
            high_on="2027-12-31",
        ),
    ),
)

INTERBANK = 0
TECH_FIRM, EQUITY_INVESTOR, FINANCIAL, MICRO_LENDER = range(4)
CREATORS = (11, 12, 13, 61, 62, 63, 64, 83, 83, 83)  # large banks, brokers and, oftenest, the bond insurer
FIRST_IP_PROGRAMME = 40_000_001  # in the first block at every scale: the table is never empty


def rows(block, needs, params, draw):
    """One row a contract; it is created with the bond and ends with it."""
    bond = needs["bond"]
    at = np.flatnonzero(_protected(bond, params, draw))
    number, interbank = bond["bond_id"][at], bond["venue"][at] == INTERBANK
    low, high = params["protection.share_min"], params["protection.share_max"]
    share = low + (high - low) * draw.uniform("share", number)
    notional = round_to((bond["amount"][at] * share / 100).astype(np.int64), MILLION)
    default = bond["defaulted_on"]
    creator = np.array(CREATORS)[draw.below("creator", number, len(CREATORS))]
    low, high = params["protection.fee_min"], params["protection.fee_max"]
    # Protection of a weaker issuer costs more.
    place = np.clip(0.15 + 0.25 * bond["issuer_rating"][at] + 0.35 * draw.uniform("fee", number), 0.0, 1.0)
    return {
        "protection_id": number,
        "bond_id": number,
        "kind": np.where(interbank, 0, 1),
        "creator_id": np.where(creator == bond["guarantor_id"].values[at], CREATORS[0], creator),
        "created_on": bond["issued_on"][at],
        "ends_on": bond["matures_on"][at],
        "notional": np.maximum(notional, MILLION),
        "fee": np.floor((low + (high - low) * place) * 100 + 0.5).astype(np.int64) * 1000,
        "triggered_on": nullable(default.values[at], default.valid[at]),
    }


MILLION = 100_000_000  # cents


def _protected(bond, params, draw):
    """Bonds for which somebody creates protection; the first IP-backed security always has it."""
    number, kind = bond["bond_id"], bond["issuer_type"]
    p = np.where(bond["venue"] == INTERBANK, params["protection.interbank"], params["protection.exchange"])
    p = p * np.where(bond["_guaranteed"] & (kind != MICRO_LENDER), params["protection.guaranteed"], 1.0)
    chosen = (kind != FINANCIAL) & draw.chance("protected", number, p)
    return chosen | (bond["pipeline_id"] == FIRST_IP_PROGRAMME)
