"""A firm's books of 2021-2027: profit, assets, exports, heads insured, energy, emissions, R&D cycle. Unpublished.

Only firms that report every year are here: tech firms in and out of the city, firms with tech use, and other firms of
large or medium size (the statistical threshold). `row` holds their rows in the block; matrices are (len(row), 7).
"""

import numpy as np

from sfbench.kit import Table, calibration_numbers, quantiles

TABLE = Table(
    zh="企业年度账目",
    en="Accounts of firms by year",
    published=False,
    key=("firm",),
    columns=(),
    needs=("firm_state", "firm_month", "firm_profile"),
    grows="scale",
)

FIRST_YEAR, YEARS = 2021, 7
FIRST_PATH_YEAR, FIRST_DISTRESS_YEAR = 2015, 2016  # of the arrays of firm_month
OTHER = 3  # kind
LARGE, MEDIUM = 0, 1
TECH_SME_ASSETS = 2e8  # yuan: most assets of a tech SME (national rule), and its revenue test 1.1 x revenue in the tags
YOUNG_LOSS = (0.25, 0.15, 0.05)  # prior: taken off the margin of the first three years, share of revenue
EXPORTERS_BY_SIZE = (1.0, 0.5, 1 / 6, 1 / 6)
# Priors: spreads between firms and years that no source gives.
LUCK, EQUITY_SPREAD = 0.04, 0.12  # standard deviations: margin of a year (of revenue), equity of a firm (of assets)
LEAST_INSURED, OWN_ASSETS = 0.82, 3e5  # share of staff; yuan: median of what a firm owns whatever it sells
LEAST_EXPORTS, SPAN_OF_EXPORTS = 0.03, 0.80  # share of the revenue of a firm that exports
NEAR_LIMIT = 0.85  # where the assets of firms that keep below the tech-SME limit begin, share of it
WOBBLE = 0.06  # a year's assets and energy lie so far around the firm's usual ones


def rows(block, needs, params, draw):
    """Money in cents, energy in tonnes of coal equivalent, emissions in tonnes of CO2 equivalent."""
    state, paths = needs["firm_state"], needs["firm_month"]
    row = np.flatnonzero((state["kind"] < OTHER) | (state["size"] <= MEDIUM))
    state = {name: column[row] for name, column in (state | needs["firm_profile"]).items()}
    year = FIRST_YEAR + np.arange(YEARS)
    at = slice(FIRST_YEAR - FIRST_PATH_YEAR, None)
    revenue, staff = paths["revenue"][row, at], paths["staff"][row, at]
    founded, exit_month = state["founded_month"][:, None], paths["exit_month"][row][:, None]
    distress = paths["distress"][row, (FIRST_YEAR - FIRST_DISTRESS_YEAR) * 12 :].reshape(-1, YEARS, 12).mean(axis=2)
    firm, years = state["firm"][:, None], np.arange(YEARS)[None, :]
    assets = _assets(state, revenue, firm, years, draw)
    energy = _energy(state, revenue, firm, years, draw)
    insured = LEAST_INSURED + (1 - LEAST_INSURED) * draw.uniform("insured", firm, years)
    return {
        "row": row,
        "active": (founded <= year * 12 + 11) & (exit_month > year * 12 + 11),
        "revenue": _cents(revenue),
        "staff": staff,
        "insured": np.maximum((staff * insured).astype(np.int64), 1),
        "profit": _cents(revenue * _margin(state, distress, year, params, draw)),
        "assets": _cents(assets),
        "net_assets": _cents(assets * _equity(state, distress, params, draw)),
        "exports": _cents(revenue * _export_share(state, draw)[:, None]),
        "energy": energy,
        "tce_norm": state["tce"],
        "tco2e": _hundredths(energy * calibration_numbers("enterprise_year", "emission")),
        "rd_cycle": _rd_cycle(state, draw),
    }


def _cents(yuan):
    return np.floor(yuan * 100 + 0.5).astype(np.int64)


def _hundredths(value):
    return np.floor(value * 100 + 0.5) / 100


def _margin(state, distress, year, params, draw):
    """Profit over revenue: quality and luck raise it, distress and youth take from it."""
    firm, quality = state["firm"][:, None], state["quality"][:, None]
    age = year - state["founded_month"][:, None] // 12
    early = np.array([*YOUNG_LOSS, 0.0])[np.clip(age, 0, len(YOUNG_LOSS))]
    luck = LUCK * draw.quantile("margin", firm, quantiles("normal"), np.arange(YEARS)[None, :])
    margin = params["accounts.margin"] + params["accounts.quality_margin"] * quality + luck
    return np.clip(margin - params["accounts.distress_margin"] * distress - early, -0.9, 0.45)


def _assets(state, revenue, firm, years, draw):
    """Assets in yuan. Tech firms near the limit of the tech-SME list keep below it, as their tag's test assumes."""
    years_of_revenue = state["assets"] * draw.quantile("assets", state["firm"], quantiles("lognormal_0.3"))
    wobble = 1 + WOBBLE * (2 * draw.uniform("assets_year", firm, years) - 1)
    own = OWN_ASSETS * draw.quantile("own_assets", state["firm"], quantiles("lognormal_0.8"))
    assets = (revenue * years_of_revenue[:, None] + own[:, None]) * wobble
    near = (state["kind"] <= 1)[:, None] & (revenue * 1.1 <= TECH_SME_ASSETS)
    limit = TECH_SME_ASSETS * (NEAR_LIMIT + (1 - NEAR_LIMIT) * draw.uniform("assets_limit", state["firm"]))[:, None]
    return np.where(near, np.minimum(assets, limit), assets)


def _equity(state, distress, params, draw):
    """Net assets over assets."""
    usual = params["accounts.equity_share"] + params["accounts.quality_equity"] * state["quality"]
    usual = usual + EQUITY_SPREAD * draw.quantile("equity", state["firm"], quantiles("normal"))
    return np.clip(usual[:, None] - params["accounts.distress_equity"] * distress, -0.3, 0.92)


def _export_share(state, draw):
    """Exports over revenue; 0 for firms that do not export."""
    chance = state["exporters"] * np.array(EXPORTERS_BY_SIZE)[state["size"]]
    share = LEAST_EXPORTS + SPAN_OF_EXPORTS * draw.uniform("export_share", state["firm"])
    return np.where(draw.chance("exporter", state["firm"], chance), share, 0.0)


def _energy(state, revenue, firm, years, draw):
    """Tonnes of coal equivalent: the trade's use per revenue, the firm's thrift, and a city that saves year by year."""
    thrift = state["tce"] * draw.quantile("energy", state["firm"], quantiles("lognormal_0.5"))
    wobble = 1 + WOBBLE * (2 * draw.uniform("energy_year", firm, years) - 1)
    path = calibration_numbers("enterprise_year", "energy")
    return _hundredths(revenue / 1e6 * thrift[:, None] * wobble * path)


def _rd_cycle(state, draw):
    """Months from the start of an R&D project to a product: the firm's own within the span of its trade."""
    low, high = (state[end].astype(np.int64) for end in ("cycle_low", "cycle_high"))
    return draw.between("rd_cycle", state["firm"], low, high)
