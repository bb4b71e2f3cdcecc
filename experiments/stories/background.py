"""The facts behind differences that are no single event: perceptions, legal status, help for victims, the police."""

from simulation.levers import Policy
from simulation.vocabulary import Community, LegalStatus

from .causes import Scene
from .climate import BELIEF, RISK, SALIENCE
from .happened import LEARNED_RISK, Occurrence
from .person import (
    ACCOMPANIMENT,
    BUDGET,
    CASELOAD,
    COURTHOUSE,
    DETECTIVES,
    ENFORCEMENT_IN_MIND,
    LEGAL_STATUS,
    PERCEIVED_SHARING,
    PROTECTION,
    Component,
)
from .records import Cause
from .status import BY_LAW
from .words import COMMUNITY_WORDS, STATUS_WORDS, a_crime, counted, decimal, party_name, percent, spell_date
from .world import World

RECENT_DAYS = 90
_SMALLEST_NEWS = 0.005
"""News that adds less to enforcement in mind than this is not told."""


def describe_background(component: Component, scene: Scene | Occurrence, strength: float) -> Cause:
    """Return a difference between the worlds that is no single event, with its facts and numbers."""
    kind, which = component
    if kind in (PERCEIVED_SHARING, ENFORCEMENT_IN_MIND, LEARNED_RISK):
        return _perception(kind, which, scene, strength)
    if kind == CASELOAD:
        values = [float(world.open_cases[scene.day, which]) for world in scene.worlds]
        division = scene.worlds[0].engine.place.divisions[which]
        usual = float(scene.worlds[0].engine.constants.baseline_cases[which])
        return _cause(kind, f"open cases of {division}", strength, values, background={"usual": (usual, usual)})
    if kind in (DETECTIVES, BUDGET):
        return _policing(kind, scene, strength)
    if kind == COURTHOUSE:
        words = [_since(world, kind, scene.day) for world in scene.worlds]
        title = "operations of immigration agents at courthouses"
        return _cause(kind, title, strength, _levers(kind, scene), words)
    return {LEGAL_STATUS: _legal_status, ACCOMPANIMENT: _accompaniment, PROTECTION: _protection}[kind](
        which, scene, strength
    )


def _cause(kind, title, strength, values, words=("", ""), row=None, community=None, background=None) -> Cause:
    return Cause(kind, title, strength, *words, row, None, community, *values, background=background or {})


def _perception(kind: str, which: int, scene: Scene | Occurrence, strength: float) -> Cause:
    """Return what a community believes or has in mind, or what offenders have learned of it."""
    worlds, day = scene.worlds, scene.day
    column = {PERCEIVED_SHARING: BELIEF, ENFORCEMENT_IN_MIND: SALIENCE, LEARNED_RISK: RISK}[kind]
    values = [float(world.community[day, which, column]) for world in worlds]
    community = COMMUNITY_WORDS[Community(which)]
    title = {
        PERCEIVED_SHARING: f"perceived sharing in {community}",
        ENFORCEMENT_IN_MIND: f"immigration enforcement on the mind of {community}",
        LEARNED_RISK: f"the risk that offenders see in crimes against {community}",
    }[kind]
    background: dict[str, tuple] = {}
    words = ("", "")
    if kind == PERCEIVED_SHARING:
        last = max(0, day - 1)  # the rules that beliefs last followed
        background["actual_sharing"] = tuple(float(world.climate.actual[last, which]) for world in worlds)
        background["known_sharing"] = tuple(float(world.climate.known[last, which]) for world in worlds)
        background["arrests_from_police_data"] = tuple(world.climate.arrests(which, 0, day, True) for world in worlds)
        words = _apart(*(_messages(world, which, day) for world in worlds))
    if kind == ENFORCEMENT_IN_MIND:
        first = day - RECENT_DAYS
        background["recent_arrests"] = tuple(world.climate.arrests(which, first, day) for world in worlds)
        words = _apart(*(_news(world, which, day) for world in worlds))
    return _cause(kind, title, strength, values, words, None, Community(which).label, background)


def _apart(a: list[str], b: list[str]) -> tuple[str, str]:
    """Return the facts of each world that the other does not share."""
    return "; ".join(fact for fact in a if fact not in b), "; ".join(fact for fact in b if fact not in a)


def _messages(world: World, community: int, day: int) -> list[str]:
    """Return who told a community what about sharing, up to a day."""
    facts = [
        f"the city said in public what is shared, on {spell_date(world.date(when))}"
        for when in world.climate.announcements(community, day)
    ]
    for first, end, policy in _periods(world, ("outreach_reach", "outreach_accuracy", "outreach_slant"), day):
        if policy.outreach_reach > 0:
            false = f"that {percent(policy.outreach_slant)} of contacts with the police is"
            message = {1.0: "what is", 0.0: false}.get(
                policy.outreach_accuracy, f"with an accuracy of {percent(policy.outreach_accuracy)} what is"
            )
            facts.append(f"residents were told {message} shared, {_span(world, first, end)}")
    for first, end, policy in _periods(world, ("publicity",), day):
        if policy.publicity < 1:
            who = f"{percent(policy.publicity)} of residents a month" if policy.publicity else "nobody"
            facts.append(f"{who} learned by themselves of a change in the rules, {_span(world, first, end)}")
    return facts


def _news(world: World, community: int, day: int) -> list[str]:
    """Return the news and raids that a community still has in mind."""
    facts = []
    for news in world.climate.news(community, day):
        if news.left >= _SMALLEST_NEWS:
            what, there = "news of enforcement elsewhere", ""
            if news.arrests is not None:
                told = [f"{counted(news.arrests, 'immigration arrest')} there"]
                told += ["spread by alerts"] if world.levers["raid_alerts"][news.day] > 0 else []
                told += ["followed by official reassurance"] if news.day in world.climate.reassured else []
                what = "a raid"
                there = f" ({', '.join(told)})"
            left = f"{decimal(news.left)} of {decimal(news.added)} left"
            facts.append(f"{what} on {spell_date(world.date(news.day))}{there}, {left}")
    return facts


