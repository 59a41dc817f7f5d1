"""Texts whose class is known."""

from typing import NamedTuple

from .labelled import TRAIN, posts


class Example(NamedTuple):
    """A text with the class it was found to belong to."""

    text: str
    language: str
    label: str


def labelled_examples(split: str) -> list[Example]:
    """One split of the labelled set."""
    return [Example(post.text, post.language, post.label) for post in posts(split)]


def shipped_examples() -> list[Example]:
    """The training split of the labelled set."""
    return labelled_examples(TRAIN)
