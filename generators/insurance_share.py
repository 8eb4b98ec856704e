"""Insurers of a policy with their shares: one that carries all of it, or a lead and its followers."""

from functools import cache

import numpy as np

from sfbench.kit import Column, Table, code_list, split, vocabulary_numbers

TABLE = Table(
    zh="承保份额",
    en="Insurers' shares of policies",
    key=("policy_id", "institution_id"),
    needs=("insurance_policy",),
    grows="insurance_policy",
    per_firm=0.276,
    row_bytes=11.4,
    measures=(15,),
    event_on="written_on",
    known_on="written_on",
    rows_by="2022-09-30",
    columns=(
        Column("policy_id", "key", "保单编号", "Policy", references="insurance_policy.policy_id"),
        Column("institution_id", "key", "机构编号", "Insurer", references="institution.institution_id"),
        Column("role", "code", "角色", "Role", values=code_list("insurer_role")),
        Column(
            "share", "rate", "份额", "Share of the risk; the shares of a policy sum to 100", unit="%", low=0, high=100
        ),
        Column("sum_insured", "money", "承担保险金额", "Part of the sum insured", unit="CNY", low=0),
        Column("premium", "money", "分得保险费", "Part of the premium", unit="CNY", low=0),
        Column("written_on", "date", "承保日期", "Written on"),
    ),
)

WHOLE = 10_000_000  # 100 % in 1e-5 percent
LEAD, FOLLOWER = 0, 1


def rows(block, needs, params, draw):
    """One row an insurer of a policy, the lead first."""
    policy = needs["insurance_policy"]
    number, lead = policy["policy_id"], policy["institution_id"]
    others = _insurers().size - 1
    most = np.minimum(int(params["insurance.most_followers"]), others)
    followers = np.where(policy["coinsured"], 1 + draw.below("followers", number, int(most)), 0)
    count = followers + 1
    of = np.repeat(np.arange(len(number)), count)
    place = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    # Followers come after the lead in the round of insurers, so none comes twice.
    begin = np.searchsorted(_insurers(), lead)
    insurer = _insurers()[(begin[of] + place) % _insurers().size]
    offsets = np.concatenate(([0], np.cumsum(count)))
    weight = 20 + draw.below("share", number[of], 40, place) + np.where(place == LEAD, 40, 0)
    share = split(np.full(len(number), WHOLE), (weight, offsets))
    return {
        "policy_id": number[of],
        "institution_id": insurer,
        "role": np.minimum(place, FOLLOWER),
        "share": share,
        "sum_insured": split(policy["sum_insured"], (share, offsets)),
        "premium": split(policy["premium"], (share, offsets)),
        "written_on": policy["written_on"][of],
    }


@cache
def _insurers():
    """Institutions that sell tech insurance, by number."""
    return np.unique(vocabulary_numbers("insurance_product", "institution_id").astype(np.int64))
