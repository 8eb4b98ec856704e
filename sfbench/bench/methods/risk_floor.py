"""A floor of risk: whatever the worst fifth by bad loans report besides, they come last."""

import numpy as np
import pyarrow as pa

from sfbench.bench.kit import Method, composite, equal, graded_indicators, percentile, replace

METHOD = Method(
    zh="风险底线一票否决",
    en="Floor of risk",
    task="bank_ranking",
    question="graded_banks",
    source="vetoes of supervisors' schemes (risk floor, article 19 of the tech-finance scheme); design S16",
    source_zh="监管评估的否决项（风险底线，科技金融评估办法第十九条）；设计文档S16",
)


def answer(con, card):
    """The mean percentile of the shares, less more than it can be for who is beyond the floor."""
    found = graded_indicators(con, card)
    shares = composite(replace(found, x=found.x[:, :-1], names=found.names[:-1]), equal, percentile)
    beyond = found.x[:, -1] <= np.quantile(found.x[:, -1], 0.2)
    return found.key.append_column("score", pa.array(shares["score"].to_numpy() - beyond))
