"""What the bridge relies on, asked of every real desk through its connector."""

import contextlib
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bridge.desks.contract import (
    Desk,
    DeskKeyError,
    DeskRefusedError,
    DeskStatus,
    DeskUnreachableError,
    NotAtDeskError,
    NotDoneError,
    Outgoing,
    OutgoingComment,
    OutgoingFile,
    Requester,
)
from scripts.desks.common import free_port

from .benches import Bench, desk_of

HARD = {
    "unicode": "中文字符，全角标点。🎉👩‍👩‍👧‍👦 naïve Ω",
    "crlf": "first line\r\nsecond line\r\n\r\nthird",
    "html": "<b>not bold</b> &amp; <script>alert(1)</script> a < b && c > d",
    "templates": "{{ ticket.secret_key }} {% if x %} {# gone? #} {%} %} {{{ }}} ${x} %s %(a)s",
    "marks": "'quotes' \"double\" \\back\\slash `code`\n\n    indented\n\n* list *emphasis*",
    "long": "字🎉x" * 3333 + "end",
}


def a_query(ref: str = "", **changed: object) -> Outgoing:
    made = {
        "ref": ref or f"isthmus:{uuid.uuid4()}",
        "title": "VPN drops every hour",
        "text": "It worked **yesterday**.",
        "query_class": "incident",
        "impact": 2,
        "urgency": 1,
        "priority": 2,
        "requester": Requester("Ann", "ann@example.org"),
        "thread_url": "https://community.example/threads/4711",
        **changed,
    }
    return Outgoing(**made)  # type: ignore[arg-type]


def a_comment(text: str, *, public: bool = True, files: tuple[OutgoingFile, ...] = ()) -> OutgoingComment:
    key = f"isthmus-{uuid.uuid4()}"
    return OutgoingComment(key, f"{text}\n\n{key}", public, files)


def normal(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


# --- who we are ---


def test_the_desk_says_who_we_are(desk: Desk) -> None:
    assert desk.health().account == "bridge"


def test_a_wrong_key_is_named_and_never_shown(bench: Bench) -> None:
    wrong = {name: value[:-1] + ("0" if value[-1] != "0" else "1") for name, value in bench.settings.secrets.items()}
    with pytest.raises(DeskKeyError) as refused:
        desk_of(bench, secrets=wrong).health()
    assert not any(value in str(refused.value) for value in wrong.values())


def test_nobody_there(bench: Bench) -> None:
    with pytest.raises(DeskUnreachableError):
        desk_of(bench, url=f"http://127.0.0.1:{free_port()}").health()


def test_private_addresses_need_leave(bench: Bench) -> None:
    with pytest.raises(DeskRefusedError):
        desk_of(bench, allow_private=False).health()


def test_a_missing_field_for_our_reference_is_noticed(bench: Bench) -> None:
    options = {**bench.settings.options, "ref_field": "missing", "ref_property": "missing"}
    without = desk_of(bench, options=options)
    with pytest.raises(DeskRefusedError):
        without.health()
    with pytest.raises((NotDoneError, DeskRefusedError)):
        without.create(a_query())


# --- making a query ---


def test_a_query_is_made_found_and_read(bench: Bench, desk: Desk) -> None:
    query = a_query()
    assert desk.find_by_ref(query.ref) is None
    made = desk.create(query)
    assert desk.find_by_ref(query.ref) == made
    seen = desk.get(made.id)
    assert (seen.ref, seen.our_ref, seen.status, seen.comments) == (made, query.ref, DeskStatus.NEW, ())
    assert seen.updated_at is not None
    assert abs(seen.updated_at - datetime.now(UTC)) < timedelta(minutes=5)
    kept = bench.opening(made.id)
    assert all(words in kept for words in (query.text, query.thread_url, query.ref))


def test_searching_first_makes_one(bench: Bench, desk: Desk) -> None:
    query = a_query()
    made = [desk.find_by_ref(query.ref) or desk.create(query) for _ in range(2)]
    assert made[0] == made[1]
    assert bench.reference_count(query.ref) == 1


def test_eight_at_once_make_one(bench: Bench) -> None:
    query, row = a_query(), threading.Lock()

    def hand_over(_: int) -> str:
        desk = desk_of(bench)
        with row:  # the engine locks the row of the hand-over
            return (desk.find_by_ref(query.ref) or desk.create(query)).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(hand_over, range(8)))) == 1
    assert bench.reference_count(query.ref) == 1


