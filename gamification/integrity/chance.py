"""Numbers of votes between people, and what chance would make of them."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from .table import Vote

Pair = tuple[int, int]


class Counts:
    """Votes of one kind, counted: from whom to whom, and in each space."""

    def __init__(self, votes: Iterable[Vote], *, thanks: float) -> None:
        self.between: defaultdict[Pair, list[Vote]] = defaultdict(list)
        self.weight: defaultdict[Pair, float] = defaultdict(float)
        self.given: Counter[int] = Counter()
        self.got: Counter[int] = Counter()
        self.given_at: defaultdict[int, list[datetime]] = defaultdict(list)
        self.got_at: defaultdict[int, list[datetime]] = defaultdict(list)
        self._given_in: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._got_in: Counter[Pair] = Counter()
        self._all_in: Counter[int] = Counter()
        self._pair_in: Counter[tuple[int, int, int]] = Counter()
        for vote in sorted(votes, key=lambda vote: vote.at):
            self._add(vote, thanks)

    def _add(self, vote: Vote, thanks: float) -> None:
        pair = vote.voter, vote.author
        self.between[pair].append(vote)
        self.weight[pair] += thanks if vote.asked else 1.0
        self.given[vote.voter] += 1
        self.got[vote.author] += 1
        self.given_at[vote.voter].append(vote.at)
        self.got_at[vote.author].append(vote.at)
        self._given_in[vote.voter][vote.space] += 1
        self._got_in[vote.author, vote.space] += 1
        self._all_in[vote.space] += 1
        self._pair_in[vote.voter, vote.author, vote.space] += 1

    def given_within(self, member: int, since: datetime, until: datetime) -> int:
        """How many votes somebody gave in this time, to whomever."""
        return _between(self.given_at.get(member, ()), since, until)

    def got_within(self, member: int, since: datetime, until: datetime) -> int:
        """How many votes somebody got in this time, from whomever."""
        return _between(self.got_at.get(member, ()), since, until)

    def chance(self, voter: int, author: int) -> float:
        """How many votes the voter would give the author if they voted as everybody else in their spaces does."""
        expected = 0.0
        for space, given in self._given_in[voter].items():
            own = self._pair_in[voter, author, space]
            others = self._all_in[space] - own
            if others:
                expected += given * (self._got_in[author, space] - own) / others
        return expected

    def surprise(self, voter: int, author: int) -> float:
        """How far the weight between the two is above chance; see `surprise`."""
        return surprise(self.weight[voter, author], self.chance(voter, author))


def _between(times: Sequence[datetime], since: datetime, until: datetime) -> int:
    return bisect_right(times, until) - bisect_left(times, since)


def surprise(number: float, expected: float) -> float:
    """Minus the decimal logarithm of the chance of so many or more where `expected` are (Poisson); at most 300."""
    if number <= expected or number <= 0:
        return 0.0
    expected = max(expected, 1e-9)
    # The first term of the tail, and the geometric series that bounds the rest.
    first = number * math.log(expected) - expected - math.lgamma(number + 1)
    rest = -math.log1p(-expected / (number + 1))
    return min(300.0, max(0.0, -(first + rest) / math.log(10)))
