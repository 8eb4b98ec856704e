"""Two-way fixed effects on what the catalogue classes as tech, whatever banks report since."""

from sfbench.bench.kit import Method, panel, twfe

METHOD = Method(
    zh="固定标签的双向固定效应",
    en="Two-way fixed effects, label frozen",
    task="policy_effect",
    question="bank_tech_quarter",
    source="an outcome whose measure the policy cannot move; Angrist and Pischke 2009, section 3.2.3",
    source_zh="政策无法改变其统计口径的结果；Angrist和Pischke 2009，第3.2.3节",
)


def answer(con, card):
    """Right if lending by class moves as lending by use does."""
    return twfe(panel(con, card, "y_frozen"), level=card.level)
