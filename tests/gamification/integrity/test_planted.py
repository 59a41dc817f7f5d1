"""Fifty arranged patterns among five thousand honest people: nearly all are found, and hardly anybody else."""

from dataclasses import dataclass

import pytest

from gamification.integrity.detection import detect
from gamification.integrity.findings import Finding, Kind
from gamification.integrity.table import Table
from tests.gamification.integrity.honest import MEMBERS
from tests.gamification.integrity.planting import Pattern, planted

# The numbers of the detection were chosen while looking at communities of the seeds 1 to 18; these are others.
SEEDS = (301, 302, 303, 304, 305, 306)


@dataclass(frozen=True)
class Score:
    """What came of one community."""

    planted: int
    hit: int
    found: int
    true: int


def about(finding: Finding, pattern: Pattern) -> bool:
    """Whether a finding shows this pattern: two of its people at least, and they are half of whom the finding names."""
    both = len(pattern.members & set(finding.members))
    return both >= 2 and both >= len(finding.members) / 2


def score_of(seed: int) -> Score:
    world = planted(seed)
    found = detect(world.table)
    true = [finding for finding in found if any(about(finding, pattern) for pattern in world.patterns)]
    hit = [
        pattern
        for pattern in world.patterns
        if any(about(one, pattern) and len(pattern.core & set(one.members)) >= 0.6 * len(pattern.core) for one in found)
    ]
    return Score(len(world.patterns), len(hit), len(found), len(true))


@pytest.fixture(scope="module")
def scores() -> list[Score]:
    return [score_of(seed) for seed in SEEDS]


def test_nearly_all_that_is_arranged_is_found(scores: list[Score]) -> None:
    assert [score.planted for score in scores] == [50] * len(SEEDS)
    assert sum(score.hit for score in scores) >= 0.9 * sum(score.planted for score in scores)
    assert min(score.hit for score in scores) >= 0.86 * 50


def test_nearly_all_that_is_found_was_arranged(scores: list[Score]) -> None:
    assert all(score.found for score in scores)
    assert sum(score.true for score in scores) >= 0.9 * sum(score.found for score in scores)
    assert min(score.true / score.found for score in scores) >= 0.86


def test_honest_people_alone_are_hardly_ever_proposed() -> None:
    """Of five thousand; what remains are friends who vote for little else than each other."""
    for seed in SEEDS[:3]:
        found = detect(planted(seed, patterns=False).table)
        assert len({member for finding in found for member in finding.members}) <= MEMBERS / 250


def test_every_kind_of_pattern_is_found_in_some_community() -> None:
    kinds = {kind for finding in detect(planted(SEEDS[0]).table) for kind in (finding.kind, *finding.also)}
    assert kinds == set(Kind)


def test_nothing_is_found_where_nobody_voted() -> None:
    assert detect(Table([])) == []


def test_a_community_comes_from_its_seed_alone() -> None:
    assert planted(3).table == planted(3).table
    assert planted(3).table != planted(4).table
