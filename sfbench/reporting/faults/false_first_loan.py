"""A note marked as the borrower's first loan that is not."""

import numpy as np

from sfbench.reporting.kit import Bools, Draw, Fault, Planted, Rows, Wish, change, event, filled, values

FAULT = Fault(
    zh="虚假首贷",
    en="First loan that is none",
    level="cross",
    visible=True,
    mechanisms=("a later note is marked", "the first at the bank is taken for the first anywhere"),
    mechanisms_zh=("把后来的借据标为首贷", "把在本行的首笔当作全市首笔"),
    columns=0,
    tables=("loan",),
    at=("report", "source"),
    looks_at=("enterprise_version",),
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
    """A legal first loan after a name change: new to credit under either name, as its credit code tells."""
    versions = rows.beside["enterprise_version"]
    firm, renamed = versions["enterprise_id"], filled(versions["former_name_zh"])
    borrower, flag = values(rows.columns["enterprise_id"]), values(rows.columns["first_loan"])
    order = np.argsort(firm[renamed])
    names, day = firm[renamed][order], values(versions["valid_from"])[renamed][order]
    place = np.searchsorted(names, borrower).clip(max=max(len(names) - 1, 0))
    if not names.size:
        return np.zeros(len(rows), np.bool_)
    return np.asarray(flag & (names[place] == borrower) & (day[place] <= values(rows.columns["granted_on"])))
