"""How good the suites are: planted faults against alarms.

score = sfbench.quality.score.quality_score("dirty_feeds", scale="small", seeds=[7])
score.recall, score.precision, score.faults, score.expectations
"""

from sfbench.quality.score.figures import ClaimScore, FaultScore, Score
from sfbench.quality.score.run import quality_score

__all__ = ["ClaimScore", "FaultScore", "Score", "quality_score"]
