"""Loan notes (借据): the static ones of the reporting standard's 32 fields, and what the action plan adds to a note."""

from functools import cache

import numpy as np

from sfbench.kit import (
    ChoiceByRow,
    Column,
    Table,
    add_months,
    ascii_texts,
    code_list,
    codes_from,
    compose,
    dollar_parity,
    fixed_width,
    month_of,
    nullable,
    take,
    vocabulary,
    vocabulary_numbers,
)

TABLE = Table(
    zh="贷款借据",
    en="Loan notes",
    key=("loan_id",),
    needs=("note", "enterprise", "institution", "product", "fiscal_flag"),
    grows="credit_application",
    per_firm=5.64,
    row_bytes=28.9,
    measures=(0, 1, 2, 4, 7, 8, 9, 10, 11, 12, 13, 14),
    event_on="granted_on",
    known_on="granted_on",
    rows_by="2021-12-31",
    columns=(
        Column("loan_id", "key", "借据编号", "Loan note"),
        Column("application_id", "key", "申请编号", "Application", references="credit_application.application_id"),
        Column("enterprise_id", "key", "企业编号", "Borrower", references="enterprise.enterprise_id"),
        Column("institution_id", "key", "机构编号", "Bank", references="institution.institution_id"),
        Column("product_id", "key", "产品编号", "Product", references="product.product_id"),
        Column("institution_uscc", "text", "金融机构代码", "Institution code", standard="JRJGDM", check="uscc"),
        Column("branch_no", "text", "内部机构号", "Internal branch number", standard="NBJGH"),
        Column("institution_area_code", "text", "金融机构地区代码", "Institution area", standard="JRJGDQDM"),
        Column(
            "borrower_id_kind",
            "code",
            "借款人证件类型",
            "Borrower ID type",
            standard="JKRZJLX",
            values=code_list("id_kind"),
        ),
        Column(
            "borrower_uscc",
            "text",
            "借款人证件代码",
            "Borrower ID",
            standard="JKRZJDM",
            check="uscc",
            privacy="identifier",
        ),
        Column(
            "borrower_sector", "code", "借款人国民经济部门", "Sector", standard="JKRGMJJBM", values=code_list("sector")
        ),
        Column("borrower_industry", "text", "借款人行业", "Industry, letter and two digits", standard="JKRHY"),
        Column("borrower_area_code", "text", "借款人地区代码", "Borrower area", standard="JKRDQDM", privacy="quasi"),
        Column(
            "borrower_ownership",
            "code",
            "借款人经济成分",
            "Ownership",
            standard="JKRJJCF",
            values=code_list("ownership"),
        ),
        Column(
            "borrower_size", "code", "借款人企业规模", "Size at grant", standard="JKRQYGM", values=code_list("size")
        ),
        Column("note_code", "text", "贷款借据编码", "Loan note code", standard="DKJJBM"),
        Column("contract_code", "text", "贷款合同编码", "Contract code", standard="DKHTBM"),
        Column(
            "product_class",
            "code",
            "贷款产品类别",
            "Product class",
            standard="DKCPLB",
            values=code_list("product_class"),
        ),
        Column(
            "use_industry",
            "code",
            "贷款实际投向",
            "Actual use, letter and three digits",
            standard="DKSJTX",
            values=codes_from("industry", "industry_code", "name_zh", "name_en"),
            references="industry.industry_code",
        ),
        Column(
            "granted_on",
            "date",
            "贷款发放日期",
            "Granted on",
            standard="DKFFRQ",
            low_on="2016-01-01",
            high_on="2027-12-31",
        ),
        Column(
            "due_on", "date", "贷款到期日期", "Due on", standard="DKDQRQ", low_on="2016-01-01", high_on="2057-12-31"
        ),
        Column("currency", "code", "币种", "Currency", standard="BZ", values=code_list("currency")),
        Column(
            "amount",
            "money",
            "发放金额",
            "Principal granted, in its currency",
            unit="currency",
            low=0.01,
            privacy="sensitive",
        ),
        Column(
            "amount_rmb",
            "money",
            "发放金额折人民币",
            "Principal granted, in yuan at grant",
            unit="CNY",
            low=0.01,
            privacy="sensitive",
        ),
        Column("tenor_months", "count", "期限", "Tenor", unit="month", low=1, high=360),
        Column("rate_kind", "code", "利率是否固定", "Rate kind", standard="LLSFGD", values=code_list("rate_kind")),
        Column("grant_rate", "rate", "发放利率", "Rate at grant", unit="%", low=0, high=24, privacy="sensitive"),
        Column(
            "benchmark",
            "code",
            "贷款定价基准类型",
            "Pricing benchmark",
            standard="DKDJJZLX",
            values=code_list("benchmark"),
        ),
        Column(
            "benchmark_rate",
            "rate",
            "基准利率",
            "Benchmark rate at grant; empty for a fixed rate",
            unit="%",
            standard="JZLL",
            nullable=True,
            low=0,
            high=10,
        ),
        Column(
            "fiscal_support",
            "code",
            "贷款财政扶持方式",
            "Fiscal support",
            standard="DKCZFCFS",
            values=code_list("fiscal"),
        ),
        Column(
            "repricing_on",
            "date",
            "贷款利率重新定价日",
            "Next repricing as agreed at grant; the due date for a fixed rate",
            standard="DKLLZXDJR",
        ),
        Column("guarantee", "code", "贷款担保方式", "Guarantee kind", standard="DKDBFS", values=code_list("guarantee")),
        Column("first_loan", "flag", "是否首次贷款", "Note of the borrower's first contract ever", standard="SFSCDK"),
        Column("purpose", "text", "贷款用途", "Purpose", standard="DKYT"),
        Column(
            "htp",
            "code",
            "高技术制造业类别(按投向)",
            "High-tech manufacturing class by use",
            values=code_list("htp"),
            nullable=True,
        ),
        Column(
            "hts",
            "code",
            "高技术服务业类别(按投向)",
            "High-tech service class by use",
            values=code_list("hts"),
            nullable=True,
        ),
        Column(
            "se",
            "code",
            "战略性新兴产业类别(按投向)",
            "Strategic-emerging class by use",
            values=code_list("se"),
            nullable=True,
        ),
        Column(
            "pa",
            "code",
            "知识产权密集型产业类别(按投向)",
            "Patent-intensive class by use",
            values=code_list("pa"),
            nullable=True,
        ),
        Column("tech_use", "flag", "是否科技相关产业贷款", "Tech-related industry by use: any of the four classes"),
        Column("green", "flag", "是否绿色贷款", "Green loan"),
        Column("digital", "flag", "是否数字经济产业贷款", "Digital-economy industry by use"),
        Column("manufacturing", "flag", "是否制造业贷款(按投向)", "Manufacturing by use"),
    ),
)


