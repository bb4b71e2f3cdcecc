"""Three counts of crime, and what they tell: truth, record and survey, case by case (docs/counting-crime.md)."""

from itertools import product

import numpy as np
import pytest
from exhibited import look, luck, pair

from experiments import exhibits
from experiments.counting import Story, count
from experiments.exhibits.counted import counts_of, kinds_of, story, warning
from experiments.language import load
from experiments.report.blocks import Notice
from experiments.report.content import document

EN = load("en")
PAIRS = 12
MOVES = {"lower": -10.0, "same": 0.0, "higher": 10.0}
"""What world A has more than world B, whose mean is 1,000: one percent, or only luck."""


def worlds(difference, spread=1.0, mean=1000.0, seed=1):
    """Return an outcome in world A and B of each pair: the difference, and luck."""
    b = mean + np.arange(PAIRS) - (PAIRS - 1) / 2
    return b + difference + luck(PAIRS, spread, seed), b


def made(happened, recorded, surveyed, reported="same", answered="same", spread=1.0):
    """Return the values of two worlds in which the counts move as said."""
    outcomes = {
        "crimes_happened": worlds(MOVES[happened], seed=1),
        "crimes_recorded": worlds(MOVES[recorded], seed=2),
        "surveyed_victimization_rate": worlds(MOVES[surveyed], spread, seed=3),
        "reporting_rate": worlds(MOVES[reported], seed=4),
        "survey_response_rate": worlds(MOVES[answered], seed=5),
    }
    return outcomes.__getitem__


def told(*moves, **more):
    return story(count(made(*moves, **more)), EN)


AGREES, BLIND = "The survey finds what happened.", "The survey asks too few people to show it."

# Truth and record; and what is said of them.
OF_THE_RECORD = {
    ("lower", "lower"): "",
    ("same", "same"): "",
    ("higher", "higher"): "",
    ("same", "lower"): "Recorded crime is lower in A, crimes that happened are not",
    ("same", "higher"): "Recorded crime is higher in A, crimes that happened are not",
    ("higher", "lower"): "Recorded crime is lower in A, although more crimes happened",
    ("lower", "higher"): "Recorded crime is higher in A, although fewer crimes happened",
    ("higher", "same"): "More crimes happened in A, the record does not show it",
    ("lower", "same"): "Fewer crimes happened in A, the record does not show it",
}
# Truth and survey.
OF_THE_SURVEY = {
    ("lower", "lower"): "",
    ("same", "same"): "",
    ("higher", "higher"): "",
    ("same", "lower"): "The survey finds fewer crimes in A, and there were not",
    ("same", "higher"): "The survey finds more crimes in A, and there were not",
    ("higher", "lower"): "The survey finds fewer crimes in A, although more happened",
    ("lower", "higher"): "The survey finds more crimes in A, although fewer happened",
    ("higher", "same"): "More crimes happened in A, the survey does not find them",
    ("lower", "same"): "Fewer crimes happened in A, the survey does not find it",
}


@pytest.mark.parametrize(("truth", "record", "survey"), list(product(MOVES, repeat=3)))
def test_each_combination_of_three_counts_tells_its_story(truth, record, survey):
    """All 27, in a survey large enough to be as sure as the record."""
    of_record, of_survey = OF_THE_RECORD[truth, record], OF_THE_SURVEY[truth, survey]
    expected = [f"{of_record}."] if of_record else []
    if of_record and not of_survey:
        expected.append(AGREES)
    if of_survey:
        expected.append(f"{of_survey}.")
    counts = count(made(truth, record, survey))
    assert story(counts, EN) == expected
    assert counts.disagree == bool(expected)
    assert (counts.story.happened, counts.story.recorded, counts.story.surveyed) == (truth, record, survey)
    assert counts.happened.effect == pytest.approx(MOVES[truth] / 10, abs=0.05), "in percent of B"


@pytest.mark.parametrize(
    ("happened", "recorded", "reported", "said"),
    [
        ("same", "lower", "lower", ": a smaller share of them was reported."),
        ("same", "higher", "higher", ": a larger share of them was reported."),
        ("higher", "same", "lower", ": a smaller share of them was reported."),
        ("lower", "same", "higher", ": a larger share of them was reported."),
        ("same", "lower", "same", "crimes that happened are not."),
        ("same", "lower", "higher", "crimes that happened are not."),
    ],
)
def test_why_the_record_differs_is_said_where_reporting_moved_that_way(happened, recorded, reported, said):
    assert told(happened, recorded, happened, reported=reported)[0].endswith(said)


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        ("lower", ": fewer of those asked answered it in A, and those who fear contact are the first to refuse."),
        ("higher", ": more of those asked answered it in A, and those who fear contact are the first to refuse."),
        ("same", "the survey does not find them."),
    ],
)
def test_a_survey_that_the_fearful_do_not_answer_misleads(answered, said):
    """More crimes happened, and police figures show it; the survey does not."""
    assert len(told("higher", "higher", "same", answered=answered)) == 1
    assert told("higher", "higher", "same", answered=answered)[0].endswith(said)


def test_fewer_answers_alone_are_no_other_story():
    assert told("higher", "higher", "higher", answered="lower") == []


