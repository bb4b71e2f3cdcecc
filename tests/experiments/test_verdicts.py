"""The claims over draws: planted shares, effects, deciders and boxes are found; both sides are treated alike."""

from dataclasses import replace

import fake_draws
import numpy as np
import pandas as pd
import pytest

from experiments import language
from experiments.analysis import wilson as wilson_of_counts
from experiments.calibration.sample import read_sample
from experiments.claims.claims import CLAIMS, CONTRADICTED, SUPPORTED
from experiments.exhibits.exhibit import Look
from experiments.validation.draws import POSTERIOR, PRIOR, uncertain
from experiments.verdicts import decisive, draws, figure, interests, map_figure, page, text, words
from experiments.verdicts.boxes import find_box
from experiments.verdicts.judging import WHOLE, answers
from experiments.verdicts.local import FEWEST, SIDE, local_shares
from experiments.verdicts.probabilities import probabilities, wilson
from experiments.verdicts.verdicts import Overall, make_tables
from simulation.parameters import PARAMETERS

FEW = [claim for claim in CLAIMS if claim.id in ("M1", "M2", "D1", "F1")]
"""Of both sides: one with two measures, and one about money."""
INTERESTS = interests.thresholds({})
MIDDLE = np.mean(PARAMETERS["fear_effect"].prior.arguments)
"""Half of the draws have more."""
SWAP = {SUPPORTED: CONTRADICTED, CONTRADICTED: SUPPORTED}


def planted(table):
    """Sharing lowers the solve rate where fear is strong, and the citizens' victimization where it is weak."""
    strong = table["fear_effect"].to_numpy() > MIDDLE
    learning = table["offender_response"].to_numpy()
    return {
        "solve_rate": np.where(strong, -1.0, 1.0),
        "victimization_rate.citizens": 10 * (learning - 0.4),
        "crimes_cleared": np.full(len(table), -2.0),
    }


@pytest.fixture(scope="module")
def drawn():
    return fake_draws.draws_table()


@pytest.fixture(scope="module")
def runs(drawn):
    return fake_draws.runs_table(drawn, planted)


def tables_of(drawn, runs, claims=FEW, pairs=fake_draws.PAIRS):
    return make_tables({PRIOR: fake_draws.sample_of(drawn, runs, claims, pairs)}, INTERESTS, claims, shuffles=200)


def shares_of(drawn, runs, claim):
    """Return the probabilities of one claim."""
    claims = [each for each in CLAIMS if each.id == claim]
    judgments = fake_draws.sample_of(drawn, runs, claims).judgments
    return probabilities(judgments, np.arange(len(drawn)), INTERESTS, claims).set_index("outcome")


@pytest.fixture(scope="module")
def tables(drawn, runs):
    return tables_of(drawn, runs)


@pytest.fixture(scope="module")
def mirrored(drawn, runs):
    """All tables for claims of which every claimed direction is turned round."""
    claims = [replace(c, measures=tuple(replace(m, claimed=-m.claimed) for m in c.measures)) for c in FEW]
    return tables_of(drawn, runs, claims)


@pytest.fixture(scope="module")
def found(tables):
    about = {
        "draws": 120, "seeds": 6, "root_seed": 1, "scale": 0.1, "smallest_scale": 0.2,
        "code": {"version": "1", "commit": None, "modified": False},
        "thresholds": {".".join(key): value for key, value in INTERESTS.items()},
        "sharing": ["agreement-2008-terms", "agreement-ended"],
        "budget": ["agreement-ended-funding-cut", "agreement-ended"],
    }  # fmt: skip
    return Overall(tables, about)


# Draws


def test_a_calibrated_row_stays_together_and_all_else_spreads_over_its_prior():
    rows = {tuple(row.items()) for row in read_sample()}
    fitted = set(draws.fitted_names())
    made = draws.make_draws(POSTERIOR, 60, 5)
    assert all(tuple((name, draw[name]) for name in draws.fitted_names()) in rows for draw in made)
    for factor in uncertain():
        if factor.name not in fitted:
            shares = factor.shares([draw[factor.name] for draw in made])
            assert sorted(np.minimum(shares * 60, 59.999).astype(int)) == list(range(60)), factor.name


