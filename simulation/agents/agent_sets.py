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
    """Hold agents strongly, or make them on the way (see `ResidentSet`), behind the interface of Mesa's AgentSet.

    Calls are those of `mesa.agent.AgentSet`; those that would change the set in place are refused with a TypeError.

    Parameters
    ----------
    model : TrustModel
        Whose agents.
    members : iterable of Agent
        In their order.
    """

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
        """Select members by a function, a type and a largest number.

        Parameters
        ----------
        filter_func : callable, optional
            From an agent to whether it is selected.
        at_most : int or float
            Largest number selected; a float up to 1 is a share of this set.
        inplace : bool
            Refused if true.
        agent_type : type, optional
            Class of agents to keep.

        Returns
        -------
        VirtualAgentSet

        Raises
        ------
        TypeError
            If asked to change the set in place.
        """
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
        """Return one attribute of every member, or a list of several for each.

        Parameters
        ----------
        attr_names : str or list of str
            Which.
        handle_missing : str
            `error`, or `default` to give `default_value` where an agent lacks the attribute.
        default_value : object
            See `handle_missing`.

        Returns
        -------
        list

        Raises
        ------
        AttributeError
            If an agent lacks the attribute and `handle_missing` is `error`.
        ValueError
            If `handle_missing` is neither.
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is {handle_missing!r}; it can be 'error' or 'default'")

        def read(agent, name):
            return getattr(agent, name) if handle_missing == "error" else getattr(agent, name, default_value)

        if isinstance(attr_names, str):
            return [read(agent, attr_names) for agent in self]
        return [[read(agent, name) for name in attr_names] for agent in self]

    def set(self, attr_name, value):
        """Set an attribute of every member; return this set."""
        for agent in self:
            setattr(agent, attr_name, value)
        return self

    def agg(self, attribute, func):
        """Apply one function, or several, to the values of an attribute; return its value, or a list of theirs."""
        values = self.get(attribute)
        return func(values) if callable(func) else [f(values) for f in func]

    def do(self, method, *args, **kwargs):
        """Call a method (by name) or a function on every member; return this set."""
        for agent in self:
            _call(method, agent, args, kwargs)
        return self

    def map(self, method, *args, **kwargs) -> list:
        """Call a method (by name) or a function on every member; return the results in order."""
        return [_call(method, agent, args, kwargs) for agent in self]

    def shuffle(self, inplace=False):
        """Return the members in a random order (Mesa's own generator: the model's numbers are not touched).

        Raises a TypeError if asked to change the set in place.
        """
        self._refuse_inplace(inplace)
        members = self.to_list()
        self.random.shuffle(members)
        return self._like(members)

    def shuffle_do(self, method, *args, **kwargs):
        """Call a method (by name) or a function on every member in a random order; return this set."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def sort(self, key, ascending=False, inplace=False):
        """Return the members sorted by an attribute or function, largest first unless `ascending`.

        Raises a TypeError if asked to change the set in place.
        """
        self._refuse_inplace(inplace)
        by = (lambda agent: getattr(agent, key)) if isinstance(key, str) else key
        return self._like(sorted(self, key=by, reverse=not ascending))

    def groupby(self, by, result_type="agentset"):
        """Group the members by an attribute or function.

        Parameters
        ----------
        by : str or callable
            Name of an attribute, or a function of an agent.
        result_type : str
            `agentset`, or `list` for plain lists of members.

        Returns
        -------
        mesa.agent.GroupBy
        """
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
        """Refuse with a TypeError: the people of a city are given by its population."""
        raise TypeError("residents cannot be added to a set; write another place file to change the population")

    discard = remove = add


class ResidentSet(VirtualAgentSet):
    """Hold residents as rows of the model's columns; calls that name an attribute are answered by whole arrays.

    Parameters
    ----------
    model : TrustModel
        Whose residents.
    rows : int array, shape (n,), optional
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
        """Select residents by a function, a boolean array or a largest number.

        Parameters
        ----------
        filter_func : callable or bool array of shape (n,), optional
            From a resident to whether it is selected, or the answers for the whole set.
        at_most, inplace, agent_type
            As in `VirtualAgentSet.select`.

        Returns
        -------
        ResidentSet

        Raises
        ------
        TypeError
            If asked to change the set in place.
        """
        if not isinstance(filter_func, np.ndarray):
            return super().select(filter_func, at_most, inplace, agent_type)
        return ResidentSet(self.model, self.rows[filter_func]).select(None, at_most, inplace, agent_type)

    def get(self, attr_names, handle_missing="error", default_value=None):
        """Return an attribute of every resident as an array, or several as a list for each resident.

        Parameters
        ----------
        attr_names : str or list of str
            Attributes of `Resident`, which states their units.
        handle_missing, default_value
            As in `VirtualAgentSet.get`.

        Returns
        -------
        array of shape (n,), or list

        Raises
        ------
        AttributeError
            If residents have no such attribute and `handle_missing` is not `default`.
        """
        if not isinstance(attr_names, str):
            columns = [self.get(name, handle_missing, default_value) for name in attr_names]
            return [list(values) for values in zip(*columns)]
        if handle_missing == "default" and not self.model.has_column(attr_names):
            return [default_value] * len(self)
        return self.model.column(attr_names, self.rows)

    def shuffle(self, inplace=False):
        """Return the residents in a random order (Mesa's own generator: the model's numbers are not touched).

        Raises a TypeError if asked to change the set in place.
        """
        self._refuse_inplace(inplace)
        rows = self.rows.tolist()
        self.random.shuffle(rows)
        return ResidentSet(self.model, rows)

    def sort(self, key, ascending=False, inplace=False):
        """Return the residents sorted by an attribute or function, largest first unless `ascending`.

        Raises a TypeError if asked to change the set in place.
        """
        if not isinstance(key, str):
            return super().sort(key, ascending, inplace)
        self._refuse_inplace(inplace)
        order = np.argsort(self.get(key), kind="stable")
        return ResidentSet(self.model, self.rows[order if ascending else order[::-1]])

    def groupby(self, by, result_type="agentset"):
        """Group the residents by an attribute or function, as `VirtualAgentSet.groupby`."""
        if not isinstance(by, str):
            return super().groupby(by, result_type)
        keys, group = np.unique(self.get(by), return_inverse=True)
        sets = {key.item(): ResidentSet(self.model, self.rows[group == g]) for g, key in enumerate(keys)}
        return GroupBy(sets if result_type == "agentset" else {key: list(s) for key, s in sets.items()})


class CityAgents(VirtualAgentSet):
    """Hold all agents of a model: the organizations, then the residents.

    Parameters
    ----------
    model : TrustModel
        Whose agents.
    organizations : iterable of Agent
        Those that Mesa has registered.
    """

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
