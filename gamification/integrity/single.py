"""Patterns from one person to another: bursts, long series, votes against, new accounts, accepted answers."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from .chance import Counts, surprise
from .findings import Finding, Kind
from .table import Accepted, Vote
from .thresholds import Thresholds


def densest(votes: Sequence[Vote], within: timedelta) -> list[Vote]:
    """The most votes that lie within so long a time."""
    ordered = sorted(votes, key=lambda vote: vote.at)
    best: list[Vote] = []
    first = 0
    for last, vote in enumerate(ordered):
        while ordered[first].at < vote.at - within:
            first += 1
        if last - first + 1 > len(best):
            best = ordered[first : last + 1]
    return best


def bursts(counts: Counts, limits: Thresholds) -> list[Finding]:
    """Many votes of one for another within days, which is most of what they voted in those days."""
    given_by: defaultdict[int, list[datetime]] = defaultdict(list)
    for (voter, _author), votes in counts.between.items():
        given_by[voter] += [vote.at for vote in votes]
    found = []
    for (voter, author), votes in counts.between.items():
        if len(votes) < limits.burst_votes:
            continue
        some = densest(votes, limits.burst_within)
        meanwhile = sum(some[0].at <= at <= some[-1].at for at in given_by[voter])
        expected = counts.chance(voter, author) / counts.given[voter] * meanwhile
        above = surprise(len(some), expected) >= limits.burst_surprise
        least = max(limits.burst_votes, limits.burst_share * meanwhile, limits.burst_share * len(votes))
        if above and len(some) >= least:
            found.append(_one_way(Kind.BURST, counts, voter, author, some))
    return found


def series(counts: Counts, limits: Thresholds) -> list[Finding]:
    """Votes of one for another over a long time that are half of what the one gives and of what the other gets."""
    found = []
    for (voter, author), votes in counts.between.items():
        number = sum(not vote.asked for vote in votes)
        share = min(number / counts.given[voter], number / counts.got[author])
        if number >= limits.serial_votes and share >= limits.serial_share:
            found.append(_one_way(Kind.SERIAL, counts, voter, author, votes))
    return found


def against(counts: Counts, limits: Thresholds) -> list[Finding]:
    """Votes of one against another, again and again, that are much of all that they find not helpful."""
    found = []
    for (voter, author), votes in counts.between.items():
        if len(votes) < limits.against_votes:
            continue
        some = densest(votes, limits.against_within)
        much = len(some) >= limits.against_share * counts.given[voter]
        above = surprise(len(some), counts.chance(voter, author)) >= limits.against_surprise
        if len(some) >= limits.against_votes and much and above:
            found.append(_one_way(Kind.AGAINST, counts, voter, author, some))
    return found


def _one_way(kind: Kind, counts: Counts, voter: int, author: int, votes: Sequence[Vote]) -> Finding:
    return Finding.of(
        kind,
        (voter, author),
        votes,
        chance=counts.chance(voter, author),
        given=counts.given[voter],
        got=counts.got[author],
        giver_id=voter,
        getter_id=author,
    )


def new_accounts(counts: Counts, joined: Mapping[int, datetime], limits: Thresholds) -> list[Finding]:
    """Accounts that voted, while they were new, for one person and hardly for anybody else."""
    fresh = _while_new(counts, joined, limits)
    given = Counter(voter for voter, votes in fresh.items() for _vote in votes)
    favourites: defaultdict[int, list[int]] = defaultdict(list)
    for voter, votes in fresh.items():
        author, number = Counter(vote.author for vote in votes).most_common(1)[0]
        unasked = sum(not vote.asked for vote in votes if vote.author == author)
        if unasked >= limits.new_votes and number >= limits.new_share * given[voter]:
            favourites[author].append(voter)
    everywhere, got = sum(map(len, favourites.values())), sum(counts.got.values())
    found = []
    for author, voters in favourites.items():
        votes = [vote for voter in voters for vote in fresh[voter] if vote.author == author]
        expected = (everywhere - len(voters)) * (counts.got[author] - len(votes)) / max(1, got)
        if len(voters) < limits.new_accounts or len(votes) < limits.new_of_all * counts.got[author]:
            continue
        if surprise(len(voters), expected) >= limits.new_surprise:
            people = (author, *voters)
            all_given = sum(given[voter] for voter in voters)
            found.append(
                Finding.of(
                    Kind.NEW_ACCOUNTS,
                    people,
                    votes,
                    chance=expected,
                    given=all_given,
                    got=counts.got[author],
                    getter_id=author,
                )
            )
    return found


def _while_new(counts: Counts, joined: Mapping[int, datetime], limits: Thresholds) -> dict[int, list[Vote]]:
    fresh: defaultdict[int, list[Vote]] = defaultdict(list)
    for (voter, _author), votes in counts.between.items():
        if voter in joined:
            until = joined[voter] + limits.new_for
            fresh[voter] += [vote for vote in votes if joined[voter] <= vote.at <= until]
    return {voter: votes for voter, votes in fresh.items() if votes}


def farmed_answers(accepted: Sequence[Accepted], limits: Thresholds) -> list[Finding]:
    """Accepted answers between the same two that are most of what either has, quick as no search for help is."""
    between: defaultdict[tuple[int, int], list[Accepted]] = defaultdict(list)
    for one in accepted:
        if one.asker != one.solver:
            between[one.asker, one.solver].append(one)
    asked, solved = Counter(one.asker for one in accepted), Counter(one.solver for one in accepted)
    found = []
    for (asker, solver), some in between.items():
        share = min(len(some) / asked[asker], len(some) / solved[solver])
        quick = sum(one.minutes <= limits.farmed_minutes for one in some) >= limits.farmed_quick * len(some)
        back = len(between.get((solver, asker), ())) >= limits.farmed_both
        if len(some) >= limits.farmed and share >= limits.farmed_share and (quick or back):
            found.append(_farmed(asker, solver, some, asked[asker], solved[solver], len(accepted)))
    return found


def _farmed(asker: int, solver: int, some: Sequence[Accepted], asked: int, solved: int, of_all: int) -> Finding:
    times, spaces = [one.at for one in some], {one.space for one in some}
    return Finding(
        Kind.ANSWERS,
        tuple(sorted((asker, solver))),
        len(some),
        round(asked * (solved - len(some)) / max(1, of_all), 2),
        min(times),
        max(times),
        asked,
        solved,
        asker,
        solver,
        spaces.pop() if len(spaces) == 1 else None,
    )
