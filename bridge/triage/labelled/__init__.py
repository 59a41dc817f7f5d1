"""Invented posts with the class each belongs to: what the words of `rules` and the classifier are measured on."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bridge.triage.classes import ONLY_A_QUESTION, QueryClass

LABELS = (*QueryClass, ONLY_A_QUESTION)
TRAIN, TEST = "train", "test"
_FILE = Path(__file__).with_name("posts.tsv")


@dataclass(frozen=True)
class Post:
    """One labelled post. Words and thresholds may be chosen from `split` train only."""

    id: str
    language: str
    label: str
    title: str
    body: str
    split: str

    @property
    def text(self) -> str:
        """Title and body, as the classifier reads them."""
        return f"{self.title}\n{self.body}"


@cache
def all_posts() -> tuple[Post, ...]:
    """The whole set, in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Post(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def posts(split: str, language: str = "") -> list[Post]:
    """The posts of one split, of one language or of all."""
    return [post for post in all_posts() if post.split == split and language in ("", post.language)]