def _policing(kind: str, scene: Scene, strength: float) -> Cause:
    """Return how many detectives there are, or how much money for them."""
    worlds, day = scene.worlds, scene.day
    values = _levers(kind, scene)
    if kind == DETECTIVES:
        words = [_since(world, kind, day) for world in worlds]
        return _cause(kind, "the number of detectives", strength, values, words)
    elasticity = float(worlds[0].rules["detective_elasticity"])
    words = []
    for world in worlds:
        cuts = [
            f"a federal cut of {percent(cut.share)} from {spell_date(world.date(cut.start))} on"
            for cut in world.engine.government.cuts
            if cut.start <= day < cut.end
        ]
        words.append("; ".join(cuts) or _since(world, kind, day))
    background = {"detectives": tuple(value**elasticity for value in values)}
    return _cause(kind, "the budget of the police", strength, values, words, background=background)


def _legal_status(party: int, scene: Scene, strength: float) -> Cause:
    """Return the legal status of a person at a crime, or of the others in the home."""
    person, name = scene.people[party], party_name(scene, party)
    a, b = person.standing
    title = f"legal status of {name}" if a.status != b.status else f"legal status of the others in the home of {name}"
    words = [_status_words(world, person.row, scene.day) for world in scene.worlds]
    # Help and courthouses bear on a person by status, so what there is of them belongs to the facts.
    background = {
        "undocumented": (a.is_undocumented, b.is_undocumented),
        "protection": person.protection,
        "operations": person.operations,
    }
    values = (a.vulnerability, b.vulnerability)
    title = f"{title} (resident {person.row:,})"
    return _cause(LEGAL_STATUS, title, strength, values, words, person.row, None, background)


def _status_words(world: World, row: int, day: int) -> str:
    standing, grant = world.statuses.standing(row, day), world.statuses.grants.get(row)
    words = STATUS_WORDS[LegalStatus(standing.status).label]
    if grant is not None and grant.day <= day:
        words += f" since {spell_date(world.date(grant.day))}, {_grounds(world, row, grant.crime)}"
    if standing.lives_with_undocumented:
        return f"{words}, living with an undocumented person"
    if world.population.lives_with_undocumented[row]:
        grant = world.statuses.last_in_home(row)
        since = f"{spell_date(world.date(grant.day))}, {_grounds(world, row, grant.crime)}"
        return f"{words}, with nobody else at home undocumented since {since}"
    return words


def _grounds(world: World, row: int, crime: int) -> str:
    """Return how somebody got lawful status."""
    if crime == BY_LAW:
        return "by a legalization"
    victim, what = int(world.crimes["victim"][crime]), a_crime(world.crimes["crime_type"][crime])
    if victim == row:
        return f"as a victim of {what} who cooperated with the police"
    return f"as the household of a victim of {what} who cooperated with the police"


def _accompaniment(party: int, scene: Scene, strength: float) -> Cause:
    """Return whether an advocate goes along with the victim."""
    relief = 1.0 - float(scene.worlds[0].rules["accompaniment_relief"])
    values, words = [], []
    shares = tuple(_levers(ACCOMPANIMENT, scene))
    for world, is_accompanied, share in zip(scene.worlds, scene.people[party].accompanied, shares):
        values.append(relief if is_accompanied else 1.0)
        many = f"as with {percent(share)} of victims {_since(world, ACCOMPANIMENT, scene.day)}".rstrip()
        alone = f"nobody came along; advocates did {many}" if share else "nobody came along"
        words.append(f"an advocate came along, {many}" if is_accompanied else alone)
    background = {"share": shares, "draw": (scene.u_accompanied,) * 2}
    title = f"company for {party_name(scene, party)} on the way to the police"
    return _cause(ACCOMPANIMENT, title, strength, values, words, scene.people[party].row, None, background)


def _protection(party: int, scene: Scene, strength: float) -> Cause:
    """Return how sure an undocumented victim can be of lawful status for cooperating."""
    words = [_since(world, PROTECTION, scene.day) for world in scene.worlds]
    title = "protection for undocumented victims of violence who cooperate"
    background = {"granted": tuple(_levers(PROTECTION, scene))}
    values = scene.people[party].protection
    return _cause(PROTECTION, title, strength, values, words, scene.people[party].row, None, background)


def _levers(name: str, scene: Scene) -> list[float]:
    return [float(world.levers[name][scene.day]) for world in scene.worlds]


def _since(world: World, name: str, day: int) -> str:
    """Return since when a lever has been what it is on a day; empty if from the start."""
    first = _periods(world, (name,), day + 1)[-1][0]
    return f"since {spell_date(world.date(first))}" if first else ""


def _periods(world: World, names: tuple[str, ...], before: int) -> list[tuple[int, int | None, Policy]]:
    """Return the periods, begun before a day, in which levers held: first day, day after the last or None, policy."""
    periods: list[tuple[int, int | None, Policy]] = []
    for start, policy in world.engine.history:
        if start >= before:
            break
        if periods and all(getattr(policy, name) == getattr(periods[-1][2], name) for name in names):
            continue
        if periods:
            periods[-1] = (periods[-1][0], start, periods[-1][2])
        periods.append((start, None, policy))
    return periods


def _span(world: World, first: int, end: int | None) -> str:
    since = f"from {spell_date(world.date(first))}"
    return f"{since} on" if end is None else f"{since} to {spell_date(world.date(end - 1))}"
