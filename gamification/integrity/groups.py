"""Closed groups: people who vote for each other far above chance, and to whom that is much of all they give and get."""

import math
from collections.abc import Iterable, Mapping

from .chance import Counts, surprise
from .findings import Finding, Kind
from .table import Vote
from .thresholds import Thresholds

Graph = Mapping[int, set[int]]


def closed_groups(counts: Counts, limits: Thresholds) -> list[Finding]:
    """Pairs and rings: circles of votes above chance, without those to whom others matter more."""
    graph = _edges(counts, limits)
    found, waiting = [], components(graph)
    while waiting:
        people = waiting.pop()
        weakest, how_closed = _weakest(counts, people)
        if how_closed < limits.closed_member:
            rest = people - {weakest}
            waiting += components({one: graph[one] & rest for one in rest})
        elif finding := _finding(counts, people, limits):
            found.append(finding)
    return found


def _edges(counts: Counts, limits: Thresholds) -> dict[int, set[int]]:
    graph: dict[int, set[int]] = {}
    for (voter, author), weight in counts.weight.items():
        if weight >= limits.edge_votes and counts.surprise(voter, author) >= limits.edge_surprise:
            graph.setdefault(voter, set()).add(author)
            graph.setdefault(author, set())
    return graph


def components(graph: Graph) -> list[frozenset[int]]:
    """The strongly connected components of two and more (Tarjan's, without recursion)."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[frozenset[int]] = []
    for start in sorted(graph):
        if start in order:
            continue
        work = [(start, iter(sorted(graph[start])))]
        order[start] = low[start] = len(order)
        stack.append(start)
        on_stack.add(start)
        while work:
            node, following = work[-1]
            for other in following:
                if other not in order:
                    order[other] = low[other] = len(order)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(sorted(graph[other]))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], order[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    found.append(_off(stack, on_stack, node))
    return [people for people in found if len(people) > 1]


def _off(stack: list[int], on_stack: set[int], node: int) -> frozenset[int]:
    people = set()
    while node not in people:
        people.add(stack.pop())
    on_stack -= people
    return frozenset(people)


def _weights(counts: Counts, voters: Iterable[int], authors: Iterable[int]) -> float:
    others = list(authors)
    return sum(counts.weight.get((voter, author), 0.0) for voter in voters for author in others if voter != author)


def _votes_within(counts: Counts, people: frozenset[int]) -> list[Vote]:
    """What these people gave each other, in the order of time."""
    votes = [vote for one in people for other in people for vote in counts.between.get((one, other), ())]
    return sorted(votes, key=lambda vote: vote.at)


def closedness(within_given: float, given: float, within_got: float, got: float) -> float:
    """How much of what people give and of what they get stays among them: the geometric mean of both shares."""
    return math.sqrt((within_given / given) * (within_got / got)) if given and got else 0.0


def _weakest(counts: Counts, people: frozenset[int]) -> tuple[int, float]:
    """The member to whom the group matters least while it was at it, and how much it does."""
    votes = _votes_within(counts, people)
    since, until = votes[0].at, votes[-1].at

    def of(member: int) -> float:
        given, got = _weights(counts, [member], people), _weights(counts, people, [member])
        all_given, all_got = counts.given_within(member, since, until), counts.got_within(member, since, until)
        return closedness(given, all_given, got, all_got)

    return min(((member, of(member)) for member in sorted(people)), key=lambda item: item[1])


def _finding(counts: Counts, people: frozenset[int], limits: Thresholds) -> Finding | None:
    votes, within = _votes_within(counts, people), _weights(counts, people, people)
    since, until = votes[0].at, votes[-1].at
    given = sum(counts.given_within(one, since, until) for one in people)
    got = sum(counts.got_within(one, since, until) for one in people)
    expected = sum(counts.chance(one, other) for one in people for other in people if one != other)
    is_pair, closed = len(people) == 2, closedness(within, given, within, got)
    if closed < (_closed_for(within, limits) if is_pair else limits.closed_ring):
        return None
    above = surprise(within, expected) >= limits.group_surprise and within >= limits.lift * expected
    if not above or not _enough(counts, people, limits):
        return None
    kind = Kind.PAIR if is_pair else Kind.RING
    return Finding.of(kind, people, votes, chance=expected, given=given, got=got)


def _closed_for(within: float, limits: Thresholds) -> float:
    """How closed a pair must be: less, the more votes it exchanged."""
    more = within - 2 * limits.pair_votes
    return max(limits.closed_least, limits.closed - limits.closed_less * more)


def _enough(counts: Counts, people: frozenset[int], limits: Thresholds) -> bool:
    """Of a pair each must have voted for the other often; of a ring, those who vote for one another on average."""
    weights = [
        counts.weight[one, other] for one in people for other in people if counts.weight.get((one, other), 0.0) > 0
    ]
    if len(people) == 2:
        return len(weights) == 2 and min(weights) >= limits.pair_votes
    dense = len(weights) / (len(people) * (len(people) - 1)) >= limits.dense
    return sum(weights) / len(weights) >= limits.ring_votes and (dense or len(people) > limits.dense_up_to)
