"""Cutting a link of the monitoring tables moves the figure that hangs on it and no other table.

distress -> evergreening (`account.evergreen_distress`), distress -> alerts (`alert.signal`), default -> alerts
(`alert.arrears`), and the misuses and disagreements, each of which is gone at 0.
"""

import polars as pl
import pytest

from tests.world.shared import SEED, TWO_BLOCKS, differing, history, world

LINKS = {
    "account.evergreen_distress": "account_flow",
    "account.evergreen": "account_flow",
    "account.round_trip": "account_flow",
    "account.deposit": "account_flow",
    "account.fund": "account_flow",
    "register.amount_differs": "register_entry",
    "register.date_differs": "register_entry",
    "alert.signal": "risk_alert",
    "alert.arrears": "risk_alert",
    "incident.operational": "risk_incident",
}


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """`cut("alert.signal")`: the same city without that link; with `history`, its unpublished tables."""
    folder = tmp_path_factory.mktemp("scenarios")

    def make(parameter, look=world):
        path = folder / f"no_{parameter.replace('.', '_')}.yaml"
        if not path.exists():
            words = f"title_zh: 断开\ntitle_en: Without {parameter}\ncaption: The link is cut.\n"
            path.write_text(f"extends: baseline\n{words}params:\n  {parameter}: 0\n", encoding="utf-8")
        return look(TWO_BLOCKS, SEED, str(path))

    return make


@pytest.mark.parametrize("link", LINKS)
def test_a_cut_link_moves_its_own_table_and_no_other(cut, link):
    base, other = world(), cut(link)
    moved = {name for name in base if differing(base[name], other[name])}
    assert moved == {LINKS[link]}


def misuse(found, kind):
    return (found["account_flow"]["_misuse"] == kind).sum()


@pytest.mark.parametrize(("link", "kind"), [("account.round_trip", 1), ("account.deposit", 2), ("account.fund", 3)])
def test_without_its_rate_a_misuse_is_gone_and_the_others_stay(cut, link, kind):
    base, other = history(), cut(link, history)
    assert misuse(base, kind) > 0 == misuse(other, kind)
    assert misuse(base, 4) == misuse(other, 4)


def evergreening(found):
    """Notes that repay an older one, by whether the borrower was in distress in the month of the grant."""
    notes, flows, paths = found["note"], found["account_flow"], found["firm_month"]
    picked = flows["_note"]
    month = notes["granted_on"][picked].astype("datetime64[D]").astype("datetime64[M]").astype(int) - (2016 - 1970) * 12
    sick = paths["distress"][notes["row"][picked], month]
    hit = flows["_misuse"] == 4
    return (hit & sick).sum(), (hit & ~sick).sum(), sick.mean()


def test_without_the_link_distress_adds_no_evergreening_and_sound_firms_stay_as_they_were(cut):
    (sick, sound, share), (sick_cut, sound_cut, _) = (
        evergreening(history()),
        evergreening(cut("account.evergreen_distress", history)),
    )
    assert sound == sound_cut > 0
    assert sick > sick_cut
    assert sick > sound * share  # more often in distress, although most borrowers are sound


@pytest.mark.parametrize(("link", "cause"), [("alert.signal", 0), ("alert.arrears", 1)])
def test_without_its_chance_a_cause_raises_no_alert_and_the_others_stay(cut, link, cause):
    base, other = history()["risk_alert"], cut(link, history)["risk_alert"]
    assert (base["_cause"] == cause).sum() > 100
    assert not (other["_cause"] == cause).any()
    for rest in {0, 1, 2} - {cause}:
        assert (base["_cause"] == rest).sum() == (other["_cause"] == rest).sum()


def test_without_differences_every_coded_entry_shows_its_note(cut):
    for link, column, note in (
        ("register.amount_differs", "amount", "amount_rmb"),
        ("register.date_differs", "granted_on", "granted_on_note"),
    ):
        tables = cut(link)
        plain = tables["register_entry"].filter(pl.col("register") != "guarantor")
        plain = plain.join(tables["loan"].drop("amount"), on="note_code", suffix="_note")
        assert plain.height > 500
        assert plain.filter(pl.col(column) != pl.col(note)).is_empty()
