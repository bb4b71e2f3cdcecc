"""The access agreement: what the immigration agency may see of the arrest database, and when (MODEL.md 5.4).

An agreement has *terms* (roles, fields, real time or not, after disposition or not, a day it ends). Dated events start,
revise or end it; between events nothing changes, and an event holds from its own date on.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .errors import InputError
from .vocabulary import Field, Role


@dataclass(frozen=True)
class Terms:
    """What an agreement lets the immigration agency see; no roles means that no agreement is in force.

    Attributes
    ----------
    roles : tuple of str
        Labels of `Role`: whose records are shown.
    fields : tuple of str
        Labels of `Field`: which columns of them.
    real_time : bool
        Whether a record is seen on the day it is made, and not in batches.
    after_disposition : bool
        Whether records of arrestees are seen only after their case is disposed of.
    ends : date, optional
        First day on which the agreement no longer holds.
    """

    roles: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    real_time: bool = False
    after_disposition: bool = False
    ends: datetime.date | None = None

    @property
    def in_force(self) -> bool:
        """Whether anything is shown."""
        return bool(self.roles)

    def to_table(self) -> dict[str, Any]:
        """Return the terms as a scenario file writes them."""
        table: dict[str, Any] = {"roles": list(self.roles), "fields": list(self.fields)}
        if self.in_force:
            table["real_time"] = self.real_time
            table["after_disposition"] = self.after_disposition
        if self.ends is not None:
            table["ends"] = self.ends
        return table

    def __str__(self) -> str:
        if not self.in_force:
            return "nothing shown"
        text = f"{' and '.join(self.fields)} of every {', '.join(self.roles)}"
        text += ", in real time" if self.real_time else ", in batches"
        text += ", of arrestees after disposition" if self.after_disposition else ""
        return text + (f", until {self.ends}" if self.ends else "")


NO_AGREEMENT = Terms()

_AT_ONCE = {"real_time": True, "after_disposition": False}

PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "agreement-2008": {"roles": Role.names(), "fields": Field.names(), **_AT_ONCE},
        "agreement-2009": {"roles": ("arrestee",), "fields": ("country_of_birth",), **_AT_ONCE},
        "none": {"roles": (), "fields": ()},
    }
)
"""Terms that can be given by name."""


def revise(current: Terms, table: Mapping[str, Any], where: str) -> Terms:
    """Return the terms after the changes that a table names; what it does not name stays.

    Parameters
    ----------
    current : Terms
        The terms before.
    table : mapping
        Any of `preset`, `roles`, `fields`, `real_time`, `after_disposition`, `ends`, already of the right types.
        A preset sets all but the end; keys beside it change it further.
    where : str
        File and key, for the error.

    Raises
    ------
    InputError
        If a name is given twice, or only one of roles and fields is empty.
    """
    named = {**PRESETS.get(table.get("preset", ""), {}), **table}
    roles = _once(named.get("roles", current.roles), Role.names(), f"{where}.roles")
    fields = _once(named.get("fields", current.fields), Field.names(), f"{where}.fields")
    if bool(roles) != bool(fields):
        empty, full = ("fields", "roles") if roles else ("roles", "fields")
        raise InputError(
            f'{where}.{empty}: must not be empty while {full} are given (for no agreement: preset = "none")'
        )
    if not roles:
        if table.get("ends") is not None:
            raise InputError(f"{where}.ends = {table['ends']}: no agreement is in force that could end")
        return NO_AGREEMENT
    unless_named = current.real_time if current.in_force else True
    return Terms(
        roles,
        fields,
        named.get("real_time", unless_named),
        named.get("after_disposition", current.after_disposition),
        named.get("ends", current.ends),
    )


def change(current: Terms, kind: str, table: Mapping[str, Any] | None, key: str) -> Terms:
    """Return the terms after one event of the agreement.

    Parameters
    ----------
    current : Terms
        The terms before.
    kind : str
        `agreement_starts`, `agreement_revised` or `agreement_ends`.
    table : mapping or None
        The event's terms, as for `revise`.
    key : str
        File and event, for the error.

    Raises
    ------
    InputError
        If there is nothing to revise or end, or something that a new agreement would overlap.
    """
    if kind == "agreement_ends":
        if table:
            raise InputError(f"{key}: terms do not belong to the end of an agreement")
        if not current.in_force:
            raise InputError(f"{key}: no agreement is in force on that date")
        return NO_AGREEMENT
    if not table:
        raise InputError(f'{key}: needs terms, such as terms = {{ preset = "agreement-2009" }}')
    if kind == "agreement_starts" and current.in_force:
        raise InputError(f"{key}: overlaps the agreement that is in force ({current}); revise or end that one")
    if kind == "agreement_revised" and not current.in_force:
        raise InputError(f"{key}: no agreement is in force on that date; start one with agreement_starts")
    revised = revise(current, table, f"{key}: terms")
    if not revised.in_force:
        raise InputError(f"{key}: terms that show nothing; use agreement_ends")
    return revised


def _once(names: Iterable[str], order: tuple[str, ...], where: str) -> tuple[str, ...]:
    """Return names in the order of their vocabulary, refusing one that is given twice."""
    names = tuple(names)
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{where}: '{name}' is given twice")
    return tuple(name for name in order if name in names)
