"""The words of the model: crime types, communities, legal statuses and other closed lists.

Each list is declared once; arrays are indexed by position in it, files and tables use the names.
"""

from enum import IntEnum
from functools import cache


class Vocabulary(IntEnum):
    """A closed list whose members are named in lower case in files, columns and figures."""

    @classmethod
    @cache
    def names(cls) -> tuple[str, ...]:
        """Return the names of all members, in order of their values."""
        return tuple(member.name.lower() for member in cls)

    @property
    def label(self) -> str:
        """The member's name as files and columns spell it."""
        return self.name.lower()


class CrimeType(Vocabulary):
    """The nine crime types (MODEL.md 5.1)."""

    HOMICIDE = 0
    RAPE = 1
    ROBBERY = 2
    AGGRAVATED_ASSAULT = 3
    SIMPLE_ASSAULT = 4
    DOMESTIC_VIOLENCE = 5
    BURGLARY = 6
    MOTOR_VEHICLE_THEFT = 7
    THEFT = 8


VIOLENT = tuple(CrimeType)[:6]
"""Crime types counted as violent."""

OTHER_ARREST = len(CrimeType)
"""Code, where a crime type is expected, of an arrest for drugs, driving, traffic or public order."""


class Community(Vocabulary):
    """The group within which news travels."""

    NO_IMMIGRANT_TIES = 0
    LATINO = 1
    ASIAN = 2
    BLACK_IMMIGRANT = 3
    OTHER_IMMIGRANT = 4


class LegalStatus(Vocabulary):
    """A resident's status under immigration law."""

    US_BORN_CITIZEN = 0
    NATURALIZED_CITIZEN = 1
    LAWFUL_NONCITIZEN = 2
    UNDOCUMENTED = 3


class Absence(Vocabulary):
    """Why a resident is not at large in the city."""

    NONE = 0
    JAILED = 1
    DETAINED = 2
    REMOVED = 3
    KILLED = 4


class ChargeGrade(Vocabulary):
    """The gravest charge at a booking, as Pennsylvania grades offenses."""

    SUMMARY = 0
    MISDEMEANOR = 1
    FELONY = 2


class Channel(Vocabulary):
    """How the immigration agency came to arrest somebody."""

    DATABASE = 0
    FINGERPRINT = 1
    CUSTODY = 2
    PRISON = 3
    OTHER_LEAD = 4
    COLLATERAL = 5
    RAID = 6


class Criminality(Vocabulary):
    """The gravest entry in a person's criminal record when the immigration agency arrests them."""

    NO_CHARGE = 0
    CHARGED = 1
    CONVICTED = 2
    SERIOUS_CONVICTION = 3


class Role(Vocabulary):
    """In what role a person is entered in the arrest database."""

    ARRESTEE = 0
    VICTIM = 1
    WITNESS = 2


class Field(Vocabulary):
    """A field of the arrest database that can show who was born abroad."""

    COUNTRY_OF_BIRTH = 0
    IMMIGRATION_STATUS = 1


class Detainers(Vocabulary):
    """When the city holds a person for the immigration agency."""

    NEVER = 0
    JUDICIAL_WARRANT = 1
    HONOR = 2


class Priorities(Vocabulary):
    """Whom the immigration agency will arrest."""

    EVERYONE_FOREIGN_BORN = 0
    CHARGED = 1
    CONVICTED = 2
    SERIOUS = 3


class Party(Vocabulary):
    """An owner of the arrest database, with one of three votes on the agreement."""

    CITY = 0
    DISTRICT_ATTORNEY = 1
    COURTS = 2


class Yardstick(Vocabulary):
    """What an owner of the database looks at before a vote; a higher value speaks for ending the agreement."""

    REPORTING_GAP = 0
    VICTIMIZATION_RISE = 1
    BUDGET_KEPT = 2


# Bits of a person's criminal record.
CHARGED, CONVICTED, SERIOUS = 1, 2, 4

FOREVER = 2**30
"""A day that no run reaches."""

DAYS_PER_YEAR = 365
"""Length of a block of candidates; the calendar of a run is real dates."""
