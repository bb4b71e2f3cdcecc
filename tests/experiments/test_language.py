"""A language writes numbers, dates and lists as its readers do, and finds the words of declared things."""

import dataclasses
import datetime
import math

import numpy as np
import pytest
from babel import Locale

from experiments import language
from experiments.language import files
from experiments.language.numbers import MINUS, decimal, percent
from experiments.rounding import number
from simulation.agreement import Terms
from simulation.scenario import Scenario

DAY = datetime.date(2018, 8, 31)
NAN, INFINITY = float("nan"), float("inf")


@pytest.fixture
def en():
    return language.load("en")


@pytest.fixture
def es():
    return language.load("es")


@pytest.fixture(params=language.CODES)
def any_language(request):
    return language.load(request.param)


def test_languages_name_themselves(en, es):
    assert [each.name for each in (en, es)] == ["English", "Español"]
    assert language.load("es") is es
    assert {"en", "es"} <= set(language.CODES)


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("fr-FR, es;q=0.5", "es"),
        ("EN-us", "en"),
        ("fr", "en"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_the_language_of_a_browser_is_chosen(accepted, code):
    assert language.choose(accepted) == code


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234.5, 1, "1,234.5"), (1234.5, None, "1,234.5"), (1234567, 0, "1,234,567"), (0.1 + 0.2, None, "0.3"),
        (7, None, "7"), (7, 2, "7.00"), (-0.12, 2, "-0.12"), (-0.001, 2, "0.00"), (np.float32(0.25), 1, "0.2"),
        (np.int64(12), 0, "12"), (NAN, 2, "undefined"), (INFINITY, None, "undefined"),
    ],
)  # fmt: skip
def test_numbers(en, value, decimals, text):
    assert en.n(value, decimals) == text.replace("-", MINUS)


def test_numbers_in_spanish(es):
    """Of the United States: comma for thousands, point for decimals."""
    assert es.n(1234.5, 1) == "1,234.5"
    assert es.n(NAN, 1) == es.signed(NAN, 1) == es.percent(NAN, 1) == "indefinido"


@pytest.mark.parametrize("value", [2.675, 0.125, 1e-9, 123456.5, 0.005, -2.5])
def test_digits_are_those_of_the_command_line(any_language, value):
    """Or a page and `twoclaims compare` would differ in their last digit."""
    for decimals in range(4):
        assert any_language.n(value, decimals) == number(value, decimals).replace("-", MINUS)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12, "+0.12"), (-0.12, "-0.12"), (0.0, "0.00"), (-0.0, "0.00"), (0.004, "0.00"), (-0.004, "0.00"),
     (1234.0, "+1,234.00")],
)  # fmt: skip
def test_signs(any_language, value, text):
    assert any_language.signed(value, 2) == text.replace("-", MINUS)


def test_percents(any_language):
    assert any_language.percent(12.345, 1) == "12.3%"
    assert any_language.percent(-0.5, 1) == f"{MINUS}0.5%"
    assert any_language.percent(1250, 0) == "1,250%"


def test_a_language_puts_its_own_sign_of_percent():
    """As in Spain: a comma, and a space before the sign."""
    spain = Locale.parse("es_ES")
    assert percent(12.34, 1, spain) == "12,3\N{NO-BREAK SPACE}%"
    assert decimal(1234567.5, 1, spain) == "1.234.567,5"


def test_intervals(en, es):
    assert en.interval(0.1, 0.3, 2) == "0.10 to 0.30"
    assert es.interval(-0.1, 0.3, 1) == f"{MINUS}0.1 a 0.3"
    assert en.interval(NAN, 0.3, 1) == en.interval(0.1, math.inf, 1) == "undefined"


def test_dates(en, es):
    assert en.date(DAY) == "August 31, 2018"
    assert es.date(DAY) == "31 de agosto de 2018"
    assert (en.date(DAY, "month"), es.date(DAY, "month")) == ("Aug 2018", "ago 2018")
    assert en.date(DAY, "iso") == es.date(DAY, "iso") == "2018-08-31"


def test_lists(en, es):
    assert en.join(["a"]) == "a"
    assert en.join(["a", "b"]) == "a and b"
    assert en.join(["a", "b", "c"]) == "a, b and c"
    assert es.join(iter("abc")) == "a, b y c"


def test_a_text_that_is_missing_or_not_filled_in_is_an_error(en):
    with pytest.raises(KeyError, match=r"common\.no_such_text"):
        en.t("common.no_such_text")
    with pytest.raises(KeyError, match="high"):
        en.t("common.interval", low=1)


