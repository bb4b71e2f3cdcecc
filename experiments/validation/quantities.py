"""What the studies estimate: every pattern and every quantity of it, with its unit, declared once.

Bands (`bands.toml`) are given for exactly these, and studies return exactly these.
"""

from collections.abc import Mapping
from types import MappingProxyType

PERCENT, POINTS, INDEX_POINTS = "percent", "percentage points", "index points"
UNITS = (PERCENT, POINTS, INDEX_POINTS)

SECURE_COMMUNITIES, NARROWING, LEGALIZATION = "secure_communities", "narrowing", "legalization"
SANCTUARY, NEWS, RAID, SCANDAL = "sanctuary", "news", "raid", "scandal"
UNHEARD, PHILADELPHIA = "unheard", "philadelphia"

STUDY_OF: Mapping[str, str] = MappingProxyType({
    "P1": SECURE_COMMUNITIES,
    "P2": SECURE_COMMUNITIES,
    "P3": NARROWING,
    "P4": LEGALIZATION,
    "P5": SANCTUARY,
    "P6": NEWS,
    "P7": RAID,
    "P8": SCANDAL,
    "P9": UNHEARD,
    "P10": PHILADELPHIA,
})  # fmt: skip
"""The study (module of `studies`) that each pattern comes from; P1 and P2 are of the same counties."""

QUANTITIES: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "P1": {
        "reporting_hispanic": PERCENT,
        "victimization_hispanic": PERCENT,
        "victimization_hispanic_quarter_4": PERCENT,
        "victimization_hispanic_quarter_8": PERCENT,
        "recorded_crime": PERCENT,
        "reporting_nonhispanic": PERCENT,
        "victimization_nonhispanic": PERCENT,
    },
    "P2": {
        "recorded_crime": PERCENT,
        "clearance": POINTS,
        "recorded_crime_by_exposure": PERCENT,
        "clearance_by_exposure": POINTS,
    },
    "P3": {"reports_hispanic": PERCENT},
    "P4": {"reporting_applicants": POINTS, "reporting_nonhispanic": POINTS},
    "P5": {
        "removals": PERCENT,
        "removals_no_conviction": PERCENT,
        "removals_serious_conviction": PERCENT,
        "recorded_crime": PERCENT,
        "clearance": POINTS,
    },
    "P6": {"reports_quarter": PERCENT, "recovery": POINTS},
    "P7": {"reports_first_week": PERCENT, "left_after_two_months": PERCENT, "left_after_reassured_week": PERCENT},
    "P8": {"reports": PERCENT, "trust": INDEX_POINTS},
    "P9": {"reports_latino": PERCENT, "dread_latino": PERCENT},
    "P10": {"reporting_latino": PERCENT, "reporting_all": PERCENT},
})  # fmt: skip
"""Quantities by pattern, and their units."""

MEANINGS: Mapping[str, str] = MappingProxyType({
    "reporting_hispanic": "Chance that a crime against a Hispanic resident is reported, relative change.",
    "reporting_nonhispanic": "Chance that a crime against anybody else is reported.",
    "reporting_applicants": "Chance that a crime against one of those who become lawful residents is reported.",
    "reporting_latino": "Chance that a crime against a Latino resident is reported, relative change.",
    "reporting_all": "Chance that a crime is reported, whole city, relative change.",
    "victimization_hispanic": "Crimes against Hispanic residents, mean over eight quarters, relative change.",
    "victimization_hispanic_quarter_4": "The same in the fourth quarter after activation: the top of the hump.",
    "victimization_hispanic_quarter_8": "The same in the eighth quarter: the hump is over.",
    "victimization_nonhispanic": "Crimes against all other residents, relative change.",
    "recorded_crime": "Crimes in police figures, all residents, relative change.",
    "recorded_crime_by_exposure": "The same, for each 5 points more of undocumented residents before.",
    "clearance": "Cleared crimes per 100 recorded.",
    "clearance_by_exposure": "The same, for each 5 points more of undocumented residents before.",
    "reports_hispanic": "Reports of crimes by Hispanic residents over those by all others, relative change.",
    "removals": "Immigration arrests that follow from a booking, relative change.",
    "removals_no_conviction": "The same, of people without any conviction.",
    "removals_serious_conviction": "The same, of people convicted of a serious crime.",
    "reports_quarter": "Reports of Latino residents over those of others, first quarter over that of the year before.",
    "recovery": "The same over two quarters minus over one: above 0 where the shock fades.",
    "reports_first_week": "Reports of Latino residents in the week that begins with the raids, against no raid.",
    "left_after_two_months": "Effect on days 46 to 60 in percent of that of the first week, without reassurance.",
    "left_after_reassured_week": "Effect on days 8 to 14 in percent of that of the first three days, with reassurance.",
    "reports": "Reports by all residents in the quarter after the case over the quarter before, relative change.",
    "trust": "Trust in the police a month after the case minus before.",
    "reports_latino": "Reports of Latino residents over those of others, years of many removals over those before.",
    "dread_latino": "Dread of Latino residents, years of many removals over those before, relative change.",
})  # fmt: skip
"""What each quantity is, in one sentence."""