def test_a_survey_too_small_to_see_anything_is_not_said_to_differ():
    """With luck of 5 percent a pair, no change of 1 percent is seen, nor can one be excluded."""
    assert told("higher", "lower", "same", spread=50.0) == [f"{OF_THE_RECORD['higher', 'lower']}.", BLIND]
    assert told("higher", "higher", "same", spread=50.0) == []
    assert told("same", "lower", "same", spread=50.0) == [f"{OF_THE_RECORD['same', 'lower']}.", AGREES]


def test_one_effect_beyond_noise_and_one_not_may_be_the_same_effect():
    """Both 0.6 percent higher, one of them with much luck: no story, because their difference is within noise."""
    outcomes = dict.fromkeys(("reporting_rate", "survey_response_rate", "surveyed_victimization_rate"), worlds(0.0))
    outcomes |= {"crimes_happened": worlds(6.0, 1.0), "crimes_recorded": worlds(6.0, 30.0, seed=2)}
    counts = count(outcomes.__getitem__)
    assert (counts.story.happened, counts.story.recorded, counts.story.record_gap) == ("higher", "same", "same")
    assert not counts.story.record_differs


def test_two_falls_of_different_size_are_one_story():
    """The record falls twice as far as the truth: both fall, and nobody is misled about which way."""
    outcomes = dict.fromkeys(("reporting_rate", "survey_response_rate", "surveyed_victimization_rate"), worlds(-10.0))
    outcomes |= {"crimes_happened": worlds(-10.0), "crimes_recorded": worlds(-20.0, seed=2)}
    counts = count(outcomes.__getitem__)
    assert counts.story.record_gap == "lower"
    assert not counts.disagree


@pytest.mark.parametrize("pairs", [1, 4])
def test_too_few_pairs_tell_no_story(pairs):
    few = made("higher", "lower", "lower")
    counts = count(lambda key: tuple(world[:pairs] for world in few(key)))
    assert not counts.disagree
    assert warning([counts], pairs, EN) is None


def test_where_the_survey_is_undefined_two_counts_are_compared():
    """As in results of worlds without a survey: nothing is said of it."""
    nothing = (np.full(PAIRS, np.nan),) * 2
    values = made("same", "lower", "same")
    counts = count(lambda key: nothing if "survey" in key else values(key))
    assert story(counts, EN) == [f"{OF_THE_RECORD['same', 'lower']}."]
    assert kinds_of([counts]) == ("happened", "recorded")
    assert "told to the survey" not in warning([counts], PAIRS, EN)


@pytest.mark.parametrize("values", [lambda key: ([], []), lambda key: ([0.0] * PAIRS,) * 2])
def test_worlds_without_pairs_or_without_crime_tell_no_story(values):
    assert not count(values).disagree


def test_pairs_in_which_the_survey_is_undefined_are_left_out_of_the_survey_only():
    values = made("higher", "lower", "lower")
    a, b = values("surveyed_victimization_rate")
    holes = np.where(np.arange(PAIRS) < 4, np.nan, a), b
    counts = count(lambda key: holes if key.startswith("surveyed") else values(key))
    assert (counts.happened.pairs, counts.surveyed.pairs, counts.surveyed.undefined_pairs) == (PAIRS, PAIRS - 4, 4)
    assert counts.story.survey_differs


@pytest.mark.parametrize("code", ["en", "es"])
def test_the_warning_gives_numbers_and_names_the_groups(code):
    """Of the first group concerned with intervals; the others by name."""
    language = load(code)
    differ, agree = made("same", "lower", "same", reported="lower"), made("same", "same", "same")
    concerned = (".latino", ".asian")
    counts = counts_of(lambda key: (differ if key.endswith(concerned) else agree)(key.partition(".")[0]))
    said = warning(counts, PAIRS, language)
    assert language.t("counting.record.because.lower") in said
    first = next(each for each in counts if each.group == "latino")
    assert language.signed(first.recorded.lower, 2) in said
    assert language.group("asian") in said
    assert language.group("black_immigrant") not in said
    assert warning([each for each in counts if each.group == "all"], PAIRS, language) is None


def test_every_story_has_words_in_both_languages():
    """No combination of directions is left without a sentence."""
    moves, directions = ("lower", "same", "higher"), ("lower", "higher")
    for code, truth, other in product(("en", "es"), moves, moves):
        for gap, because in product(directions, (*moves, None)):
            found = count(made("same", "same", "same"))._replace(
                story=Story(truth, other, other, gap, gap, because, because)
            )
            assert len(story(found, load(code))) == 2 * (truth != other)


@pytest.mark.parametrize("is_misled", [True, False])
def test_a_report_warns_among_its_answers(is_misled):
    """With numbers; and not where the counts agree."""
    made_pair = pair([0.0] * PAIRS, **({"crimes_recorded": -1 + luck(PAIRS, 0.1)} if is_misled else {}))
    answer = next(section for section in document(made_pair, look()).sections if section.name == "answer")
    said = [block.text for block in answer.blocks if isinstance(block, Notice)]
    assert said == ([exhibits.caution(made_pair, EN)] if is_misled else [])