def test_draws_of_the_priors_are_a_latin_hypercube_and_follow_the_seed():
    made = draws.make_draws(PRIOR, 30, 5)
    assert made == draws.make_draws(PRIOR, 30, 5) != draws.make_draws(PRIOR, 30, 6)
    factor = uncertain()[0]
    shares = factor.shares([draw[factor.name] for draw in made])
    assert sorted((shares * 30).astype(int)) == list(range(30))


def test_a_design_runs_every_draw_in_every_scenario_on_common_seeds():
    design = draws.make_design(PRIOR, draws.make_draws(PRIOR, 12, 1), fake_draws.PAIRS.scenarios, 5, 1, 0.02)
    assert (design.n_points, design.seeds, len(design.scenarios)) == (12, 5, 3)


def test_draws_that_repeat_are_worth_fewer():
    assert draws.worth(np.arange(50)) == 50
    assert draws.worth(np.repeat(np.arange(10), 5)) == pytest.approx(10)
    assert draws.worth(np.array([0, 0, 0, 1])) == pytest.approx(16 / 10)


# Probabilities and effects


def test_a_planted_share_is_found_with_its_interval(found):
    row = found.probability(PRIOR, "M2")
    assert (row.supported, row.contradicted) == (0.5, 0.5)
    assert (row.supported_low, row.supported_high) == pytest.approx(wilson_of_counts(60, 120))
    assert found.probability(PRIOR, "F1").supported == 1


def test_shares_add_up_and_stay_within_their_intervals(tables):
    table = tables["probabilities"]
    assert (table["supported"] + table["contradicted"] + table["neither"]).to_numpy() == pytest.approx(1)
    for name in ("supported", "contradicted", "neither", "beyond_claimed", "beyond_opposite"):
        low, high = table[f"{name}_low"], table[f"{name}_high"]
        assert ((low <= table[name] + 1e-12) & (table[name] <= high + 1e-12) & (low >= 0) & (high <= 1)).all()


def test_the_wilson_interval_is_that_of_the_library():
    for cases, number in ((0, 10), (3, 10), (10, 10), (70, 200)):
        assert wilson(cases / number, number) == pytest.approx(wilson_of_counts(cases, number), abs=1e-12)


def test_a_claim_with_several_measures_needs_all_of_them(drawn):
    both = fake_draws.runs_table(drawn, lambda table: {
        "fear.immigrant_communities": np.ones(len(table)),
        "trust.immigrant_communities": np.where(np.arange(len(table)) < 30, -1.0, 1.0),
    })  # fmt: skip
    shares = shares_of(drawn, both, "M1")[["supported", "contradicted"]]
    assert shares.loc[WHOLE].tolist() == [0.25, 0]
    assert shares.loc["fear.immigrant_communities"].tolist() == [1, 0]
    assert shares.loc["trust.immigrant_communities"].tolist() == [0.25, 0.75]


def test_luck_is_told_apart_from_the_spread(drawn):
    wide = fake_draws.runs_table(drawn, lambda table: {"solve_rate": np.linspace(-3, 3, len(table))}, luck=1.2)
    row = shares_of(drawn, wide, "M2").loc["solve_rate"]
    assert row["luck"] == pytest.approx(1.2 / np.sqrt(6), rel=0.1)
    assert row["spread"] == pytest.approx(6 / np.sqrt(12), rel=0.1)
    assert row["low_95"] < row["low_50"] < row["median"] < row["high_50"] < row["high_95"]


def test_counts_are_of_the_whole_city(found):
    row = found.probability(PRIOR, "F1", "crimes_cleared")
    assert row.median == pytest.approx(-2 / fake_draws.SCALE, rel=0.05)


def test_too_few_pairs_are_not_judged(drawn, runs):
    few = runs[runs["replicate"] <= 4]
    assert fake_draws.sample_of(drawn, few, CLAIMS).judgments.empty


# What decides


