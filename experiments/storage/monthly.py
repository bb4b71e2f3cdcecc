"""Monthly figures of paired worlds: rates of counts, and the day from which two scenarios differ."""

from datetime import date, timedelta

import numpy as np


def percentage(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part per 100 of the whole; NaN where the whole is 0."""
    return 100.0 * np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def first_difference(a, b) -> date | None:
    """Return the first day on which two scenarios differ in rules or events; None if there is none.

    Scenarios with different parameters differ from their start.
    """
    if a.parameters != b.parameters:
        return a.start
    events = [{(event.date, event.kind, str(event)) for event in scenario.events} for scenario in (a, b)]
    differing = [day for day, *_ in events[0] ^ events[1]]
    policies_a, policies_b = dict(a.policies()), dict(b.policies())
    in_force_a = in_force_b = None
    for day in sorted(policies_a.keys() | policies_b.keys()):
        in_force_a, in_force_b = policies_a.get(day, in_force_a), policies_b.get(day, in_force_b)
        if in_force_a != in_force_b:
            differing.append(a.start + timedelta(days=day))
    return min(differing, default=None)
