"""A note marked as the borrower's first loan that is not."""

import numpy as np

from sfbench.reporting.kit import Bools, Draw, Fault, Planted, Rows, Wish, change, event, values

FAULT = Fault(
    zh="虚假首贷",
    en="First loan that is none",
    level="cross",
    visible=True,
    mechanisms=("a later note is marked", "the first at the bank is taken for the first anywhere"),
    columns=0,
    tables=("loan",),
    at=("report", "source"),
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Any note that is not the first; or the earliest of a borrower at a bank, where another bank came before."""
    flag, fits = values(rows.columns["first_loan"]), np.ones(len(rows), np.bool_)
    if wish.mechanism == 2:
        pair, day = event(rows, "enterprise_id", "institution_id"), values(rows.columns["granted_on"])
        order = np.lexsort([rows.identity, day, pair])
        fits[order] = np.diff(pair[order], prepend=pair[order][:1] - 1) != 0
    at = rows.pick(draw, fits & ~flag)
    return change(rows, at, {"first_loan": np.ones(len(at), np.bool_)})


def decoy(rows: Rows, wish: Wish, draw: Draw) -> Bools:
    """A genuine first loan of a firm: it may be old and have changed its name, and still be new to credit."""
    return np.asarray(values(rows.columns["first_loan"]))