def test_a_planted_parameter_is_found_and_what_knowing_it_is_worth(tables):
    table = tables["decisive"]
    first = table[(table["claim"] == "M2") & (table["outcome"] == WHOLE) & (table["rank"] == 1)].iloc[0]
    assert (first["parameter"], bool(first["stands_out"])) == ("fear_effect", True)
    # The middle fifth is half and half; the others are known for sure: right at 4/5 + 1/10, not at 1/2.
    assert first["gain"] == pytest.approx(0.4, abs=0.1)
    first = table[(table["outcome"] == "victimization_rate.citizens") & (table["rank"] == 1)].iloc[0]
    assert (first["parameter"], bool(first["stands_out"])) == ("offender_response", True)
    assert first["share"] > 0.85


def test_noise_does_not_look_decisive(drawn):
    groups, rng = decisive.grouped(drawn), np.random.default_rng(5)
    labels, fitted = np.arange(len(drawn)), np.zeros(drawn.shape[1], bool)
    winners = [
        decisive.told(rng.choice([-1.0, 0.0, 1.0], len(drawn)), groups, labels, fitted, True, 200).stands_out.any()
        for _ in range(20)
    ]
    assert sum(winners) <= 2


def test_draws_that_share_a_row_do_not_make_a_parameter_decisive():
    """What decides is the same for all draws of a block, but has nothing to do with the parameters."""
    rng = np.random.default_rng(8)
    winners = 0
    for _ in range(20):
        labels = np.repeat(np.arange(20), 6)
        x = pd.DataFrame({f"f{n}": rng.random(20)[labels] for n in range(6)} | {f"o{n}": rng.random(120) for n in
                                                                                range(6)})  # fmt: skip
        y = rng.choice([-1.0, 1.0], 20)[labels]
        fitted = np.array([name.startswith("f") for name in x])
        winners += decisive.told(y, decisive.grouped(x), labels, fitted, True, 200).stands_out.any()
    assert winners <= 2


def test_where_all_draws_agree_nothing_decides(found):
    language_ = language.load("en")
    assert "the same at every draw" in words.decides_sentence(found, language_, "F1", PRIOR)
    first = next(found.rows("decisive", PRIOR, "F1", outcome=WHOLE, rank=1))
    assert (first.share, first.stands_out) == (0, False)


def test_equal_values_are_in_one_group():
    groups = decisive.grouped(pd.DataFrame({"a": [1.0] * 7 + [2.0, 3.0, 4.0], "b": np.arange(10.0)}))
    assert len(set(groups[:7, 0])) == 1
    assert np.bincount(groups[:, 1]).tolist() == [2] * 5


def test_a_planted_box_is_found_for_either_verdict(tables):
    table = tables["boxes"]
    of = table[(table["claim"] == "M2")].set_index("verdict")
    assert of.loc[SUPPORTED, "parameter"] == of.loc[CONTRADICTED, "parameter"] == "fear_effect"
    assert of["stands_out"].all()
    assert of.loc[SUPPORTED, "lower"] == pytest.approx(MIDDLE, abs=0.3)
    assert of.loc[CONTRADICTED, "upper"] == pytest.approx(MIDDLE, abs=0.3)


def test_noise_has_no_box(drawn):
    rng = np.random.default_rng(2)
    verdicts = pd.Series(rng.choice([SUPPORTED, CONTRADICTED], len(drawn)), drawn.index)
    few = drawn[["fear_effect", "awareness"]]
    assert not find_box(few, verdicts, np.arange(len(drawn)), SUPPORTED).stands_out


def test_a_map_counts_the_draws_behind_every_cell(drawn, tables):
    verdicts = answers(tables["judgments"], next(claim for claim in CLAIMS if claim.id == "M2"))
    table = local_shares(drawn, verdicts, "fear_effect", "awareness")
    assert len(table) == SIDE**2
    assert table[table["draws"] < FEWEST]["supported"].isna().all()
    known = table[table["draws"] >= FEWEST]
    assert (known[known["column"] >= SIDE / 2 + 1]["supported"] == 1).all()
    assert (known[known["column"] < SIDE / 2 - 1]["contradicted"] == 1).all()


# Both sides alike


def check_answers_exchanged(table, other):
    """Check that all shares of the one are those of the other with the sides exchanged."""
    for one, two in (("supported", "contradicted"), ("neither", "neither"), ("beyond_claimed", "beyond_opposite")):
        for end in ("", "_low", "_high"):
            assert other[f"{two}{end}"].to_numpy() == pytest.approx(table[f"{one}{end}"].to_numpy(), abs=1e-12)
            assert other[f"{one}{end}"].to_numpy() == pytest.approx(table[f"{two}{end}"].to_numpy(), abs=1e-12)


