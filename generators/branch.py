"""Outlets of the banks: where they are, which serve tech firms, since when, and what they may decide themselves."""

import numpy as np

from sfbench.kit import (
    Choice,
    Column,
    Table,
    add_months,
    ascii_texts,
    calibration,
    calibration_numbers,
    codes,
    compose,
    day_in_month,
    fixed_width,
    month_of,
    month_start,
    monthly,
    nullable,
    round_to,
    split,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="银行网点",
    en="Bank outlets",
    stage="prelude",
    fixed_rows=1467,
    row_bytes=18,
    key=("branch_id",),
    measures=(9,),
    event_on="opened_on",
    known_on="opened_on",
    rows_by="2021-12-31",
    columns=(
        Column("branch_id", "key", "网点编号", "Outlet"),
        Column("institution_id", "key", "机构编号", "Bank", references="institution.institution_id"),
        Column("branch_no", "text", "内部机构号", "Internal branch number", standard="NBJGH"),
        Column("name_zh", "text", "名称", "Name"),
        Column(
            "level",
            "code",
            "层级",
            "Level",
            values=codes("head 市分行或总行营业部 City head office", "outlet 支行 Outlet"),
        ),
        Column("district_id", "key", "行政区编号", "District", references="district.district_id"),
        Column("opened_on", "date", "开业日期", "Opened on"),
        Column("closed_on", "date", "撤销日期", "Closed on", nullable=True, known_on="closed_on"),
        Column("staff", "count", "员工数", "Staff", unit="person", low=1),
        Column(
            "specialised_on",
            "date",
            "认定为科技支行日期",
            "Certified as a specialised tech branch on",
            nullable=True,
            known_on="specialised_on",
        ),
        Column(
            "team_on", "date", "设立科技金融团队日期", "Tech-finance team set up on", nullable=True, known_on="team_on"
        ),
        Column(
            "tech_staff",
            "count",
            "科技金融专职人数",
            "Dedicated tech-finance staff",
            unit="person",
            low=1,
            nullable=True,
            known_on="team_on",
        ),
        Column(
            "approval_delegated_on",
            "date",
            "授信审批权下放日期",
            "Credit approval delegated on",
            nullable=True,
            known_on="approval_delegated_on",
        ),
        Column(
            "approval_limit",
            "money",
            "自主审批限额",
            "Largest credit that it may approve itself",
            unit="CNY",
            low=0,
            nullable=True,
            known_on="approval_delegated_on",
        ),
        Column(
            "pricing_delegated_on",
            "date",
            "利率定价权下放日期",
            "Pricing delegated on",
            nullable=True,
            known_on="pricing_delegated_on",
        ),
        Column(
            "pricing_cut",
            "rate",
            "自主下浮幅度",
            "Most that it may go below the bank's guide price",
            unit="percentage point",
            low=0,
            high=2,
            nullable=True,
            known_on="pricing_delegated_on",
        ),
    ),
)

FIRST_MONTH, LAST_MONTH = 2016 * 12, 2027 * 12 + 11
ZONE_OPENS = 1985 * 12  # no bank had an outlet here before the zone had a banking market
LEAST_LIFE = 24  # months that an outlet stays open at least
NEVER = 1 << 40
FUTIAN = 1  # position of the district of the head offices
STEP = 1_000_000_00  # approval limits are whole millions of yuan


