"""What levels come to, for every combination of them."""

from itertools import product

import pytest

from community.following.models import Level
from community.following.rules import Levels, effective, tells

M, N, T, F, W = Level
ANY = (None, *Level)


def by_the_table(levels: Levels) -> Level:
    """The table of the module again, line by line, as a person reads it."""
    if levels.thread is not None:  # 1
        return levels.thread
    if any(level > N for level in levels.by_itself):  # 2
        return max(levels.by_itself)
    around = [*levels.tags, *([levels.space] if levels.space is not None else [])]
    if any(level is M for level in around):  # 3
        return M
    return max([N, *around])  # 4, 5


def test_every_combination_comes_to_what_the_table_says() -> None:
    """Six choices for the thread, for two tags and for the space, and each of what happens by itself."""
    by_itself = [(), (N,), (T,), (W,), (N, W), (T, W)]
    count = 0
    for thread, one, two, space, itself in product(ANY, ANY, ANY, ANY, by_itself):
        levels = Levels(thread, itself, [tag for tag in (one, two) if tag is not None], space)
        assert effective(levels) is by_the_table(levels), levels
        count += 1
    assert count == 6**5


@pytest.mark.parametrize(
    ("levels", "outcome"),
    [
        (Levels(), N),
        (Levels(thread=W, tags=[M], space=M), W),
        (Levels(thread=M, by_itself=[W], tags=[W], space=W), M),
        (Levels(thread=N, by_itself=[W], space=W), N),
        (Levels(by_itself=[W], tags=[M], space=M), W),
        (Levels(by_itself=[N], tags=[M]), M),
        (Levels(tags=[M, W], space=W), M),
        (Levels(tags=[W], space=M), M),
        (Levels(tags=[T], space=F), F),
        (Levels(tags=[N], space=T), T),
    ],
)
def test_lines_of_the_table(levels: Levels, outcome: Level) -> None:
    assert effective(levels) is outcome


def test_what_each_level_tells() -> None:
    assert [level for level in Level if tells(level, first_post=True)] == [F, W]
    assert [level for level in Level if tells(level, first_post=False)] == [W]