def test_a_text_that_is_not_translated_yet_is_in_english(monkeypatch):
    monkeypatch.setattr(language.language, "read_texts", lambda code: {} if code == "xx" else files.read_texts(code))
    unfinished = language.Language("xx")
    assert unfinished.t("common.yes") == "yes"
    assert unfinished.lever("detainers").choices["never"] == "never"


def test_tables_become_dotted_keys():
    nested = {"a": {"b": "one", "c.d": "two"}, "e": ["three", "four"]}
    assert dict(files.flatten(nested)) == {"a.b": "one", "a.c.d": "two", "e.1": "three", "e.2": "four"}


def test_words_of_outcomes(en, es):
    assert en.outcome("solve_rate")[:2] == ("solve rate", "percent of crimes that happened")
    assert en.outcome("reporting_rate.latino").label == "reporting rate, Latino"
    assert es.outcome("reporting_rate.latino").label == "tasa de denuncia, comunidad latina"
    assert es.group("robbery") == es.crime_type("robbery") == "robo con violencia"


def test_words_of_levers_and_what_can_be_chosen(en, es):
    assert en.lever("victim_shield").choices == {True: "yes", False: "no"}
    assert es.lever("detainers").choices["judicial_warrant"] == "solo con orden judicial"
    assert es.lever("capacity").choices == {}
    assert es.event_value("outreach", "reach") == es.lever("outreach_reach")
    assert es.event_value("raid", "reassurance").choices[True] == "sí"
    assert es.event_value("raid", "site").choices == {"home": "en el hogar", "workplace": "en el lugar de trabajo"}
    assert es.event_value("announcement", "communities").choices["asian"] == "comunidad asiática"


def test_words_of_a_table_of_parameters_name_its_member(en, es):
    assert en.parameter("jail.felony").label == "booking leads to jail, felony"
    assert en.parameter("on_view.theft").meaning == "Chance that police arrest for a crime that nobody reported: theft."
    assert es.parameter("jail.felony").meaning.endswith(": delito grave.")
    assert es.parameter("detainer_compliance.honor").label.endswith("se cumple todo pedido")


def test_terms_are_one_phrase(en, es):
    terms = Terms(("arrestee", "victim"), ("country_of_birth",), real_time=True, ends=DAY)
    assert en.terms(terms) == "country of birth of people arrested and victims, in real time; until August 31, 2018"
    assert es.terms(Terms()) == "no se muestra nada"
    closed = Terms(("arrestee",), ("country_of_birth", "immigration_status"), after_disposition=True)
    assert es.terms(closed) == (
        "país de nacimiento y estatus migratorio de personas arrestadas, por lotes; "
        "de las personas arrestadas, solo cuando su caso está cerrado"
    )


def test_words_of_shipped_scenarios(en, es):
    scenario = Scenario.load("agreement-ended", overrides={"scale": 0.1})
    assert es.scenario(scenario) == es.scenario("agreement-ended")
    assert es.scenario(scenario).label == "Acuerdo terminado"
    assert en.scenario("agreement-ended").meaning.endswith("Compare with “Agreement renewed”.")
    assert es.scenario("agreement-ended").meaning.endswith("Compárese con «Acuerdo renovado».")
    assert es.scenario_group("agreement-ended") == es.scenario_group(scenario) == "La disputa de 2018"
    assert es.scenario_expected("agreement-ended")[0].startswith("«tasa de denuncia, comunidad latina»")


def test_ones_own_scenario_keeps_its_own_words(es):
    """Even under the file name of one that ships."""
    shipped = Scenario.load("agreement-ended")
    own = dataclasses.replace(shipped, title="Ours", description="With `trust` in agreement-renewed.", group="Mine")
    assert es.scenario(own)[::2] == ("Ours", "With `trust` in agreement-renewed.")
    assert es.scenario_group(own) == "Mine"
    assert es.scenario("ours").label == "ours"
    assert es.scenario_expected("ours") == ()
    assert es.why("Because.") == "Because."


def test_words_of_claims_and_verdicts(en, es):
    assert es.claim("M2").label == "el alcalde"
    assert en.claim("J1").label == "Juntos"
    assert es.verdict("no difference beyond noise") == "sin diferencia más allá del azar"
    assert es.party("district_attorney") == es.party("district attorney") == "el fiscal de distrito"
