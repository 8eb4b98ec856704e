"""A small scenario with a task: 12 areas, half of them treated, an effect of 30 %."""

TEXT = """title_zh: 甲
title_en: A
caption: A test.
extends: baseline
levers:
  - name: station
    title_zh: 站
    title_en: Station
    source: a test
    parameter: credit.demand
    multiply: 0.3
    who: {kind: [tech], size: [small, micro]}
    unit: area
    areas: 12
    cohorts: [{from: 2025-07, share: 0.5}]
bench:
  question: tech_sme_quarter
  scale: 0.03
  from: 2024-01
  to: 2026-12
  card_zh: 甲
  card_en: A
  variants:
    none: [{name: station, title_zh: 站, title_en: S, source: t, parameter: credit.demand, multiply: 0,
            unit: area, areas: 12, cohorts: [{from: 2025-07, share: 0.5}]}]
"""
