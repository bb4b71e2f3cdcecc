"""What a place file may say: its keys, allowed ranges and meanings (TOML, checked by pydantic).

Every figure is a table `{ value = ..., source = ..., note = ... }`; a source is an evidence id
(`scenarios/evidence`) or `assumption`. Keys that are not listed here are refused.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from .levers import LEVERS
from .vocabulary import Community, CrimeType, LegalStatus, Role
from .vocabulary import Field as DatabaseField

ETHNICITIES = ("latino", "asian", "black", "white_and_other")
"""The four groups whose shares shape the synthetic households; Latinos may be of any race."""

RECORDED = ("homicide", "rape", "robbery", "aggravated_assault", "other_assault", "burglary",
            "motor_vehicle_theft", "theft")  # fmt: skip
"""Crimes that police tables count; `other_assault` is split into simple assault and domestic violence."""

LARGEST_HOUSEHOLD = 12

Text = Annotated[str, Field(min_length=1)]
Sources = Text | Annotated[list[Text], Field(min_length=1)]
Ratio = Annotated[float, Field(ge=0, le=100)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Table(BaseModel):
    """A table of a place file: unknown keys, wrong types, infinities and changes are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Figure(Table):
    """A number with its source."""

    value: float
    source: Sources
    note: str = ""


class Share(Figure):
    value: Probability


class PositiveShare(Figure):
    value: Annotated[float, Field(ge=0.1, le=1)]


class InnerShare(Figure):
    """A share that is neither nothing nor all, as log-odds need."""

    value: Annotated[float, Field(ge=0.001, le=0.999)]


class Amount(Figure):
    value: Annotated[float, Field(ge=0, le=1e8)]


class Size(Figure):
    value: Annotated[float, Field(gt=0, le=1000)]


class Multiple(Figure):
    value: Ratio


class GroupSize(Figure):
    value: Annotated[int, Field(ge=2, le=5)]


class Division(Figure):
    """Shares of a whole, in a stated order."""

    value: Annotated[list[Probability], Field(min_length=3, max_length=LARGEST_HOUSEHOLD)]  # type: ignore[assignment]

    @model_validator(mode="after")
    def _adds_up(self):
        if abs(sum(self.value) - 1) > 1e-6:
            raise ValueError(f"must add up to 1, not {sum(self.value):g}")
        return self


class Thirds(Division):
    value: Annotated[list[Probability], Field(min_length=3, max_length=3)]


class Record(Figure):
    """Shares charged, convicted, and convicted of a serious crime; each is part of the one before."""

    value: Annotated[list[Probability], Field(min_length=3, max_length=3)]  # type: ignore[assignment]

    @model_validator(mode="after")
    def _nested(self):
        if list(self.value) != sorted(self.value, reverse=True):
            raise ValueError("must not increase: charged, convicted, convicted of a serious crime")
        return self


def _one_each(name: str, figure: type[Figure], members: tuple[str, ...]) -> type[Table]:
    fields: dict[str, Any] = {member: (figure, ...) for member in members}
    return create_model(name, __base__=Table, **fields)


ByCrime = _one_each("ByCrime", Share, CrimeType.names())
InnerByCrime = _one_each("InnerByCrime", InnerShare, CrimeType.names())
ByCommunity = _one_each("ByCommunity", Multiple, Community.names())
ByStatus = _one_each("ByStatus", Multiple, LegalStatus.names())
ByEthnicity = _one_each("ByEthnicity", Thirds, ETHNICITIES)
_COUNTED: dict[str, Any] = {name: (Annotated[float, Field(ge=0, le=1e7)], ...) for name in RECORDED}
Recorded = create_model("Recorded", __base__=Table, **_COUNTED)


def _about(meaning: str):
    return Field(description=meaning)


class City(Table):
    """Figures of the whole city."""

    aged_12_and_over: PositiveShare = _about("share of all residents who are aged 12 or older")
    arrests_per_year: Amount = _about("all arrests by the police, per year")
    smallest_scale: PositiveShare = _about(
        "smallest scale at which the effects of sharing are within a tenth of the whole city's"
    )
    immigration_arrests_per_year: Amount = _about("arrests by the immigration agency, per year")


