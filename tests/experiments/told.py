"""Decide a told crime again from what the story alone says, without the code that found its cause."""

from datetime import date

import numpy as np

from simulation.vocabulary import CrimeType

SMALL = {"place": "riverton", "scale": 0.25, "years": 3.5}
HOT = {
    **SMALL, "outcomes_from": date(2016, 7, 1), "population_seed": 3,
    "other_visits": 300.0, "database_visits": 300.0, "lead_success": 0.6, "other_lead_success": 0.5,
    "collateral_arrest": 0.3, "replacement_migration": 4.0, "return_rate": 2.0, "detention_term": 20.0,
    "detainer_compliance.honor": 0.7, "trust_effect": 0.8, "fear_effect": 2.0, "load_effect": 0.6,
    "deportation_deterrence": -0.3, "salience_gain": 0.2,
}  # fmt: skip
"""Enforcement so heavy that a small town has every kind of story."""


def expit(x):
    """Return the probability with given log-odds."""
    return 1 / (1 + np.exp(-x))


def inputs_of(party, values, world, swapped):
    """Return what a person's decisions depend on in a world, with some causes as in the other."""
    other = 1 - world
    names = ("present", "vulnerability", "trust", "fear", "belief", "salience", "relief", "court")
    felt = {name: party[name][world] for name in names}
    by_kind = {cause["kind"]: cause for cause in swapped if is_of(cause, party)}
    here, there = "value_" + "ab"[world], "value_" + "ab"[other]
    for kind, name in (("perceived_sharing", "belief"), ("enforcement_in_mind", "salience")):
        if kind in by_kind:
            felt[name] = by_kind[kind][there]
    if "presence" in by_kind:
        felt["present"] = not felt["present"]
    if "newcomer" in by_kind:
        felt |= {name: party[name][other] for name in ("trust", "fear")}
    help_for(felt, by_kind, values, world)
    if "accompaniment" in by_kind:
        felt["relief"] *= by_kind["accompaniment"][there] / by_kind["accompaniment"][here]
    for cause in swapped:
        for sign, effects in ((-1, cause["effects_" + "ab"[world]]), (1, cause["effects_" + "ab"[other]])):
            for effect in effects:
                if effect["position"] == party["position"]:
                    felt["fear"] += sign * effect["fear_left"]
                    felt["trust"] += sign * effect["trust_left"]
    return felt


def is_of(cause, party):
    """Whether a cause that is no event bears on a person."""
    if cause["community"] is not None:
        return cause["community"] == party["resident"]["community"]
    return cause["row"] in (None, party["resident"]["row"])


def help_for(felt, by_kind, values, world):
    """Change what status, protection and courthouses do to a person."""
    other, here, there = 1 - world, "value_" + "ab"[world], "value_" + "ab"[1 - world]
    status, protection, court = (
        by_kind.get(kind) for kind in ("legal_status", "victim_protection", "courthouse_operations")
    )
    if status:
        was, now = (status["background"]["undocumented"][w] for w in (world, other))
        sure = status["background"]["protection"][world]
        operations = status["background"]["operations"][world]
        felt["vulnerability"] = status[there]
        felt["relief"] /= 1 - sure * was
        felt["relief"] *= 1 - (protection[there] if protection else sure) * now
        operations = court[there] if court else operations
        felt["court"] = values["courthouse_effect"] * operations * felt["vulnerability"]
        return
    if protection:
        felt["relief"] *= (1 - protection[there]) / (1 - protection[here])
    if court:
        felt["court"] = values["courthouse_effect"] * court[there] * felt["vulnerability"]


def load_of(story, values, world, swapped):
    """Return how heavy the caseload is in a world, with some causes as in the other."""
    load, there, here = story["load"][world], "value_" + "ab"[1 - world], "value_" + "ab"[world]
    for cause in swapped:
        if cause["kind"] == "caseload":
            load += values["load_effect"] * np.log((cause[there] + 1) / (cause[here] + 1))
        power = {"detectives": 1.0, "police_budget": values["detective_elasticity"]}.get(cause["kind"], 0.0)
        if power:
            load -= values["load_effect"] * power * np.log(cause[there] / cause[here])
    return load


def decide(story, values, constants, world, swapped=()):
    """Decide a told crime in a world, with some causes as in the other; return reported, solved and probabilities."""
    reported, cooperating, chances = False, 0, []
    for party in story["parties"]:
        felt = inputs_of(party, values, world, swapped)
        dread = felt["vulnerability"] * felt["belief"] * (1 - np.exp(-(felt["fear"] + felt["salience"])))
        lean = values["trust_effect"] * felt["trust"] - values["fear_effect"] * felt["relief"] * dread
        is_dead = party["cooperation_intercept"] is None
        p_call = felt["present"] * expit(party["call_intercept"] + (0 if is_dead else lean))
        p_help = 0 if is_dead else felt["present"] * expit(party["cooperation_intercept"] + lean - felt["court"])
        reported |= party["call"]["draw"] < p_call
        cooperating += party["cooperation"]["draw"] < p_help
        chances += [p_call, p_help]
    k = CrimeType[story["crime_type"].upper()]
    helped = values["cooperation_effect"] * (reported * cooperating - constants.expected_cooperating[k])
    p_solve = expit(constants.solve_intercept[k] + helped - load_of(story, values, world, swapped))
    draw, p = (story["solving"]["draw"], p_solve) if reported else (story["on_view"]["draw"], story["on_view"]["p"][0])
    return reported, bool(draw < p), [*chances, p_solve]


def check(story, values, constants):
    """Assert that the cause of a told crime turns it, that no part can be left out, and that its numbers are right."""
    done = "AB".index(story["done_in"])
    outcome = 0 if story["kind"] == "reported" else 1

    def play(which, swapped=()):
        return decide(story, values, constants, which, swapped)

    assert play(done)[outcome]
    assert not play(1 - done)[outcome]
    after = play(1 - done, story["causes"])
    assert after[outcome], story["text"]
    for left_out in range(len(story["causes"])):
        rest = story["causes"][:left_out] + story["causes"][left_out + 1 :]
        assert not play(1 - done, rest)[outcome], story["text"]
    told_chances = [chance["p"] for party in story["parties"] for chance in (party["call"], party["cooperation"])]
    told_chances.append(story["solving"]["p"])
    for version, played in enumerate((play(0), play(1), after)):
        np.testing.assert_allclose(played[2], [p[version] for p in told_chances], rtol=0, atol=1e-9)
        assert played[:2] == (story["reported"][version], story["solved"][version])
