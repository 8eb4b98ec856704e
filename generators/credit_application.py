"""Requests for credit: one firm to one bank, from the first push to the drawdown or the refusal."""

from functools import cache

import numpy as np

from sfbench.kit import (
    Choice,
    ChoiceByRow,
    Column,
    Table,
    calibration_names,
    calibration_numbers,
    code_list,
    day_number,
    month_of,
    nullable,
)

TABLE = Table(
    zh="授信申请",
    en="Credit applications",
    key=("application_id",),
    needs=("firm_month", "credit_history"),
    grows="enterprise",
    per_firm=7.53,
    row_bytes=15.3,
    measures=(2, 7, 9, 11, 13),
    event_on="applied_on",
    known_on="applied_on",
    rows_by="2021-12-31",
    columns=(
        Column("application_id", "key", "申请编号", "Application"),
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("institution_id", "key", "机构编号", "Bank", references="institution.institution_id"),
        Column("product_id", "key", "产品编号", "Product", references="product.product_id"),
        Column("channel", "code", "渠道", "Channel", values=code_list("channel")),
        Column(
            "decision_model",
            "code",
            "审批模型",
            "Decision model",
            values=code_list("decision_model"),
            nullable=True,
            known_on="decided_on",
        ),
        Column("partner_kind", "code", "合作方", "Partner", values=code_list("partner_kind")),
        Column("amount_requested", "money", "申请金额", "Amount requested", unit="CNY", low=0),
        Column("tenor_requested", "count", "申请期限", "Tenor requested", unit="month", low=1, high=360),
        Column("pushed_on", "date", "推送日期", "Pushed by a list", nullable=True),
        Column("contacted_on", "date", "对接日期", "Contacted", nullable=True),
        Column("applied_on", "date", "申请日期", "Applied"),
        Column("due_diligence_on", "date", "尽调日期", "Due diligence", nullable=True, known_on="due_diligence_on"),
        Column("decided_on", "date", "审批日期", "Decided", nullable=True, known_on="decided_on"),
        Column(
            "decision",
            "code",
            "审批结果",
            "Decision",
            values=code_list("decision"),
            nullable=True,
            known_on="decided_on",
        ),
        Column(
            "refusal_reason",
            "code",
            "拒绝原因",
            "Reason for refusal",
            values=code_list("refusal_reason"),
            nullable=True,
            known_on="decided_on",
        ),
        Column(
            "amount_approved",
            "money",
            "批准金额",
            "Amount approved",
            unit="CNY",
            nullable=True,
            low=0,
            known_on="decided_on",
        ),
        Column("drawn_on", "date", "首次提款日期", "First drawdown", nullable=True, known_on="drawn_on"),
    ),
)


FIRST_DAY = day_number("2022-01-01")
APPROVED, REFUSED = 0, 1
LIST_PUSH = 3
USED = (
    "attempt",
    "row",
    "bank",
    "product",
    "channel",
    "amount",
    "tenor",
    "tagged",
    "size",
    "applied_on",
    "due_diligence_on",
    "decided_on",
    "decision",
    "granted_on",
)
NO_DAY = 1 << 30


def rows(block, needs, params, draw):
    """Requests made in the window; earlier ones show only in the notes that are still open."""
    history = needs["credit_history"]
    keep = (history["applied_on"] >= FIRST_DAY) | (history["granted_on"] < NO_DAY) & (history["end_on"] >= FIRST_DAY)
    keep &= history["applied_on"] <= LAST_DAY
    keep = np.flatnonzero(keep)
    one = {name: history[name].take(keep) for name in USED}
    number = one["attempt"]
    refused = one["decision"] == REFUSED
    pushed = one["channel"] == LIST_PUSH
    everyone = np.ones(len(number), bool)
    contacted = one["applied_on"] - draw.between("contact_lag", number, 0, 25)
    granted = one["granted_on"] < NO_DAY
    model = np.where(one["tagged"] & draw.chance("tech_model", number, 0.45), 2, np.where(one["size"] >= 2, 1, 0))
    return {
        "application_id": number,
        "enterprise_id": block.first + one["row"],
        "institution_id": one["bank"] + 1,
        "product_id": one["product"] + 1,
        "channel": one["channel"],
        "decision_model": nullable(model, everyone),
        "partner_kind": _partners().at((one["size"] < 2) + 2 * one["tagged"], draw.uniform("partner", number)),
        "amount_requested": one["amount"],
        "tenor_requested": one["tenor"],
        "pushed_on": nullable(contacted - draw.between("push_lag", number, 3, 60), pushed),
        "contacted_on": nullable(contacted, pushed | (one["channel"] == 0)),
        "applied_on": one["applied_on"],
        "due_diligence_on": nullable(one["due_diligence_on"], everyone),
        "decided_on": nullable(one["decided_on"], everyone),
        "decision": nullable(one["decision"], everyone),
        "refusal_reason": nullable(_reason(one, needs["firm_month"]["distress"], draw), refused),
        "amount_approved": nullable(one["amount"], one["decision"] == APPROVED),
        "drawn_on": nullable(np.where(granted, one["granted_on"], 0), granted),
    }


LAST_DAY = FIRST_DAY + 2190
FIRST_MONTH = 2016 * 12
DISTRESS = 3  # position of the reason in its list
REASONS = (0.3, 0.25, 0.25, 0.0, 0.2)  # prior: debt, cash flow, history, -, security


def _reason(one, distress, draw):
    """Why a bank refuses: signs of distress if there are any."""
    other = draw.choice("reason", one["attempt"], Choice.of(REASONS))
    return np.where(distress[one["row"], month_of(one["applied_on"]) - FIRST_MONTH], DISTRESS, other)


@cache
def _partners():
    """Partner by group of borrower: small, larger, small and tagged, larger and tagged."""
    names = [name for name in calibration_names("request_mix") if name.startswith("partner.")]
    return ChoiceByRow.of(np.stack([calibration_numbers("request_mix", name) for name in names], axis=1))
