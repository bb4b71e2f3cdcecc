"""Agent sets over columns: Mesa's AgentSet interface without an object for each resident.

Mesa keeps weak references to registered agents; faces are made when asked for and dropped afterwards, so these sets
answer every call of `mesa.agent.AgentSet` from rows instead.
"""

import sys
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from mesa.agent import AgentSet

GroupBy = sys.modules[AgentSet.__module__].GroupBy


def _call(method: str | Callable, agent, args, kwargs):
    return getattr(agent, method)(*args, **kwargs) if isinstance(method, str) else method(agent, *args, **kwargs)


class VirtualAgentSet(AgentSet):
    """An AgentSet that holds its members strongly, or makes them on the way (see `ResidentSet`)."""

    def __init__(self, model, members: Iterable = ()):
        self.model, self.random = model, model.random
        self._members = list(members)

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator:
        return iter(self._members)

    def __contains__(self, agent) -> bool:
        return any(agent == member for member in self)

    def __getitem__(self, item):
        return self.to_list()[item]

    def to_list(self) -> list:
        """Return the members as a list."""
        return list(self)

    def _like(self, members: Iterable) -> "VirtualAgentSet":
        return VirtualAgentSet(self.model, members)

    def select(self, filter_func=None, at_most=float("inf"), inplace=False, agent_type=None):
        """Select members by a function, a type and a largest number (or share, if a float up to 1)."""
        self._refuse_inplace(inplace)
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        chosen = []
        for agent in self:
            if len(chosen) >= at_most:
                break
            if (filter_func is None or filter_func(agent)) and (agent_type is None or isinstance(agent, agent_type)):
                chosen.append(agent)
        return self._like(chosen)

    def get(self, attr_names, handle_missing="error", default_value=None):
        """Return one attribute of every member, or a list of several for each."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is {handle_missing!r}; it can be 'error' or 'default'")

        def read(agent, name):
            return getattr(agent, name) if handle_missing == "error" else getattr(agent, name, default_value)

        if isinstance(attr_names, str):
            return [read(agent, attr_names) for agent in self]
        return [[read(agent, name) for name in attr_names] for agent in self]

    def set(self, attr_name, value):
        """Set an attribute of every member."""
        for agent in self:
            setattr(agent, attr_name, value)
        return self

    def agg(self, attribute, func):
        """Apply one function, or several, to the values of an attribute."""
        values = self.get(attribute)
        return func(values) if callable(func) else [f(values) for f in func]

    def do(self, method, *args, **kwargs):
        """Call a method (by name) or a function on every member."""
        for agent in self:
            _call(method, agent, args, kwargs)
        return self

    def map(self, method, *args, **kwargs) -> list:
        """Call a method or function on every member and return the results."""
        return [_call(method, agent, args, kwargs) for agent in self]

    def shuffle(self, inplace=False):
        """Return the members in a random order (Mesa's own generator: the model's numbers are not touched)."""
        self._refuse_inplace(inplace)
        members = self.to_list()
        self.random.shuffle(members)
        return self._like(members)

    def shuffle_do(self, method, *args, **kwargs):
        """Call a method or function on every member in a random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def sort(self, key, ascending=False, inplace=False):
        """Return the members sorted by an attribute or function, largest first unless `ascending`."""
        self._refuse_inplace(inplace)
        by = (lambda agent: getattr(agent, key)) if isinstance(key, str) else key
        return self._like(sorted(self, key=by, reverse=not ascending))

    def groupby(self, by, result_type="agentset"):
        """Group the members by an attribute or function."""
        groups: dict = {}
        for agent in self:
            groups.setdefault(getattr(agent, by) if isinstance(by, str) else by(agent), []).append(agent)
        if result_type == "list":
            return GroupBy(groups)
        return GroupBy({key: self._like(members) for key, members in groups.items()})

    @staticmethod
    def _refuse_inplace(inplace):
        if inplace:
            raise TypeError("this set shows the model's columns and cannot be changed in place")

    def add(self, agent):
        """Refuse: the people of a city are given by its population."""
        raise TypeError("residents cannot be added to a set; write another place file to change the population")

    discard = remove = add


class ResidentSet(VirtualAgentSet):
    """Residents as rows of the model's columns; calls that name an attribute are answered by whole arrays.

    Parameters
    ----------
    model : TrustModel
    rows : int array, optional
        Which residents; all if left out.
    """

    def __init__(self, model, rows=None):
        self.model, self.random = model, model.random
        self.rows = np.arange(len(model.population)) if rows is None else np.asarray(rows, np.int64)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self):
        face = self.model.resident
        return (face(row) for row in self.rows.tolist())

    def __contains__(self, agent) -> bool:
        row = getattr(agent, "row", None)
        return row is not None and agent.model is self.model and bool((self.rows == row).any())

    def __getitem__(self, item):
        if isinstance(item, slice):
            return [self.model.resident(row) for row in self.rows[item].tolist()]
        return self.model.resident(int(self.rows[item]))

    def _like(self, members):
        return ResidentSet(self.model, [agent.row for agent in members])

    def select(self, filter_func=None, at_most=float("inf"), inplace=False, agent_type=None):
        """Select residents; a boolean array as long as the set is accepted in place of a function."""
        if not isinstance(filter_func, np.ndarray):
            return super().select(filter_func, at_most, inplace, agent_type)
        return ResidentSet(self.model, self.rows[filter_func]).select(None, at_most, inplace, agent_type)

    def get(self, attr_names, handle_missing="error", default_value=None):
        """Return an attribute of every resident as an array, or several as a list for each resident."""
        if not isinstance(attr_names, str):
            columns = [self.get(name, handle_missing, default_value) for name in attr_names]
            return [list(values) for values in zip(*columns)]
        if handle_missing == "default" and not self.model.has_column(attr_names):
            return [default_value] * len(self)
        return self.model.column(attr_names, self.rows)

    def shuffle(self, inplace=False):
        """Return the residents in a random order (Mesa's own generator: the model's numbers are not touched)."""
        self._refuse_inplace(inplace)
        rows = self.rows.tolist()
        self.random.shuffle(rows)
        return ResidentSet(self.model, rows)

    def sort(self, key, ascending=False, inplace=False):
        """Return the residents sorted by an attribute or function, largest first unless `ascending`."""
        if not isinstance(key, str):
            return super().sort(key, ascending, inplace)
        self._refuse_inplace(inplace)
        order = np.argsort(self.get(key), kind="stable")
        return ResidentSet(self.model, self.rows[order if ascending else order[::-1]])

    def groupby(self, by, result_type="agentset"):
        """Group the residents by an attribute or function."""
        if not isinstance(by, str):
            return super().groupby(by, result_type)
        keys, group = np.unique(self.get(by), return_inverse=True)
        sets = {key.item(): ResidentSet(self.model, self.rows[group == g]) for g, key in enumerate(keys)}
        return GroupBy(sets if result_type == "agentset" else {key: list(s) for key, s in sets.items()})


class CityAgents(VirtualAgentSet):
    """All agents of a model: the organizations, then the residents."""

    def __init__(self, model, organizations: Iterable):
        super().__init__(model, organizations)

    def __len__(self) -> int:
        return len(self._members) + len(self.model.residents)

    def __iter__(self):
        yield from self._members
        yield from self.model.residents

    def __contains__(self, agent) -> bool:
        return agent in self._members or agent in self.model.residents

    def __getitem__(self, item):
        if isinstance(item, slice):
            return self.to_list()[item]
        item = range(len(self))[item]
        n = len(self._members)
        return self._members[item] if item < n else self.model.residents[item - n]
