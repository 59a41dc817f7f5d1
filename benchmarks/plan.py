"""What the benchmark's community looks like, decided before anything is written."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from community.core.markup import Rendered, render_many

from .words import RARE, Vocabulary, decorated

SPACES = 20
MEMBERS = 500
PARAGRAPHS = 600
CHINESE_SHARE = 5  # every fifth paragraph and thread
# How many posts a thread has: ten on average, in every tenth thread a full page of twenty replies.
LENGTHS = (21, 1, 10, 8, 10, 4, 12, 9, 1, 14, 10, 8, 21, 11, 6, 10, 9, 15, 10, 10)
KINDS = ("question",) * 17 + ("discussion", "idea", "question") + ("question",) * 19 + ("announcement",)
TAGS = ("vpn", "printing", "mail", "laptop", "accounts", "meetings", "phones", "网络", "邮件", "order")
DAYS = 300
BEGIN = datetime(2025, 9, 1, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Text:
    """A text as typed and as rendered."""

    body: str
    html: str
    language: str


@dataclass(frozen=True)
class PlannedPost:
    """Who writes what, when, and who finds it helpful a minute later; members are counted from 0."""

    author: int
    text: Text
    at: datetime
    helped: tuple[int, ...]

    @property
    def helped_at(self) -> datetime:
        """When it was found helpful."""
        return self.at + timedelta(minutes=1)


@dataclass(frozen=True)
class PlannedThread:
    """A thread to write; spaces and members are counted from 0."""

    number: int
    space: int
    kind: str
    title: str
    tags: tuple[str, ...]
    posts: tuple[PlannedPost, ...]
    have_too: tuple[int, ...]
    solved: bool

    @property
    def had_at(self) -> datetime:
        """When others said that they have it too."""
        return self.posts[0].at + timedelta(minutes=2)

    @property
    def solved_at(self) -> datetime:
        """When the last reply was accepted, where one was."""
        return self.posts[-1].at + timedelta(minutes=5)

    @property
    def author(self) -> int:
        """Who opens it."""
        return self.posts[0].author


class Plan:
    """The whole community, drawn with one seed; rendering its paragraphs takes about a second."""

    def __init__(self, posts: int, seed: int = 7) -> None:
        self.thread_count = max(20, posts // 10)
        self._chance = random.Random(seed)
        self._words = Vocabulary(self._chance)
        self._apart = timedelta(days=DAYS) / self.thread_count
        self._stock = {chinese: self._paragraphs(chinese=chinese) for chinese in (False, True)}

    def _paragraphs(self, *, chinese: bool) -> list[Text]:
        many = PARAGRAPHS // CHINESE_SHARE if chinese else PARAGRAPHS
        bodies = [decorated(self._words.paragraph(chinese=chinese), n) for n in range(many)]
        return [_text(body, rendered) for body, rendered in zip(bodies, render_many(bodies), strict=True)]

    def threads(self) -> Iterator[PlannedThread]:
        """All threads, oldest first."""
        for number in range(self.thread_count):
            yield self._thread(number)

    def _thread(self, number: int) -> PlannedThread:
        chinese = number % CHINESE_SHARE == 4
        title = self._words.title(number, chinese=chinese)
        if number % max(1, self.thread_count // 5) == 6:
            title = f"{title} {RARE}"
        posts = tuple(self._posts(number, LENGTHS[number % len(LENGTHS)], chinese=chinese))
        kind = KINDS[number % len(KINDS)]
        return PlannedThread(
            number=number,
            space=(number * 7) % SPACES,
            kind=kind,
            title=title,
            tags=tuple(sorted(set(self._chance.sample(TAGS, 2)))),
            posts=posts,
            have_too=self._some(5, but=posts[0].author) if number % 3 == 0 else (),
            solved=kind == "question" and len(posts) > 2 and number % 2 == 0,
        )

    def _posts(self, number: int, many: int, *, chinese: bool) -> Iterator[PlannedPost]:
        opened = BEGIN + self._apart * number
        for position in range(many):
            author = self._chance.randrange(MEMBERS)
            helped = self._some(2, but=author) if position % 3 == 1 else ()
            at = opened + timedelta(minutes=31 * position)
            yield PlannedPost(author, self._text(chinese=chinese), at, helped)

    def _some(self, most: int, *, but: int) -> tuple[int, ...]:
        many = self._chance.randint(0, most)
        return tuple(sorted(set(self._chance.sample(range(MEMBERS), many)) - {but}))

    def _text(self, *, chinese: bool) -> Text:
        """Two paragraphs, the second without Markdown, so that they render to the two renderings."""
        stock = self._stock[chinese]
        first, second = self._chance.choice(stock), stock[self._chance.randrange(len(stock) // 4) * 4]
        return Text(f"{first.body}\n\n{second.body}", f"{first.html}\n{second.html}", first.language)


def _text(body: str, rendered: Rendered) -> Text:
    return Text(body, rendered.html, rendered.language)
