"""What is refused is said in the visitor's language, with names, values and ranges as they were given."""

import json

import pytest

from experiments.city.boundaries import read_boundaries
from experiments.language import load
from simulation.errors import InputError
from simulation.parameters import PARAMETERS
from simulation.place import Place
from workshop import link
from workshop.limits import Limits
from workshop.question import OWN, Settings, Side
from workshop.question import load as load_side
from workshop.viewpoints import from_toml

ENGLISH = {"must", "be", "the", "not", "is", "are", "with", "and", "than", "only", "unknown", "missing", "you"}
LINKS = {
    "a=agreement-endet": ("escenario", "'agreement-ended'"),
    "a.capacty=1": ("a.capacty", "'capacity'"),
    "a.capacity=99": ("debe estar entre 0 y",),
    "a.fingerprint_checks=maybe": ("'maybe'", "debe ser yes o no"),
    "a.detainers=sometimes": ("'sometimes'", "debe ser uno de"),
    "p.fear_effect=-1": ("debe estar entre", load("es").parameter("fear_effect").meaning),
    "pairs=1e9": ("debe ser un número entero",),
    "pairs=100000": ("debe ir de 1 a 400 en esta página",),
    "scale=1": ("la línea de comandos no tiene ese límite",),
    "scale=0": ("debe ser mayor que 0",),
    "view=admin": ("vista 'admin'", "compare, levers"),
    "evil=1": ("clave de un enlace",),
    "nonsense": ("clave=valor",),
    "a=agreement-ended&x=" + "y" * 10_000: ("6,000 letras",),
    f"a={OWN}&a.file=%00%ff": ("está dañado",),
    f"a={OWN}": ("falta la clave",),
}
FILES = {
    'extends = "agreement-endet"': "debe ser uno de",
    "extends = 'agreement-ended'\ncapacty = 2": "no existe: clave",
    "extends = 'agreement-ended'\nscale = 2": "debe ser mayor que 0 y a lo sumo 1",
    "extends = 'agreement-ended'\nyears = 'ten'": "debe ser un número",
    "extends = 'agreement-ended'\n[levers]\ncapacity = 99": "debe estar entre 0 y",
    "extends = 'agreement-ended'\n[levers]\nfear_effect = 1": "va en [parameters]",
    "extends = 'agreement-ended'\n[levers]\nvictim_shield = 3": "debe ser true o false",
    "extends = 'agreement-ended'\n[parameters]\nfear_effect = 'much'": "debe ser un número",
    "extends = 'agreement-ended'\n[[event]]\ndate = 2019-01-01\nkind = 'raid'": "falta la clave",
    "extends = 'agreement-ended'\n[[event]]\ndate = 2039-01-01\nkind = 'agreement_ends'": "fuera de la simulación",
    "extends = 'agreement-ended'\n[[event]]\ndate = 2019-01-01\nkind = 'agreement_ends'": "no hay acuerdo en vigor",
    "extends = 'agreement-ended'\n[[event]]\ndate = 2019-01-01\nkind = 'rain'": "debe ser uno de",
    "extends = 'agreement-ended'\n[[event]]\ndate = 2018-10-01\nkind = 'funding_cut'\nshare = 0.1\ndecided = 'soon'": (
        "debe ser una fecha sin comillas"
    ),
    "not toml at all": "línea 1, columna",
    "x = [": "no es un archivo TOML",
    "x = " + "9" * 5000: "no es un archivo TOML",
    "x = " + "[" * 5000: "no es un archivo TOML",
}
BOUNDARIES = {
    b"<script>": "no es un archivo JSON",
    b"[]": "FeatureCollection de GeoJSON",
    json.dumps({"type": "FeatureCollection", "features": []}).encode(): "no tiene elementos",
    json.dumps({"type": "FeatureCollection", "features": [{"properties": {"x": 1}}]}).encode(): "no tiene el distrito",
    b" " * 5_000_000: "se leen a lo sumo 4,000,000",
}
VIEWPOINTS = {
    "x = 1": "no es un archivo de puntos de vista",
    "nothing": "no es un archivo TOML",
    'format = "two-claims-viewpoints"\n[[viewpoint]]\nname = ""': "debe tener de 1 a",
}


def refused(do, *given):
    """Return what is said in both languages."""
    with pytest.raises(InputError) as caught:
        do(*given)
    return load("en").refusal(caught.value), load("es").refusal(caught.value)


def check(said, *wanted):
    """All is said in Spanish, in one line."""
    english, spanish = said
    assert spanish != english
    for text in wanted:
        assert text in spanish
    assert not set(spanish.replace("'", " ").lower().split()) & ENGLISH, spanish
    assert "\n" not in spanish


@pytest.mark.parametrize("query", LINKS)
def test_a_link(query):
    check(refused(link.open_query, query, Limits()), *LINKS[query])


@pytest.mark.parametrize("text", FILES)
def test_a_scenario_file(text):
    side = Side(OWN, own=text)
    check(refused(load_side, side, Settings()), FILES[text])


@pytest.mark.parametrize("content", BOUNDARIES, ids=range(len(BOUNDARIES)))
def test_boundaries(content):
    check(refused(read_boundaries, content, Place.load("philadelphia")), BOUNDARIES[content])


@pytest.mark.parametrize("text", VIEWPOINTS)
def test_viewpoints(text):
    check(refused(from_toml, text), VIEWPOINTS[text])


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_assumption_beyond_its_range(name):
    """With unit and meaning as the page has them."""
    parameter, words = PARAMETERS[name], load("es").parameter(name)
    beyond = parameter.bounds[1] * 2 + 1
    check(refused(link.open_query, f"p.{name}={beyond}", Limits()), words.unit, words.meaning)


def test_english_is_said_as_it_is_and_what_is_not_known_stays():
    assert load("en").refusal("x = 1: must be a word") == "x = 1: must be a word"
    assert load("es").refusal("x = 1: quite another thing") == "x = 1: quite another thing"
