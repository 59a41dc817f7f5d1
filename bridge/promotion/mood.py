"""How much distress the words of a thread speak of: a small score, no more than a hint. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .wording import found_in, plain


def _words(weight: int, text: str) -> dict[str, int]:
    return dict.fromkeys(text.split(" | "), weight)


# Calm phrases stand in the same list, so that "not urgent" is found as a whole and never as "urgent".
WEIGHTS: dict[str, int] = {
    **_words(
        3,
        "desperate | at my wits' end | panic | panicking | in tears | crying | please help me | "
        "nobody helps | no one helps | i am stuck | i'm stuck | lose my job | cannot go on | "
        "can't go on | 救命 | 求救 | 绝望 | 崩溃了 | 快疯了 | 急死 | 要哭了 | 走投无路 | 没人帮",
    ),
    **_words(
        2,
        "urgent | urgently | asap | as soon as possible | emergency | frustrated | frustrating | "
        "furious | angry | unacceptable | fed up | sick of | ridiculous | worried | afraid | deadline | "
        "help me | 紧急 | 十万火急 | 很急 | 非常急 | 急用 | 在线等 | 着急 | 愤怒 | 气死 | 无法接受 | "
        "受够 | 太过分 | 担心 | 焦虑 | 求助 | 跪求",
    ),
    **_words(
        1,
        "annoying | annoyed | disappointed | still waiting | again and again | for days | useless | "
        "waste of time | terrible | awful | immediately | at once | 烦 | 失望 | 等了很久 | 还在等 | "
        "一直没 | 没人理 | 没用 | 浪费时间 | 糟糕 | 马上 | 立刻 | 尽快",
    ),
    **_words(
        0,
        "not urgent | no hurry | no rush | not worried | not angry | not annoying | whenever | "
        "can wait | when you have time | 不急 | 不着急 | 不紧急 | 不用着急 | 不担心 | 不用担心 | "
        "别担心 | 没那么急 | 有空 | 什么时候都行 | 不烦 | 麻烦 | 烦请 | 耐烦 | 不用马上 | 不必马上",
    ),
}
CALM = frozenset(
    {"not urgent", "no hurry", "no rush", "can wait", "whenever", "when you have time", "不急", "不着急", "不紧急"}
    | {"不用着急", "没那么急", "有空", "什么时候都行"}
)
RELIEF = 2
SHOUTING = re.compile(r"[!]{2,}")
WORDS = tuple(WEIGHTS)


@dataclass(frozen=True)
class Mood:
    """The score, from 0 (calm) up, and the words behind it."""

    score: int
    words: tuple[str, ...]


@lru_cache(maxsize=16384)
def mood_of(text: str) -> Mood:
    """The distress in a text: each different word counts once, calm ones take away."""
    found = found_in(WORDS, text)
    score = sum(WEIGHTS[word] for word in found) - RELIEF * any(word in CALM for word in found)
    shouting = 1 if SHOUTING.search(plain(text)) else 0
    return Mood(max(0, score + shouting), tuple(word for word in found if WEIGHTS[word]))