def rows(block, needs, params, draw):
    """Outlets bank by bank: the head office, the specialised branches by date, those with a team, the others.

    Handed on, by bank position: `_first` (row of the head office), `_count` (outlets), `_specialised` (how many rows
    after the head are or become specialised); by row, as months (NEVER if none): `_opened`, `_closed`,
    `_specialised_from`, `_approval_from`. A head office stays open.
    """
    kind = _types()
    slots = {role: _slots(role, kind, draw) for role in ("specialised", "team")}
    taken = {role: np.bincount(bank, minlength=len(kind)) for role, (bank, _) in slots.items()}
    count = np.maximum(_outlets(kind), 1 + taken["specialised"] + taken["team"])
    first = np.cumsum(count) - count
    bank = np.repeat(np.arange(len(kind)), count)
    ordinal = np.arange(len(bank)) - first[bank]
    entity = (bank + 1) * 1000 + ordinal
    role = {
        "specialised": _months(len(bank), first + 1, *slots["specialised"]),
        "team": _months(len(bank), first + 1 + taken["specialised"], *slots["team"]),
    }
    opened_on = _opened(bank, ordinal, entity, role, params, draw)
    closed_on = _closed(ordinal, entity, role, opened_on, params, draw)
    special_on, team_on = (_role_day(name, role[name], opened_on, entity, draw) for name in role)
    # A specialised branch has its team from its first day.
    team_on = nullable(np.where(special_on.valid, special_on.values, team_on.values), special_on.valid | team_on.valid)
    tech_staff = _tech_staff(special_on.valid, team_on.valid, entity, params, draw)
    approval_on, approval_limit = _authority("approval_limit", bank, kind, special_on, team_on, entity, params, draw)
    pricing_on, pricing_cut = _authority("pricing_cut", bank, kind, special_on, team_on, entity, params, draw)
    district = _district(ordinal, team_on.valid, entity, draw)
    return {
        "branch_id": np.arange(1, len(bank) + 1),
        "institution_id": bank + 1,
        "branch_no": ascii_texts(fixed_width(entity, 7, prefix="B")),
        "name_zh": _names(bank, ordinal, district, entity, draw),
        "level": (ordinal > 0).astype(np.int64),
        "district_id": district + 1,
        "opened_on": opened_on,
        "closed_on": closed_on,
        "staff": _staff(bank, kind, ordinal, entity, draw) + np.where(team_on.valid, tech_staff, 0),
        "specialised_on": special_on,
        "team_on": team_on,
        "tech_staff": nullable(tech_staff, team_on.valid),
        "approval_delegated_on": approval_on,
        "approval_limit": nullable(round_to(approval_limit * 1e2 + 0.5, STEP), approval_on.valid),
        "pricing_delegated_on": pricing_on,
        "pricing_cut": nullable(np.floor(pricing_cut * 20 + 0.5).astype(np.int64) * 5_000, pricing_on.valid),
        "_first": first,
        "_count": count,
        "_specialised": taken["specialised"],
        "_opened": month_of(opened_on).astype(np.int64),
        "_closed": _from(closed_on),
        "_specialised_from": _from(special_on),
        "_approval_from": _from(approval_on),
    }


def _types():
    """Row of branch_network.csv of each bank."""
    names = calibration("branch_network", "bank_type")
    return np.array([names.index(name) for name in vocabulary("institution", "bank_type") if name])


def _network(column):
    return calibration_numbers("branch_network", column)


def _share(kind, column):
    return vocabulary_numbers("institution", column)[: len(kind)]


def _outlets(kind):
    """Outlets of each bank: its type's number by market share among small borrowers, at least one."""
    weights = np.where(kind[None, :] == np.arange(len(_network("outlets")))[:, None], _share(kind, "weight_small"), 0.0)
    return np.maximum(split(_network("outlets").astype(np.int64), weights).sum(axis=0), 1)


def _slots(role, kind, draw):
    """(bank, month) of the outlets that take the role, in order of date: the city's path, by chance over the banks."""
    path = monthly("tech_branch", role, FIRST_MONTH - 1, LAST_MONTH - FIRST_MONTH + 2)
    number = np.arange(1, int(path[-1]) + 1)
    month = FIRST_MONTH - 1 + np.searchsorted(path, number)
    weight = _network("tech_weight")[kind] * _share(kind, "tech_tilt") * _share(kind, "weight_medium")
    banks = np.repeat(np.arange(len(kind)), split(number[-1:], weight[None, :])[0])
    return banks[np.argsort(draw.uniform(f"{role}.bank", number), kind="stable")], month


def _months(outlets, start, bank, month):
    """Month in which each outlet takes the role (NEVER if it does not): a bank's slots stand in a run from `start`."""
    order = np.argsort(bank, kind="stable")
    per_bank = np.bincount(bank, minlength=len(start))
    rank = np.arange(len(bank)) - (np.cumsum(per_bank) - per_bank)[bank[order]]
    months = np.full(outlets, NEVER)
    months[start[bank[order]] + rank] = month[order]
    return months


def _opened(bank, ordinal, entity, role, params, draw):
    """Day of opening: most before 2016; some ordinary outlets later, some specialised branches as such."""
    founded_on = np.array(vocabulary("institution", "founded_on"), "datetime64[D]").astype(np.int32)[bank]
    start = np.maximum(month_of(founded_on), ZONE_OPENS)
    ordinary = (ordinal > 0) & (role["specialised"] == NEVER) & (role["team"] == NEVER)
    new = ordinary & draw.chance("new", entity, params["branch.opened_since_2016"])
    low = np.maximum(start, np.where(new, FIRST_MONTH, start))
    high = np.maximum(low, np.where(new, LAST_MONTH - LEAST_LIFE, FIRST_MONTH - 1))
    month = draw.between("opened", entity, low, high)
    as_such = (role["specialised"] != NEVER) & draw.chance("as_such", entity, params["branch.new_specialised"])
    month = np.where(as_such, np.maximum(role["specialised"], low), month)
    month = np.where(ordinal == 0, start, month)
    day = day_in_month(month, draw.uniform("opened.day", entity))
    return np.where(ordinal == 0, np.maximum(founded_on, month_start(ZONE_OPENS)), np.maximum(day, founded_on))


