"""What goes over the bridge: made from snapshots, shown before it goes, kept as it went. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bridge.handovers.attaching import names_that_go
from community.core.markup import without_private
from community.public import PostSnapshot, ThreadSnapshot

from .redaction import redact

MOST_REPLIES = 5
MOST_TRIED = 8
MOST_NAMED = 20
LONGEST_TRIED = 240
TRIED = re.compile(
    r"(?i)\b(tried|restarted|rebooted|reinstalled|updated|checked|tested|switched|changed)\b"
    r"|试过|试了|重启|重装|更新过|检查过|换了|测试过"
)
SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|\n+")


@dataclass(frozen=True)
class Word:
    """Somebody's words as they go over."""

    author: str
    text: str
    helpful: int = 0


@dataclass(frozen=True)
class Handover:
    """Everything of a thread that the desk gets. `named` are versions and sites that people gave, and how many did."""

    title: str
    space: str
    opening: Word
    replies: tuple[Word, ...]
    tried: tuple[str, ...]
    attachments: tuple[str, ...]
    tags: tuple[str, ...]
    people: int
    removed: Counter[str]
    named: tuple[tuple[str, int], ...] = ()

    @property
    def text(self) -> str:
        """All of it as one Markdown text, as it is kept."""
        parts = [f"# {self.title}", f"{self.space} · {', '.join(self.tags)}".rstrip(" ·")]
        parts += [f"**{self.opening.author}**", self.opening.text]
        parts += [f"**{word.author}** (+{word.helpful})\n\n{word.text}" for word in self.replies]
        parts += [f"- {line}" for line in self.tried]
        parts += [f"- {name} ({count})" for name, count in self.named]
        parts += [f"- {name}" for name in self.attachments]
        return "\n\n".join(parts)


def prepare(
    thread: ThreadSnapshot,
    posts: Sequence[PostSnapshot],
    people: Collection[int],
    named: Iterable[tuple[str, int]] = (),
) -> Handover:
    """What goes over of this thread: its opening post, the replies that helped, what its author tried, who has it."""
    removed: Counter[str] = Counter()
    opening = _with_fields(thread, _word(posts[0], removed), removed)
    helped = sorted((post for post in posts[1:] if _helped(post)), key=lambda p: (-p.accepted, -p.helpful_count))
    own = [post for post in posts if post.author.id == thread.author.id]
    title = redact(thread.title, keep=[thread.author.email])
    replies = tuple(_word(post, removed) for post in helped[:MOST_REPLIES])
    return Handover(
        title=title.text,
        space=thread.space.name,
        opening=opening,
        replies=replies,
        tried=tried(own),
        attachments=names_that_go(posts, thread.author.id),
        tags=thread.tags,
        people=len(people),
        removed=removed + title.removed,
        named=tuple((redact(name).text, count) for name, count in named)[:MOST_NAMED],
    )


def tried(posts: Sequence[PostSnapshot]) -> tuple[str, ...]:
    """Sentences in which the author says what they tried, redacted, each once."""
    found: dict[str, None] = {}
    for post in posts:
        for sentence in SENTENCE.split(without_private(post.body)[0]):
            if TRIED.search(sentence) and len(sentence) <= LONGEST_TRIED:
                found[redact(sentence.strip(" -*\t"), keep=[post.author.email]).text] = None
    return tuple(found)[:MOST_TRIED]


def _helped(post: PostSnapshot) -> bool:
    return post.accepted or post.helpful_count > 0


def _with_fields(thread: ThreadSnapshot, opening: Word, removed: Counter[str]) -> Word:
    """The opening post below what was typed into the fields of its space, each redacted with its label."""
    shown = [redact(f"{label}: {value}", keep=[thread.author.email]) for label, value in thread.fields]
    for each in shown:
        removed.update(each.removed)
    lines = "\n".join(f"- {each.text}" for each in shown)
    return replace(opening, text="\n\n".join(part for part in (lines, opening.text) if part))


def _word(post: PostSnapshot, removed: Counter[str]) -> Word:
    shown = redact(post.body, keep=[post.author.email])
    removed.update(shown.removed)
    return Word(post.author.name, shown.text, post.helpful_count)
