"""Membership by shadow models: who can run the copy's method learns on copies of his own what gives members away.

The attacker has half of the held-out firms. He fits the method to a random half of these, three times, draws a copy of
each, and learns from the distances of the firms that were in and of those that were out. What he learned is tried on
the real copy: on firms that it was learned from, and on the held-out firms that he does not have. (Shokri et al. 2017;
for synthetic data Stadler et al. 2022.) Where the method cannot be fitted again, the shadows are of a stand-in that
memorises, and the card says so.
"""

import numpy as np

from sfbench.error_words import in_chinese
from sfbench.errors import SfbenchError
from sfbench.privacy.case import Case, Refit
from sfbench.privacy.frame import Floats
from sfbench.privacy.membership import above, features, logistic, score
from sfbench.privacy.outcome import Outcome
from sfbench.privacy.scale import Points, nearest
from sfbench.privacy.stand_in import memorised
from sfbench.synth.columns import Ints

FALSE_ALARMS, SHADOWS = 0.1, 3
MOST = 1000  # firms that a shadow learns: it has to be cheap
EN, ZH = (
    "Learned firms that shadow models of the copy's method give away as members",
    "借助副本方法的影子模型被识别为成员的企业",
)


def attack(case: Case) -> Outcome:
    """True positives at a tenth of false positives."""
    random = case.random("membership_shadow")
    order = random.permutation(case.holdout.rows)
    his, control = order[: len(order) // 2][: 2 * MOST], order[len(order) // 2 :]
    known = case.points[1][his]
    halves = [np.sort(random.permutation(len(his))[: len(his) // 2]) for _ in range(SHADOWS)]
    weights, why = _weights(case, his, known, halves)
    suspects = np.concatenate([case.points[0], case.points[1][control]])
    found = score(_seen(suspects, case.points[2], nearest(suspects, known)[0][:, 0]), weights)
    hit, alarm = found[: case.train.rows], found[case.train.rows :]
    en, zh = (EN, ZH) if why is None else (f"{EN} (a stand-in's: {why[0]})", f"{ZH}（替代模型：{why[1]}）")
    return above("membership_shadow", hit, alarm, FALSE_ALARMS, en, zh)


def _weights(case: Case, his: Ints, known: Points, halves: list[Ints]) -> tuple[Floats, tuple[str, str] | None]:
    """(what the shadows teach, why they are a stand-in's or None)."""
    why = case.no_refit
    if case.refit is not None:
        try:
            return _taught(case, his, known, halves, case.refit), None
        except SfbenchError as error:
            why = (error.what, in_chinese(error.what))
    return _taught(case, his, known, halves, lambda rows, seed: memorised(case.holdout.take(rows), seed)), why


def _taught(case: Case, his: Ints, known: Points, halves: list[Ints], refit: Refit) -> Floats:
    lonely = nearest(known, known, itself=True)[0][:, 0]
    seen, learned = [], []
    for seed, half in enumerate(halves, start=case.seed + 1):
        seen.append(_seen(known, case.scale.points(refit(his[half], seed)), lonely))
        learned.append(np.isin(np.arange(len(his)), half))
    return logistic(np.concatenate(seen), np.concatenate(learned).astype(np.float64))


def _seen(firms: Points, copy: Points, lonely: Floats) -> Floats:
    return features(nearest(firms, copy, 10)[0], lonely)
