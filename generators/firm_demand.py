"""How much bank credit a firm wants, month by month: class path x size x growth x trade. Unpublished."""

import numpy as np

from sfbench.kit import Table, calibration, monthly, quantiles, vocabulary_numbers

TABLE = Table(
    zh="企业信贷需求",
    en="Demand of firms for credit",
    published=False,
    key=("firm",),
    columns=(),
    needs=("firm_state", "firm_month"),
    grows="scale",
)

FIRST_YEAR, FIRST_MONTH, MONTHS = 2015, 2016 * 12, 144
KINDS = ("tech", "tech", "use", "other")  # trade paths by kind of firm; out-of-city tech firms follow the city's


def rows(block, needs, params, draw):
    """size: relative to the class, mean 1; wanted: (firms, 144) balance in yuan if all notes of the firm ran."""
    state, paths = needs["firm_state"], needs["firm_month"]
    size = _size(state, params)
    month = np.arange(MONTHS)
    path = np.stack([monthly("demand_path", name, FIRST_MONTH, MONTHS) for name in calibration("firm_class", "class")])
    by_year = 1.0 + params["credit.size_amount"] * (0.25 + 0.75 * np.clip(paths["growth"], 0.1, 3.0) - 1.0)
    wanted = (path * 1e6)[state["class"]]
    wanted *= size[:, None]
    wanted *= np.repeat(by_year[:, FIRST_MONTH // 12 - FIRST_YEAR :], 12, axis=1)
    wanted *= _trade(state)
    wanted *= params.at("credit.demand", state["firm"][:, None], FIRST_MONTH + month[None, :])
    return {"size": size, "wanted": wanted}


def _size(state, params):
    """Size of a firm within its class, mean 1; `credit.size_amount` 0 makes all firms of a class alike."""
    factor = np.empty(len(state["firm"]))
    for number, table in enumerate(calibration("firm_class", "spread")):
        mine = np.flatnonzero(state["class"] == number)
        factor[mine] = quantiles(table).at(state["position"][mine])
    return 1.0 + params["credit.size_amount"] * (factor - 1.0)


def _trade(state):
    """(firms, 144) demand of the firm's trade relative to its class, from the fitted paths."""
    names = [f"{kind}_{trade}" for kind in ("tech", "use", "other") for trade in ("manufacturing", "digital_service")]
    paths = np.stack([monthly("trade_path", name, FIRST_MONTH, MONTHS) for name in (*names, "nev_chain")])
    paths = np.concatenate((paths, np.ones((1, MONTHS))))
    nev, other = len(names), len(names) + 1
    kind = np.array([("tech", "use", "other").index(kind) for kind in KINDS])[state["kind"]]
    traits = (vocabulary_numbers("industry", name) == 1 for name in ("manufacturing", "digital", "nev_chain"))
    making, digital, in_chain = (trait[state["industry"]] for trait in traits)
    which = np.where(making, 2 * kind, np.where(digital, 2 * kind + 1, other))
    return paths[np.where(in_chain & (kind < 2), nev, which)]
