"""The facts behind differences that are no single event: perceptions, legal status, help for victims, the police."""

from simulation.levers import Policy
from simulation.vocabulary import Community, LegalStatus

from ..language import Language
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
from .words import a_crime, arrests_words, decimal, party_name, percent, spell_date, whole, whom
from .world import World

RECENT_DAYS = 90
_SMALLEST_NEWS = 0.005
"""News that adds less to enforcement in mind than this is not told."""


def describe_background(component: Component, scene: Scene | Occurrence, strength: float, lang: Language) -> Cause:
    """Return a difference between the worlds that is no single event, with its facts and numbers."""
    kind, which = component
    if kind in (PERCEIVED_SHARING, ENFORCEMENT_IN_MIND, LEARNED_RISK):
        return _perception(kind, which, scene, strength, lang)
    if kind == CASELOAD:
        values = [float(world.open_cases[scene.day, which]) for world in scene.worlds]
        title = lang.t("stories.title.caseload", division=scene.worlds[0].engine.place.divisions[which])
        usual = float(scene.worlds[0].engine.constants.baseline_cases[which])
        return _cause(kind, title, strength, values, background={"usual": (usual, usual)})
    assert isinstance(scene, Scene)  # the rest bears on what people do after a crime
    if kind in (DETECTIVES, BUDGET):
        return _policing(kind, scene, strength, lang)
    if kind == COURTHOUSE:
        words = [_since(world, kind, scene.day, lang) for world in scene.worlds]
        return _cause(kind, lang.t(f"stories.title.{kind}"), strength, _levers(kind, scene), words)
    return {LEGAL_STATUS: _legal_status, ACCOMPANIMENT: _accompaniment, PROTECTION: _protection}[kind](
        which, scene, strength, lang
    )


def _cause(kind, title, strength, values, words=("", ""), row=None, community=None, background=None) -> Cause:
    (in_a, in_b), (a, b) = words, values
    return Cause(kind, title, strength, in_a, in_b, row, None, community, a, b, background=background or {})


def _perception(kind: str, which: int, scene: Scene | Occurrence, strength: float, lang: Language) -> Cause:
    """Return what a community believes or has in mind, or what offenders have learned of it."""
    worlds, day = scene.worlds, scene.day
    column = {PERCEIVED_SHARING: BELIEF, ENFORCEMENT_IN_MIND: SALIENCE, LEARNED_RISK: RISK}[kind]
    values = [float(world.community[day, which, column]) for world in worlds]
    title = lang.t(f"stories.title.{kind}", whom=whom(lang, Community(which).label))
    background: dict[str, tuple] = {}
    words = ("", "")
    if kind == PERCEIVED_SHARING:
        last = max(0, day - 1)  # the rules that beliefs last followed
        background["actual_sharing"] = tuple(float(world.climate.actual[last, which]) for world in worlds)
        background["known_sharing"] = tuple(float(world.climate.known[last, which]) for world in worlds)
        background["arrests_from_police_data"] = tuple(world.climate.arrests(which, 0, day, True) for world in worlds)
        words = _apart(*(_messages(world, which, day, lang) for world in worlds))
    if kind == ENFORCEMENT_IN_MIND:
        first = day - RECENT_DAYS
        background["recent_arrests"] = tuple(world.climate.arrests(which, first, day) for world in worlds)
        words = _apart(*(_news(world, which, day, lang) for world in worlds))
    return _cause(kind, title, strength, values, words, None, Community(which).label, background)


def _apart(a: list[str], b: list[str]) -> tuple[str, str]:
    """Return the facts of each world that the other does not share."""
    return "; ".join(fact for fact in a if fact not in b), "; ".join(fact for fact in b if fact not in a)


def _messages(world: World, community: int, day: int, lang: Language) -> list[str]:
    """Return who told a community what about sharing, up to a day."""
    facts = [
        lang.t("stories.message.announced", date=spell_date(lang, world.date(when)))
        for when in world.climate.announcements(community, day)
    ]
    for first, end, policy in _periods(world, ("outreach_reach", "outreach_accuracy", "outreach_slant"), day):
        if policy.outreach_reach > 0:
            kind = {1.0: "true", 0.0: "false"}.get(policy.outreach_accuracy, "partly_true")
            values = {
                "share": percent(lang, policy.outreach_slant),
                "accuracy": percent(lang, policy.outreach_accuracy),
                "span": _span(world, first, end, lang),
            }
            facts.append(lang.t(f"stories.message.{kind}", **values))
    for first, end, policy in _periods(world, ("publicity",), day):
        if policy.publicity < 1:
            who = "some_learned" if policy.publicity else "nobody_learned"
            share, span = percent(lang, policy.publicity), _span(world, first, end, lang)
            facts.append(lang.t(f"stories.message.{who}", share=share, span=span))
    return facts


def _news(world: World, community: int, day: int, lang: Language) -> list[str]:
    """Return the news and raids that a community still has in mind."""
    facts = []
    for news in world.climate.news(community, day):
        if news.left < _SMALLEST_NEWS:
            continue
        date = spell_date(lang, world.date(news.day))
        what = lang.t("stories.news.elsewhere", date=date)
        if news.arrests is not None:
            told = [lang.t("stories.news.there", arrests=arrests_words(lang, news.arrests))]
            told += [lang.t("stories.news.alerts")] if world.levers["raid_alerts"][news.day] > 0 else []
            told += [lang.t("stories.news.reassured")] if news.day in world.climate.reassured else []
            what = lang.t("stories.news.raid", date=date, told=", ".join(told))
        facts.append(lang.t("stories.news.left", news=what, left=decimal(lang, news.left),
                            added=decimal(lang, news.added)))  # fmt: skip
    return facts