def _closed(ordinal, entity, role, opened_on, params, draw):
    """Day of closing of some ordinary outlets."""
    ordinary = (ordinal > 0) & (role["specialised"] == NEVER) & (role["team"] == NEVER)
    low = np.maximum(month_of(opened_on) + LEAST_LIFE, FIRST_MONTH)
    closes = ordinary & (low <= LAST_MONTH) & draw.chance("closes", entity, params["branch.closed"])
    low = np.minimum(low, LAST_MONTH)
    month = draw.between("closed", entity, low, LAST_MONTH)
    return nullable(day_in_month(month, draw.uniform("closed.day", entity)), closes)


def _role_day(name, month, opened_on, entity, draw):
    """Day of taking a role, not before the opening."""
    known = month != NEVER
    day = day_in_month(np.where(known, month, FIRST_MONTH), draw.uniform(f"{name}.day", entity))
    return nullable(np.maximum(day, opened_on), known)


def _from(day):
    """Month of a nullable day, NEVER if none."""
    return np.where(day.valid, month_of(day.values), NEVER)


def _tech_staff(specialised, team, entity, params, draw):
    least, most = int(params["branch.tech_staff_least"]), int(params["branch.tech_staff_most"])
    return draw.between("tech_staff", entity, least, np.where(specialised, most, max(most // 2, least)))


def _authority(what, bank, kind, special_on, team_on, entity, params, draw):
    """(day, size) of a delegated authority of outlets with a tech role: likelier for a specialised branch."""
    name = what.split("_")[0]
    chance = _network(f"{name}_share")[kind[bank]]
    chance = chance * np.where(special_on.valid, 1.0, params[f"branch.team_{name}"])
    lag = 1 + draw.below(f"{name}.lag", entity, int(params["branch.delegation_lag"]))
    day = add_months(team_on.values, lag)
    has = team_on.valid & draw.chance(name, entity, chance) & (month_of(day) <= LAST_MONTH)
    low, high = (_network(f"{what}_{end}")[kind[bank]] for end in ("low", "high"))
    return nullable(day, has), low + (high - low) * draw.uniform(what, entity)


def _district(ordinal, tech, entity, draw):
    """Position of the district: outlets where firms are, those with a tech role where tech firms are."""
    general, making, software = (
        vocabulary_numbers("district", f"weight_{kind}") for kind in ("general", "manufacturing", "software")
    )
    place = draw.choice("district", entity, Choice.of(general))
    place = np.where(tech, draw.choice("tech_district", entity, Choice.of(making + software)), place)
    return np.where(ordinal == 0, FUTIAN, place)


def _staff(bank, kind, ordinal, entity, draw):
    head = np.where(ordinal == 0, 1, 0)
    low, high = (
        np.stack([_network(f"{who}staff_{end}") for who in ("", "head_")])[head, kind[bank]].astype(np.int64)
        for end in ("low", "high")
    )
    return draw.between("staff", entity, low, high)


NUMERALS = ("", *(f"第{text}" for text in "二三四五六七八九十"), *(f"第十{text}" for text in "一二三四五六七八九"))


def _names(bank, ordinal, district, entity, draw):
    """The bank's short name and the sub-district, numbered where a bank has more than one outlet there."""
    owner = vocabulary_numbers("street", "district_id").astype(np.int64) - 1
    streets = np.bincount(owner)
    street = (np.cumsum(streets) - streets)[district] + draw.below("street", entity, streets[district])
    head = ordinal == 0
    group = np.where(head, -1 - bank, bank * len(owner) + street)
    order = np.lexsort((ordinal, group))
    fresh = np.concatenate(([True], group[order][1:] != group[order][:-1]))
    rank = np.empty(len(bank), np.int64)
    rank[order] = np.arange(len(bank)) - np.flatnonzero(fresh)[np.cumsum(fresh) - 1]
    words = tuple(text.removesuffix("街道").removesuffix("镇") for text in vocabulary("street", "street_zh"))
    return compose(
        (vocabulary("institution", "short_zh"), bank),
        (("深圳", *words), np.where(head, 0, street + 1)),
        (NUMERALS, rank),
        (("营业部", "支行"), (~head).astype(np.int64)),
    )