def test_references_are_not_mixed_up(desk: Desk) -> None:
    ref = f"isthmus:{uuid.uuid4()}"
    longer = desk.create(a_query(ref + "0"))
    assert desk.find_by_ref(ref) is None
    assert desk.find_by_ref(ref + "' OR id > 0") is None
    assert desk.create(a_query(ref)) != longer
    assert desk.find_by_ref(ref + "0") == longer


def test_the_oldest_of_several_is_found(desk: Desk) -> None:
    first = desk.create(a_query())
    ref = desk.get(first.id).our_ref
    try:
        desk.create(a_query(ref))
    except Exception as error:
        assert "reference" in str(error)  # a desk that keeps references unique
    assert desk.find_by_ref(ref) == first


def test_a_title_may_be_long_and_have_lines(desk: Desk) -> None:
    made = desk.create(a_query(title="题目 🎉\r\n" * 100))
    assert desk.get(made.id).status is DeskStatus.NEW


# --- words ---


def test_our_words_appear_once_as_ours(desk: Desk) -> None:
    made = desk.create(a_query())
    comment = a_comment("Also on Linux.")
    number = desk.add_comment(made.id, comment)
    (seen,) = desk.get(made.id).comments
    assert (seen.id, seen.own, seen.text) == (number, True, comment.text)