class Crime(Table):
    """Shares by crime type."""

    domestic_violence_share: Share = _about("share of other assaults that are domestic violence")
    personal: ByCrime = _about("share of recorded crimes whose victim is a resident and not a business")
    reported: InnerByCrime = _about("share of crimes against residents that somebody reports to the police")
    cleared: InnerByCrime = _about("share of reported crimes that the police clear")


class People(Table):
    """What shapes the synthetic residents."""

    household_sizes: Division = _about("share of households by members aged 12+: one, two, three ...")
    latino_black_share: Share = _about("share of Latino residents whose race is Black alone")
    household_kinds: ByEthnicity = _about("household kinds: U.S.-born only, lawful immigrant, undocumented")
    undocumented_share: Share = _about("share of noncitizens who are undocumented")
    naturalized_per_noncitizen: Multiple = _about("naturalized citizens per noncitizen")
    mixed_status_ratio: Multiple = _about("people living with or being an undocumented person, per such person")
    mixed_status_others: Thirds = _about("their other members: U.S.-born, naturalized, lawful noncitizen")
    foreign_born_share_of_others: Share = _about(
        "chance that a further member of a lawful immigrant household is foreign-born"
    )
    frailty_shape: Size = _about("shape of the gamma distribution of victimization weights")
    victimization_ratio: ByCommunity = _about("victimization weight by community, relative")
    offending_mean: Multiple = _about("mean units of offending weight of a U.S.-born resident")
    offending_shape: Size = _about("shape of the negative binomial distribution of offending weights")
    offending_ratio: ByStatus = _about("mean offending weight by legal status, relative to U.S.-born citizens")
    record_without_offending: Record = _about("criminal records of residents without offending weight")
    record_with_offending: Record = _about("criminal records of residents with offending weight")
    workplace_size: GroupSize = _about("people who work together")


class Residents(Table):
    """Counts and shares of the people of a district or neighborhood."""

    population: Annotated[float, Field(gt=0, le=1e8)]
    households: Annotated[float, Field(ge=0, le=1e8)]
    hispanic_share: Probability
    white_share: Probability
    black_share: Probability
    asian_share: Probability
    noncitizens: Annotated[float, Field(ge=0, le=1e8)]


class Neighborhood(Residents):
    """A part of a district."""

    id: Text
    district: Text
    undocumented_share: Probability | None = None
    source: Sources | None = None


class District(Table):
    """A police district. Its people are given here or by its neighborhoods, never both."""

    id: Text
    name: Text
    division: Text
    population: Annotated[float, Field(gt=0, le=1e8)] | None = None
    households: Annotated[float, Field(ge=0, le=1e8)] | None = None
    hispanic_share: Probability | None = None
    white_share: Probability | None = None
    black_share: Probability | None = None
    asian_share: Probability | None = None
    noncitizens: Annotated[float, Field(ge=0, le=1e8)] | None = None
    poverty_share: Probability | None = None
    undocumented_share: Probability | None = None
    recorded: Recorded
    source: Sources | None = None
    note: str = ""


class Origin(Table):
    """Where several columns come from."""

    source: Sources
    note: str = ""


class DistrictTable(Table):
    """Where the figures of districts and neighborhoods come from; one of them may add its own source."""

    people: Origin
    crimes: Origin


class Reference(Table):
    """The rules in force when the figures were recorded."""

    roles: list[Literal[Role.names()]]
    fields: list[Literal[DatabaseField.names()]]
    real_time: bool
    detainers: Literal[LEVERS["detainers"].choices]
    fingerprint_checks: bool
    priorities: Literal[LEVERS["priorities"].choices]
    capacity: Annotated[float, Field(ge=0, le=20)]
    substitution: Probability
    source: Sources
    note: str = ""


class PlaceFile(Table):
    """A whole place file.

    `tiles` says roughly where the districts lie: rows from north to south, in each the ids from west to east with
    spaces between, `.` where there is none. It is for maps alone; without it every division has its row.
    """

    title: Text
    paragraph: Text
    sources: list[Text]
    city: City
    crime: Crime
    people: People
    reference: Reference
    district_table: DistrictTable
    district: Annotated[list[District], Field(min_length=1, max_length=1000)]
    neighborhood: list[Neighborhood] = []
    tiles: list[Text] = []
