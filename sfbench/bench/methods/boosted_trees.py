"""Boosted trees of turning bad within a year, learned from the year before."""

import pyarrow as pa

from sfbench.bench.kit import Method, turned_bad, warning_signs, year_before

METHOD = Method(
    zh="梯度提升树",
    en="Gradient boosting",
    task="early_warning",
    question="default_next_year",
    source="Friedman 2001; scikit-learn's HistGradientBoostingClassifier",
    source_zh="Friedman 2001；scikit-learn的HistGradientBoostingClassifier",
)


def answer(con, card):
    """Small trees and a slow rate: those who turn bad are few."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    before = year_before(card.last)
    learned, x = warning_signs(con, before)
    model = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=120, max_leaf_nodes=8, min_samples_leaf=40, l2_regularization=1.0, random_state=0
    )
    model.fit(x, turned_bad(con, before, learned))
    firms, now = warning_signs(con, card.last)
    return pa.table({"enterprise_id": firms, "score": model.predict_proba(now)[:, 1]})