def _policing(kind: str, scene: Scene, strength: float, lang: Language) -> Cause:
    """Return how many detectives there are, or how much money for them."""
    worlds, day = scene.worlds, scene.day
    values, title = _levers(kind, scene), lang.t(f"stories.title.{kind}")
    if kind == DETECTIVES:
        words = [_since(world, kind, day, lang) for world in worlds]
        return _cause(kind, title, strength, values, words)
    elasticity = float(worlds[0].rules["detective_elasticity"])
    words = []
    for world in worlds:
        cuts = [
            lang.t("stories.cut_from", share=percent(lang, cut.share), date=spell_date(lang, world.date(cut.start)))
            for cut in world.engine.government.cuts
            if cut.start <= day < cut.end
        ]
        words.append("; ".join(cuts) or _since(world, kind, day, lang))
    background = {"detectives": tuple(value**elasticity for value in values)}
    return _cause(kind, title, strength, values, words, background=background)


def _legal_status(party: int, scene: Scene, strength: float, lang: Language) -> Cause:
    """Return the legal status of a person at a crime, or of the others in the home."""
    person, name = scene.person(party), party_name(lang, scene, party)
    a, b = person.standing
    whose = "own" if a.status != b.status else "of_home"
    title = lang.t(f"stories.title.legal_status.{whose}", who=name, row=whole(lang, person.row))
    words = [_status_words(world, person.row, scene.day, lang) for world in scene.worlds]
    # Help and courthouses bear on a person by status, so what there is of them belongs to the facts.
    background = {
        "undocumented": (a.is_undocumented, b.is_undocumented),
        "protection": person.protection,
        "operations": person.operations,
    }
    values = (a.vulnerability, b.vulnerability)
    return _cause(LEGAL_STATUS, title, strength, values, words, person.row, None, background)


def _status_words(world: World, row: int, day: int, lang: Language) -> str:
    standing, grant = world.statuses.standing(row, day), world.statuses.grants.get(row)
    words = lang.t(f"stories.status.{LegalStatus(standing.status).label}")

    def given(grant):
        grounds = _grounds(world, row, grant.crime, lang)
        return {"status": words, "date": spell_date(lang, world.date(grant.day)), "grounds": grounds}

    if grant is not None and grant.day <= day:
        words = lang.t("stories.standing.given", **given(grant))
    if standing.lives_with_undocumented:
        return lang.t("stories.standing.with_undocumented", status=words)
    if world.population.lives_with_undocumented[row]:
        return lang.t("stories.standing.without_undocumented", **given(world.statuses.last_in_home(row)))
    return words


def _grounds(world: World, row: int, crime: int, lang: Language) -> str:
    """Return how somebody got lawful status."""
    if crime == BY_LAW:
        return lang.t("stories.grounds.by_law")
    what = a_crime(lang, world.crimes["crime_type"][crime])
    who = "victim" if int(world.crimes["victim"][crime]) == row else "household"
    return lang.t(f"stories.grounds.{who}", crime=what)


def _accompaniment(party: int, scene: Scene, strength: float, lang: Language) -> Cause:
    """Return whether an advocate goes along with the victim."""
    relief = 1.0 - float(scene.worlds[0].rules["accompaniment_relief"])
    person, values, words = scene.person(party), [], []
    shares = tuple(_levers(ACCOMPANIMENT, scene))
    for world, is_accompanied, share in zip(scene.worlds, person.accompanied, shares):
        values.append(relief if is_accompanied else 1.0)
        since = _since(world, ACCOMPANIMENT, scene.day, lang)
        many = lang.t("stories.company.as_with", share=percent(lang, share), since=since).rstrip()
        kind = "came" if is_accompanied else "nobody_but" if share else "nobody"
        words.append(lang.t(f"stories.company.{kind}", many=many))
    background = {"share": shares, "draw": (scene.u_accompanied,) * 2}
    title = lang.t("stories.title.accompaniment", who=party_name(lang, scene, party))
    return _cause(ACCOMPANIMENT, title, strength, values, words, person.row, None, background)


def _protection(party: int, scene: Scene, strength: float, lang: Language) -> Cause:
    """Return how sure an undocumented victim can be of lawful status for cooperating."""
    words = [_since(world, PROTECTION, scene.day, lang) for world in scene.worlds]
    background = {"granted": tuple(_levers(PROTECTION, scene))}
    person, title = scene.person(party), lang.t(f"stories.title.{PROTECTION}")
    return _cause(PROTECTION, title, strength, person.protection, words, person.row, None, background)


def _levers(name: str, scene: Scene) -> list[float]:
    return [float(world.levers[name][scene.day]) for world in scene.worlds]


def _since(world: World, name: str, day: int, lang: Language) -> str:
    """Return since when a lever has been what it is on a day; empty if from the start."""
    first = _periods(world, (name,), day + 1)[-1][0]
    return lang.t("stories.span.since", first=spell_date(lang, world.date(first))) if first else ""


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


def _span(world: World, first: int, end: int | None, lang: Language) -> str:
    since = spell_date(lang, world.date(first))
    if end is None:
        return lang.t("stories.span.from_on", first=since)
    return lang.t("stories.span.from_to", first=since, last=spell_date(lang, world.date(end - 1)))