FIXED, FLOATING = 0, 1
LPR = 1  # position of TR05
FIRST_FX, MONTHS_FX = 2016 * 12, 144
COUNTRY_CODE_C = 2  # position of sector C, corporations


def rows(block, needs, params, draw):
    """One row a note open in the window."""
    note, firms, banks = needs["note"], needs["enterprise"], needs["institution"]
    number, row, bank = note["attempt"], note["row"], note["bank"]
    count = len(number)
    floating = note["floating"]
    due_on, granted_on = note["due_on"], note["granted_on"]
    yearly = add_months(granted_on, np.full(count, 12))
    fx = dollar_parity(FIRST_FX, MONTHS_FX)
    in_yuan = (note["amount"] * fx[month_of(granted_on) - FIRST_FX] + 5000) // 10000
    divisions = vocabulary("industry", "division")
    return {
        "loan_id": number,
        "application_id": number,
        "enterprise_id": block.first + row,
        "institution_id": bank + 1,
        "product_id": note["product"] + 1,
        "institution_uscc": take(banks["uscc"], bank),
        "branch_no": ascii_texts(fixed_width((bank + 1) * 1000 + draw.below("branch", number, 240), 7, prefix="B")),
        "institution_area_code": take(banks["area_code"], bank),
        "borrower_id_kind": np.zeros(count, np.int64),
        "borrower_uscc": take(firms["uscc"], row),
        "borrower_sector": np.full(count, COUNTRY_CODE_C),
        "borrower_industry": compose((divisions, firms["industry_code"].take(row))),
        "borrower_area_code": take(firms["area_code"], row),
        "borrower_ownership": firms["ownership"].take(row),
        "borrower_size": note["size"],
        "note_code": ascii_texts(fixed_width(number, 15, prefix="JJ")),
        "contract_code": ascii_texts(fixed_width(number, 15, prefix="HT")),
        "product_class": needs["product"]["product_class"].take(note["product"]),
        "use_industry": note["use"],
        "granted_on": granted_on,
        "due_on": due_on,
        "currency": note["usd"].astype(np.int64),
        "amount": note["amount"],
        "amount_rmb": np.where(note["usd"], in_yuan, note["amount"]),
        "tenor_months": note["tenor"],
        "rate_kind": np.where(floating, FLOATING, FIXED),
        "grant_rate": note["rate"],
        "benchmark": np.full(count, LPR),
        "benchmark_rate": nullable(note["lpr"], floating),
        "fiscal_support": needs["fiscal_flag"]["support"],
        "repricing_on": np.where(floating & (yearly < due_on), yearly, due_on),
        "guarantee": _guarantees().at(note["product"], draw.uniform("guarantee", number)),
        "first_loan": note["first_loan"],
        "purpose": compose((_purposes(), note["use"] * len(PURPOSES) + note["purpose"])),
        **{name: nullable(np.maximum(note[name] - 1, 0), note[name] > 0) for name in ("htp", "hts", "se", "pa")},
        "tech_use": note["tech_use"],
        "green": note["green"],
        "digital": vocabulary_numbers("industry", "digital").take(note["use"]) == 1,
        "manufacturing": vocabulary_numbers("industry", "manufacturing").take(note["use"]) == 1,
    }


PURPOSES = ("业务资金周转", "采购原材料及支付货款", "研发投入", "厂房及设备购置", "技术改造", "出口订单备货")


@cache
def _purposes():
    """Every use with every purpose, once: to join the words row by row costs more than the rest of the table."""
    return tuple(f"用于{use}{purpose}" for use in vocabulary("industry", "name_zh") for purpose in PURPOSES)


@cache
def _guarantees():
    """Guarantee kinds that a product allows, evenly; credit counts twice for innovation products."""
    codes = [code.code for code in code_list("guarantee")]
    weights = np.zeros((len(vocabulary("product", "code")), len(codes)))
    for product, kinds in enumerate(vocabulary("product", "guarantee_kinds")):
        for kind in kinds.split("|"):
            weights[product, codes.index(kind)] = 2.0 if kind == "D" else 1.0
    return ChoiceByRow.of(weights)
