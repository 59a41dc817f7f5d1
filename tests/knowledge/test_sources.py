"""The article that a thread is the source of."""

from flask import Flask

from community import public
from knowledge.articles import operations, queries
from tests.factories import a_member, a_thread


def test_a_second_draft_of_a_thread_is_the_first(app: Flask) -> None:
    thread = a_thread()
    snapshot, (opening, answer) = public.thread_snapshot(thread.id), public.opening_and_answer(thread.id)
    assert snapshot is not None
    assert queries.source_article(thread.id) is None
    made = [operations.draft_from_thread(snapshot, opening, answer, a_member().id) for _time in range(2)]
    assert made[0].id == made[1].id
    assert queries.source_article(thread.id) is made[0]
    assert queries.source_thread_id(made[0].id) == thread.id
