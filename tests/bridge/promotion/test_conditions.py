"""Each condition: when it holds, and what it says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.promotion import conditions as c
from bridge.promotion.calendars import ALWAYS, Calendar
from bridge.promotion.evidence import Evidence, Proposal
from bridge.promotion.mood import WEIGHTS, mood_of
from bridge.promotion.wording import found_in, plain

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
THREAD = Evidence(thread_id=1, space_id=2, created_at=START)


def marks(*minutes: int) -> tuple[datetime, ...]:
    return tuple(START + timedelta(minutes=each) for each in minutes)


def test_time_brings_what_waits_for_a_reply() -> None:
    assert c.Unanswered(4).holds_from(THREAD, ALWAYS) == START + 4 * HOUR
    assert c.Unanswered(0).holds_from(THREAD, ALWAYS) == START
    assert c.Unanswered(4).holds_from(replace(THREAD, first_reply_at=START), ALWAYS) is None
    assert c.NotAccepted(4).holds_from(replace(THREAD, first_reply_at=START), ALWAYS) == START + 4 * HOUR
    assert c.NotAccepted(4).holds_from(replace(THREAD, accepted_at=START), ALWAYS) is None


def test_time_brings_nothing_without_working_hours() -> None:
    never = Calendar("never", "UTC", ((),) * 7)
    assert c.Unanswered(4).holds_from(THREAD, never) is None
    assert c.NotAccepted(4).holds_from(THREAD, never) is None


def test_so_many_people() -> None:
    thread = replace(THREAD, have_too_at=marks(1, 5, 90))
    assert c.HaveToo(3).holds_from(thread, ALWAYS) == thread.have_too_at[2]
    assert c.HaveToo(4).holds_from(thread, ALWAYS) is None
    assert c.HaveToo(1).reason(thread, START, ALWAYS) == c.Reason("have_too", (("count", 3),))


def test_so_many_people_at_once() -> None:
    thread = replace(THREAD, have_too_at=marks(1, 70, 100, 130, 400))
    assert c.HaveTooRate(3, 60).holds_from(thread, ALWAYS) == thread.have_too_at[3]
    assert c.HaveTooRate(3, 59).holds_from(thread, ALWAYS) is None
    assert c.HaveTooRate(6, 600).holds_from(thread, ALWAYS) is None
    assert c.HaveTooRate(1, 1).holds_from(thread, ALWAYS) == thread.have_too_at[0]


HOLDING: list[tuple[c.Condition, dict[str, object], c.Reason]] = [
    (c.Words(("vpn", "掉线")), {"text": "我的VPN又掉线了"}, c.Reason("words", (("words", ("vpn", "掉线")),))),
    (c.Tags(("Outage",)), {"tags": ("outage", "vpn")}, c.Reason("tags", (("tags", ("outage",)),))),
    (c.ServiceNamed(("Mail",)), {"service": "mail"}, c.Reason("service", (("service", "mail"),))),
    (c.InSpace((1, 2)), {}, c.Reason("space")),
    (c.Kind(("idea",)), {"kind": "idea"}, c.Reason("kind", (("kind", "idea"),))),
    (c.Organisation(("Acme",)), {"organisation": "ACME"}, c.Reason("organisation", (("organisation", "ACME"),))),
    (c.ServiceLevel(("gold",)), {"service_level": "Gold"}, c.Reason("service_level", (("level", "Gold"),))),
    (c.Distress(2), {"text": "URGENT"}, c.Reason("distress", (("score", 2), ("words", ("urgent",))))),
    (c.FirstQuestion(), {"first_question": True}, c.Reason("first_question")),
    (c.NobodyOnDuty(), {"nobody_on_duty": True}, c.Reason("nobody_on_duty")),
    (c.SuggestedClass(("incident",)), {"suggested_class": "incident"}, c.Reason("class", (("class", "incident"),))),
    (c.Proposed(), {"proposals": (Proposal(7, START),)}, c.Reason("proposed", (("count", 1),))),
]


@pytest.mark.parametrize(("condition", "known", "reason"), HOLDING, ids=lambda value: getattr(value, "code", ""))
def test_what_is_so_holds_from_the_beginning(
    condition: c.Condition, known: dict[str, object], reason: c.Reason
) -> None:
    thread = replace(THREAD, **known)  # type: ignore[arg-type]
    assert condition.holds_from(thread, ALWAYS) == START
    assert condition.reason(thread, START, ALWAYS) == reason
    other = replace(THREAD, space_id=9)
    assert condition.holds_from(other, ALWAYS) is None


def test_every_condition_is_known_by_its_code() -> None:
    assert len(c.KINDS) == 16
    assert all(kind.code == code for code, kind in c.KINDS.items())


# --- words ---


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("print", "I cannot PRINT.", True),
        ("print", "The printer hums", False),
        ("print", "打印print失败", True),
        ("VPN掉线", "我的vpn掉线了", True),
        ("VPN掉线", "ovpn掉线", False),
        ("掉线", "老是掉线啊", True),
        ("don't work", "They don’t\n work", True),
        ("ＶＰＮ", "vpn", True),
        ("c++", "I write C++ here", True),
        ("éclair", "an éclair", True),
        ("éclair", "éclairs", False),
        (" ", "anything", False),
    ],
)
def test_latin_words_match_whole_and_chinese_anywhere(word: str, text: str, found: bool) -> None:
    assert found_in((word,), text) == ((plain(word),) if found else ())


def test_the_longest_word_counts_once() -> None:
    assert found_in(("urgent", "not urgent"), "It is not urgent, not urgent") == ("not urgent",)
    assert found_in((), "x") == ()


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("How do I share a calendar?", 0),
        ("This is urgent!!", 3),
        ("PLEASE HELP ME, I am desperate", 6),
        ("Not urgent, whenever you have time", 0),
        ("Not urgent, but annoying", 0),
        ("这个很急，在线等！！", 5),
        ("不着急，麻烦看一下", 0),
        ("救命，快疯了", 6),
    ],
)
def test_distress_is_a_small_score(text: str, score: int) -> None:
    assert mood_of(text).score == score


def test_words_of_mood_are_written_plain() -> None:
    assert all(plain(word) == word for word in WEIGHTS)
