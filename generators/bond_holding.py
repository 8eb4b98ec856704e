"""Who holds which bond at each quarter end: the positions of a bond add up to what is outstanding, to the cent."""

from functools import cache

import numpy as np

from sfbench.kit import (
    Column,
    Table,
    calibration,
    calibration_numbers,
    month_end,
    split,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="债券持有",
    en="Holdings of bonds",
    key=("bond_id", "quarter_end", "holder_id"),
    needs=("bond",),
    grows="bond",
    per_firm=0.032,
    row_bytes=10.5,
    measures=(5,),
    event_on="quarter_end",
    known_on="quarter_end",
    rows_by="2025-06-30",
    columns=(
        Column("bond_id", "key", "债券编号", "Bond", references="bond.bond_id"),
        Column("quarter_end", "date", "季末", "Quarter end", low_on="2022-03-31", high_on="2027-12-31"),
        Column("holder_id", "key", "持有机构", "Holder", references="institution.institution_id"),
        Column("amount", "money", "持有面额", "Face value held", unit="CNY", low=0, privacy="sensitive"),
    ),
)

FIRST_QUARTER, QUARTERS = 2022 * 12 + 2, 24
LEAST_ODDS = 1e-12
UNIT = 100_000_000  # cents: positions are whole millions of yuan where the bond is


def rows(block, needs, params, draw):
    """One row a bond, quarter end and holder with a position, ordered so."""
    bond = needs["bond"]
    ends = month_end(FIRST_QUARTER + 3 * np.arange(QUARTERS)).astype(np.int64)
    at, quarter = np.nonzero((bond["issued_on"][:, None] <= ends) & (bond["_open_until"][:, None] > ends))
    holder, base = _holders(bond, params, draw)
    key = (bond["bond_id"][at, None] * len(vocabulary("institution", "kind"))) + holder[at]
    moved = draw.uniform("position", key, quarter[:, None])
    weight = base[at] * (1.0 + params["holding.turnover"] * (2.0 * moved - 1.0))
    # The first holder stays; others are out for a quarter where the draw is lowest.
    stays = (np.arange(holder.shape[1]) == 0)[None, :] | (moved >= 0.2 * params["holding.turnover"])
    issued = bond["amount"][at]
    unit = np.where(issued % UNIT == 0, UNIT, 1)
    amount = split(issued // unit, weight * stays) * unit[:, None]
    row, place = np.nonzero(amount)
    order = np.argsort(row * 1024 + holder[at[row], place], kind="stable")
    row, place = row[order], place[order]
    return {
        "bond_id": bond["bond_id"][at[row]],
        "quarter_end": ends[quarter[row]].astype(np.int32),
        "holder_id": holder[at[row], place],
        "amount": amount[row, place],
    }


@cache
def _odds():
    """(2, institutions): weight of each institution as a holder, by venue."""
    kinds = np.array(vocabulary("institution", "kind"))
    size = np.where(kinds == "bank", vocabulary_numbers("institution", "weight_large"), 1.0)
    odds = np.zeros((2, len(kinds)))
    for place, name in enumerate(calibration("bond_holder", "kind")):
        mine = size * (kinds == name)
        for venue, column in enumerate(("interbank", "exchange")):
            odds[venue] += calibration_numbers("bond_holder", column)[place] * mine / mine.sum()
    return odds


def _holders(bond, params, draw):
    """(bonds, most) institution ids that ever hold a bond, the keenest first, and their base weights (0: no holder)."""
    most = int(params["holding.most"])
    institutions = np.arange(1, _odds().shape[1] + 1)
    odds = _odds()[bond["venue"]]
    own = bond["institution_id"].values[:, None] == institutions
    odds = np.where(own & bond["institution_id"].valid[:, None], 0.0, odds)
    # A low draw against high odds comes first; an institution without odds never does.
    turn = draw.uniform("holder", bond["bond_id"][:, None], institutions[None, :]) / np.maximum(odds, LEAST_ODDS)
    holder = np.argsort(turn, axis=1, kind="stable")[:, :most] + 1
    count = draw.between("holders", bond["bond_id"], int(params["holding.fewest"]), most)
    share = 0.2 + draw.uniform("share", bond["bond_id"][:, None], holder)
    return holder, share * (np.arange(most)[None, :] < count[:, None])