def test_words_of_the_desk_come_back_in_order(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    for text in ("Install 5.2.3", "Then restart"):
        bench.agent_reply(made.id, text)
    mine = desk.add_comment(made.id, a_comment("That helped."))
    bench.agent_reply(made.id, "Good.")
    seen = desk.get(made.id).comments
    assert [item.text.split("\n")[0] for item in seen] == ["Install 5.2.3", "Then restart", "That helped.", "Good."]
    assert [item.own for item in seen] == [False, False, True, False]
    assert {item.author for item in seen if not item.own} == {bench.agent}
    assert seen[2].id == mine
    assert [item.at for item in seen] == sorted(item.at for item in seen)
    for item in seen:
        assert item.at.utcoffset() == timedelta(0)
        assert abs(item.at - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_a_query_arrives_unharmed(bench: Bench, desk: Desk, text: str) -> None:
    assert normal(bench.opening(desk.create(a_query(text=text)).id)).startswith(normal(text))


def test_words_arrive_and_come_back_unharmed(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    sent = []
    for name, text in HARD.items():
        comment = a_comment(text)
        desk.add_comment(made.id, comment)
        sent.append(normal(comment.text))
        if name != "templates":  # agents of a desk may use its templates
            bench.agent_reply(made.id, text)
            sent.append(normal(text))
    assert [item.text for item in desk.get(made.id).comments] == sent


def test_a_comment_without_its_key_gets_it(desk: Desk) -> None:
    made = desk.create(a_query())
    desk.add_comment(made.id, OutgoingComment("isthmus-key-1", "No key here"))
    assert [item.text for item in desk.get(made.id).comments] == ["No key here\n\nisthmus-key-1"]


def test_private_words_never_come_back(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    cursor = desk.changes_since("").cursor
    secret = f"canary-{uuid.uuid4()}"
    bench.agent_note(made.id, secret)
    bench.agent_reply(made.id, "A public word")
    if desk.capabilities().private_comments:
        desk.add_comment(made.id, a_comment(secret, public=False))
    seen = desk.get(made.id)
    assert [item.text for item in seen.comments] == ["A public word"]
    assert secret not in repr(seen)
    assert secret not in repr(desk.changes_since(cursor))
    assert secret not in repr(desk.find_by_ref(seen.our_ref))


# --- statuses ---


def test_statuses_come_back(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    for status, word in bench.agent_statuses.items():
        bench.agent_status(made.id, status)
        seen = desk.get(made.id)
        assert (seen.status, seen.raw_status) == (status, word)


def test_who_works_on_it_and_where_it_went(bench: Bench, desk: Desk) -> None:
    made, other = desk.create(a_query()), desk.create(a_query())
    assert desk.get(made.id).assignee == ""
    bench.agent_takes(made.id)
    seen = desk.get(made.id)
    assert seen.assignee.lower() == bench.agent.lower()
    bench.agent_merges(made.id, other.id)
    merged = desk.get(made.id)
    assert (merged.status, merged.ref.id) == (DeskStatus.MERGED, made.id)


def test_statuses_go_out(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    settable = desk.capabilities().statuses
    assert {DeskStatus.IN_PROGRESS, DeskStatus.RESOLVED} <= settable
    for status in (*sorted(settable), DeskStatus.IN_PROGRESS):
        desk.set_status(made.id, status)
        assert desk.get(made.id).status is status


def test_statuses_that_a_desk_lacks_are_refused(desk: Desk) -> None:
    made = desk.create(a_query())
    for status in set(DeskStatus) - desk.capabilities().statuses:
        with pytest.raises(DeskRefusedError):
            desk.set_status(made.id, status)
    assert desk.get(made.id).status is DeskStatus.NEW


def test_a_word_that_the_desk_does_not_know_is_not_written(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    wrong = desk_of(bench, statuses={"bogus": "resolved"})
    with pytest.raises(Exception, match="bogus"):
        wrong.set_status(made.id, DeskStatus.RESOLVED)
    assert desk.get(made.id).status is DeskStatus.NEW


def test_what_was_entered_wins(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query())
    word = bench.agent_statuses[DeskStatus.RESOLVED]
    desk.set_status(made.id, DeskStatus.RESOLVED)
    assert desk_of(bench, statuses={word: "closed"}).get(made.id).status is DeskStatus.CLOSED
    with pytest.raises(DeskRefusedError):
        desk_of(bench, statuses={word: "nonsense"})


# --- changes ---


def test_changes_are_seen_each_once(bench: Bench, desk: Desk) -> None:
    one, two, idle = (desk.create(a_query()).id for _ in range(3))
    begun = desk.changes_since("")
    assert begun.ids == ()
    bench.agent_reply(one, "first")
    bench.agent_status(two, DeskStatus.RESOLVED)
    bench.agent_reply(one, "second")
    seen = desk.changes_since(begun.cursor)
    assert sorted(seen.ids) == sorted([one, two])
    assert desk.changes_since(seen.cursor).ids == ()
    bench.agent_reply(two, "on a closed one")
    made = desk.create(a_query()).id
    assert set(desk.changes_since(seen.cursor).ids) == {two, made}
    assert idle not in seen.ids


def test_no_change_is_skipped_however_fast_they_come(bench: Bench, desk: Desk) -> None:
    ids = [desk.create(a_query()).id for _ in range(3)]
    cursor, stop = desk.changes_since("").cursor, threading.Event()
    seen: list[tuple[str, ...]] = []

    def poll() -> None:
        nonlocal cursor
        while True:
            last = stop.is_set()
            changes = desk.changes_since(cursor)
            cursor = changes.cursor
            seen.append(tuple(item.text for number in changes.ids for item in desk.get(number).comments))
            if last:
                return

    poller = threading.Thread(target=poll)
    poller.start()
    said = [(number, f"word {turn} of {number}") for turn in range(3) for number in ids]
    for number, text in said:
        bench.agent_reply(number, text)
    stop.set()
    poller.join(60)
    assert not poller.is_alive()
    assert {text for _, text in said} <= {text for texts in seen for text in texts}


def test_two_changes_within_a_second_are_two(bench: Bench, desk: Desk) -> None:
    made = desk.create(a_query()).id
    cursor = desk.changes_since("").cursor
    for turn in range(4):
        bench.agent_reply(made, f"turn {turn}")
        changes = desk.changes_since(cursor)
        assert changes.ids == (made,)
        cursor = changes.cursor
    assert desk.changes_since(cursor).ids == ()


def test_a_cursor_of_somebody_else_is_refused(desk: Desk) -> None:
    for cursor in ("2026-01-01", "[]"):
        with pytest.raises(DeskRefusedError):
            desk.changes_since(cursor)


# --- gone ---


def test_what_is_not_there_is_said(desk: Desk) -> None:
    for number in ("999999", "../user/1", ""):
        with pytest.raises(NotAtDeskError):
            desk.get(number)
        with pytest.raises(NotAtDeskError):
            desk.add_comment(number, a_comment("nobody hears this"))
        with pytest.raises(NotAtDeskError):
            desk.set_status(number, DeskStatus.RESOLVED)
        if desk.capabilities().priorities:
            with pytest.raises(NotAtDeskError):
                desk.set_priority(number, 1)
        if desk.capabilities().files:
            with pytest.raises(NotAtDeskError):
                desk.fetch_file(number, "1")


def test_what_was_removed_is_gone(bench: Bench, desk: Desk) -> None:
    query = a_query()
    made = desk.create(query)
    bench.agent_removes(made.id)
    with contextlib.suppress(NotAtDeskError):
        assert desk.get(made.id).status is DeskStatus.DELETED
    assert desk.find_by_ref(query.ref) is None