def check_boxes_exchanged(table, other):
    keys = ["claim", "verdict", "parameter"]
    changed = other.assign(verdict=other["verdict"].map(SWAP))
    pd.testing.assert_frame_equal(
        table.sort_values(keys, ignore_index=True), changed.sort_values(keys, ignore_index=True)
    )


def check_deciders_equal(table, other):
    keys = ["claim", "outcome", "parameter"]
    one, two = (each.sort_values(keys, ignore_index=True) for each in (table, other))
    for name in ("share", "by_luck", "gain"):
        np.testing.assert_allclose(one[name], two[name], atol=1e-9, equal_nan=True)
    assert (one["stands_out"] == two["stands_out"]).all()


def test_claims_of_the_other_direction_exchange_the_verdicts(tables, mirrored):
    other = mirrored
    check_answers_exchanged(tables["probabilities"], other["probabilities"])
    check_boxes_exchanged(tables["boxes"], other["boxes"])
    check_deciders_equal(tables["decisive"], other["decisive"])
    names = {"supported": "contradicted", "contradicted": "supported"}
    columns = list(tables["local"])
    pd.testing.assert_frame_equal(other["local"].rename(columns=names)[columns], tables["local"])


def test_exchanged_worlds_exchange_the_verdicts_and_turn_the_effects_round(drawn, runs, tables):
    other = tables_of(drawn, fake_draws.swapped(runs))
    check_answers_exchanged(tables["probabilities"], other["probabilities"])
    check_boxes_exchanged(tables["boxes"], other["boxes"])
    check_deciders_equal(tables["decisive"], other["decisive"])
    for one, two in (("median", "median"), ("low_50", "high_50"), ("low_95", "high_95")):
        np.testing.assert_allclose(tables["probabilities"][one], -other["probabilities"][two], atol=1e-9)
    for name in ("luck", "spread", "luck_share"):
        np.testing.assert_allclose(tables["probabilities"][name], other["probabilities"][name], atol=1e-9)


def test_the_order_of_two_worlds_changes_nothing(drawn, runs, tables):
    other = tables_of(drawn, runs, pairs=fake_draws.Pairs(("less", "more"), ("less", "cut")))
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, other[name])


def test_both_verdicts_are_told_in_the_same_words(found, mirrored):
    other = Overall(mirrored, found.about)
    for code in language.CODES:
        said = language.load(code)
        for claim in FEW:
            one, two = (list(words.box_sentences(each, said, claim.id, PRIOR)) for each in (found, other))
            names = [said.verdict(SUPPORTED), said.verdict(CONTRADICTED)]
            assert one[0].replace(*names) == two[1]
            assert one[1].replace(*reversed(names)) == two[0]
            assert words.decides_sentence(found, said, claim.id, PRIOR) == words.decides_sentence(
                other, said, claim.id, PRIOR
            )


# What is shown


@pytest.mark.parametrize("code", language.CODES)
def test_the_page_is_whole_in_every_language(found, code):
    html = page.page_html(found, language.load(code))
    assert f'<html lang="{code}">' in html
    assert html.count("<section") == len(FEW) + 2
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert "https://" not in html
    assert language.load(code).t("report.origin.small_scale", smallest=language.load(code).n(0.2)) in html
    assert "undefined" not in html.replace("undefined at", "")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_figures_draw_every_claim_and_every_map(found, width):
    look = Look(language.load("en"), width=width)
    drawn = figure.over_draws(found, look)
    assert len(drawn.table) == sum(1 + len(claim.measures) for claim in FEW)
    assert drawn.svg().count("calibrated") == 0  # this one is of the priors alone
    claim = next(claim for claim in CLAIMS if claim.id == "M2")
    assert len(map_figure.where_right(found, look, claim).table) == SIDE**2


def test_the_summary_names_every_claim_and_what_it_is_not(found):
    said = text.summary(found)
    assert all(claim.id in said for claim in FEW)
    assert "fear" in said
    assert "share of draws" in said
    assert "not a forecast" in said
