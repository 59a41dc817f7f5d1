import re
from collections import Counter
from itertools import combinations

import pytest

from bridge.triage.labelled import LABELS, TEST, TRAIN, Post, all_posts, posts

ALIKE = 0.4
"""Share of common tokens from which two posts count as one. The most alike posts of the set that were written
apart share 0.27, and that by their little words; changing one word in ten of a post leaves more than 0.6."""

LEAST = {"en": (400, 35), "zh": (200, 16)}
_HAN = re.compile(r"[\u3400-\u9fff]")


def tokens(text: str) -> frozenset[str]:
    """Words in lower case; pairs of neighbours in Han runs."""
    found: set[str] = set()
    for run in re.findall(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+", text.lower()):
        found |= {run[i : i + 2] for i in range(len(run) - 1)} if _HAN.match(run) else {run}
    return frozenset(found)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard: 0 nothing in common, 1 the same."""
    return len(one & other) / len(one | other)


def test_every_post_is_whole() -> None:
    assert len({post.id for post in all_posts()}) == len(all_posts())
    for post in all_posts():
        assert post.title.strip() == post.title != "", post.id
        assert post.body.strip() == post.body != "", post.id
        assert post.label in LABELS, post.id
        assert post.split in (TRAIN, TEST), post.id
        assert post.text == f"{post.title}\n{post.body}"


@pytest.mark.parametrize("language", LEAST)
def test_there_are_enough_of_each_class(language: str) -> None:
    total, each = LEAST[language]
    counts = Counter(post.label for post in all_posts() if post.language == language)
    assert counts.total() >= total
    assert set(counts) == set(LABELS)
    assert min(counts.values()) >= each


@pytest.mark.parametrize("language", LEAST)
def test_the_split_is_even(language: str) -> None:
    for label in LABELS:
        train, test = (sum(post.label == label for post in posts(split, language)) for split in (TRAIN, TEST))
        assert 0.55 <= train / (train + test) <= 0.65, label


def test_languages_are_what_they_say() -> None:
    for post in all_posts():
        assert bool(_HAN.search(post.text)) == (post.language == "zh"), post.id


def test_no_two_posts_are_nearly_the_same() -> None:
    known: list[tuple[Post, frozenset[str]]] = [(post, tokens(post.text)) for post in all_posts()]
    alike = [(a.id, b.id) for (a, one), (b, other) in combinations(known, 2) if likeness(one, other) >= ALIKE]
    assert alike == []


def test_the_measure_finds_a_post_that_was_hardly_changed() -> None:
    post = posts(TRAIN, "en")[0]
    words = post.text.split()
    changed = " ".join("something" if place % 10 == 5 else word for place, word in enumerate(words))
    assert likeness(tokens(post.text), tokens(changed)) > 0.6 > ALIKE
