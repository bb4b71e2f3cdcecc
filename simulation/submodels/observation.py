"""What is written down of a day; nothing in the process knows that it is watched (MODEL.md 3, ODD 4.8)."""

from ..compilation import kernel, loop
from ..state import ACTUAL_SHARING, BELIEF, LEARNED_RISK, SALIENCE
from .perception import salience
from .reporting import dread, dread_of, fear_of


@kernel
def observe_communities(day, communities, today, counts):
    """Write down what communities believe, have in mind and teach offenders at the day's end, and actual sharing.

    Reads `communities` and `today.communities`; changes `counts[day].community` (ODD 4.8).
    """
    for c in range(communities.shape[0]):
        community, observed = communities[c], counts[day].community
        observed[c, BELIEF] = community.belief
        observed[c, SALIENCE] = salience(community.surge, community.news, community.reassured_news)
        observed[c, LEARNED_RISK] = community.risk_now / community.risk_base
        observed[c, ACTUAL_SHARING] = today.communities[c].actual_sharing


@loop
def take_snapshot(day, rules, people, residents, communities, snapshots):
    """Keep the state of the communities and the dread of their residents at the start of a day on which that is due.

    The sum of dread goes over everybody, present or not. Most people have no fear of their own, and then the dread of
    everybody of one class is the same; so classes are counted, and only immigrant communities are gone through for
    those who do (ODD 4.3, 4.8).

    Parameters
    ----------
    day : int
        The day at whose start people are asked, up to the day after the last.
    rules, people, residents, communities
        The state of the run (see `simulation.submodels`); only read.
    snapshots : Snapshots
        Changed, if one is due on that day.
    """
    s = snapshots.of_day[day]
    if s < 0:
        return
    total, calm = snapshots.dread[s], snapshots.calm
    for c in range(communities.shape[0]):
        community = communities[c]
        snapshots.communities[s, c] = community
        in_mind = salience(community.surge, community.news, community.reassured_news)
        for v in range(calm.shape[1]):
            calm[c, v] = dread(rules.vulnerability[v], community.belief, 0.0, in_mind)
            total[c] += people.class_size[c, v] * calm[c, v]
    for stretch in range(people.immigrant_rows.shape[0]):
        for row in range(people.immigrant_rows[stretch, 0], people.immigrant_rows[stretch, 1]):
            resident = residents[row]
            if resident.fear != 0.0:
                felt = dread_of(resident, fear_of(resident, day, rules.fear_decay), rules, communities)
                total[resident.community] += felt - calm[resident.community, resident.vulnerability_class]
