"""Booking and the database (MODEL.md 5.4, ODD 4.5): each rule as a table worked out by hand."""

import pytest

from simulation.levers import Policy
from simulation.rules import make_policy
from simulation.submodels.booking import (
    charge_grade,
    criminality,
    is_removable,
    meets_priority,
    shows_person,
    shows_role,
)
from simulation.vocabulary import (
    CHARGED,
    CONVICTED,
    OTHER_ARREST,
    SERIOUS,
    ChargeGrade,
    CrimeType,
    Criminality,
    LegalStatus,
    Priorities,
    Role,
)

NOTHING = Policy(False, False, False, False, False, False, 0, False, 0, 1.0, 0.0)
FELONIES = ("homicide", "rape", "robbery", "aggravated_assault", "burglary", "motor_vehicle_theft")


@pytest.mark.parametrize("kind", CrimeType)
def test_the_grade_of_a_crime_is_that_of_its_type(kind):
    """Assaults without a weapon, domestic violence and theft are misdemeanors; the draw does not matter."""
    expected = ChargeGrade.FELONY if kind.label in FELONIES else ChargeGrade.MISDEMEANOR
    assert {int(charge_grade(int(kind), u, 0.25, 0.5)) for u in (0.0, 0.5, 0.99)} == {expected}


@pytest.mark.parametrize(
    ("u", "grade"),
    [
        (0.0, "felony"),
        (0.24, "felony"),
        (0.25, "misdemeanor"),
        (0.74, "misdemeanor"),
        (0.75, "summary"),
        (0.99, "summary"),
    ],
)
def test_the_grade_of_an_other_arrest_is_drawn(u, grade):
    """A felony below 0.25, a misdemeanor below 0.25 + 0.5, else a summary offense."""
    assert ChargeGrade(charge_grade(OTHER_ARREST, u, 0.25, 0.5)).label == grade


RECORDS = (
    (0, Criminality.NO_CHARGE),
    (CHARGED, Criminality.CHARGED),
    (CONVICTED, Criminality.CONVICTED),
    (CHARGED | CONVICTED, Criminality.CONVICTED),
    (SERIOUS, Criminality.SERIOUS_CONVICTION),
    (CHARGED | CONVICTED | SERIOUS, Criminality.SERIOUS_CONVICTION),
)


@pytest.mark.parametrize(("record", "gravest"), RECORDS)
def test_criminality_is_the_gravest_entry(record, gravest):
    """Serious before convicted before charged."""
    assert criminality(record) == gravest


@pytest.mark.parametrize("status", LegalStatus)
@pytest.mark.parametrize(("record", "gravest"), RECORDS)
def test_removable_are_the_undocumented_and_lawful_noncitizens_with_a_serious_conviction(status, record, gravest):
    """Citizens never; the undocumented always; a lawful noncitizen only with a serious conviction."""
    serious_lawful = status == LegalStatus.LAWFUL_NONCITIZEN and gravest == Criminality.SERIOUS_CONVICTION
    assert is_removable(int(status), record) == (status == LegalStatus.UNDOCUMENTED or serious_lawful)


@pytest.mark.parametrize(
    ("priorities", "covered"),
    [
        (Priorities.EVERYONE_FOREIGN_BORN, {0, CHARGED, CONVICTED, SERIOUS}),
        (Priorities.CHARGED, {CHARGED, CONVICTED, SERIOUS}),
        (Priorities.CONVICTED, {CONVICTED, SERIOUS}),
        (Priorities.SERIOUS, {SERIOUS}),
    ],
)
def test_priorities_cover_records_at_least_that_grave(priorities, covered):
    """Everyone, or a record whose gravest bit is at least charged, convicted or serious."""
    assert {record for record in (0, CHARGED, CONVICTED, SERIOUS) if meets_priority(record, int(priorities))} == covered


@pytest.mark.parametrize("role", Role)
def test_an_agreement_shows_the_roles_that_it_names(role):
    """Each role has its own term."""
    only = make_policy(NOTHING._replace(**{f"shows_{role.label}": True}))
    assert [bool(shows_role(int(each), only)) for each in Role] == [each is role for each in Role]


EVERYBODY_BORN_ABROAD = ("naturalized_citizen", "lawful_noncitizen", "undocumented")


@pytest.mark.parametrize(
    ("fields", "record", "seen"),
    [
        ({}, SERIOUS, ()),
        ({"shows_country_of_birth": True}, 0, EVERYBODY_BORN_ABROAD),
        ({"shows_country_of_birth": True}, CHARGED | CONVICTED | SERIOUS, EVERYBODY_BORN_ABROAD),
        ({"shows_immigration_status": True}, 0, ("undocumented",)),
        ({"shows_immigration_status": True}, CHARGED | CONVICTED, ("undocumented",)),
        ({"shows_immigration_status": True}, CHARGED | CONVICTED | SERIOUS, ("lawful_noncitizen", "undocumented")),
        ({"shows_country_of_birth": True, "shows_immigration_status": True}, 0, ("undocumented",)),
        (
            {"shows_country_of_birth": True, "shows_immigration_status": True},
            SERIOUS,
            ("lawful_noncitizen", "undocumented"),
        ),
    ],
)
def test_fields_decide_who_looks_worth_a_visit(fields, record, seen):
    """Country of birth points at everybody born abroad; immigration status, beside it or alone, at the removable."""
    policy = make_policy(NOTHING._replace(shows_arrestee=True, **fields))
    found = tuple(each.label for each in LegalStatus if shows_person(int(Role.ARRESTEE), int(each), record, policy))
    assert found == seen
    assert not any(shows_person(int(Role.VICTIM), int(each), record, policy) for each in LegalStatus)
