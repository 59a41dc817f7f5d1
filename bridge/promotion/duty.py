"""When the last one on duty leaves, rules that ask for it are looked at again; and countdowns, for who is on duty."""

from flask import render_template
from sqlalchemy import select

from community import public
from community.core.cache import cache
from community.core.db import db, utcnow
from community.core.jobs import every
from community.core.policies import Actor
from community.core.slots import fill

from .models import ThreadWatch
from .watches import look_again

REMEMBERED = 24 * 3600
MOST_SHOWN = 5


@every(minutes=5)
def look_when_nobody_is_there() -> None:
    """Turns end, people go away and rights run out without a fact: look at the threads of spaces that are alone now.

    What was seen last is only remembered, so that a space is not looked at again and again; to forget it does no harm.
    """
    space_ids = sorted(set(db.session.scalars(select(ThreadWatch.space_id).distinct())))
    there = public.on_duty_in(space_ids, utcnow())
    for space_id in space_ids:
        key, somebody = f"duty-seen:{space_id}", bool(there.get(space_id))
        if not somebody and cache().get(key) is not False:
            look_again(space_id, utcnow())
        cache().set(key, somebody, timeout=REMEMBERED)


@fill("duty.waiting")
def countdowns(*, actor: Actor, **_others: object) -> str:
    """Threads in the actor's spaces that go to the desk by themselves unless somebody answers, the next one first."""
    wanted = select(ThreadWatch).where(ThreadWatch.due_at > utcnow(), ThreadWatch.space_id.in_(sorted(actor.leads_in)))
    watches = db.session.scalars(wanted.order_by(ThreadWatch.due_at).limit(MOST_SHOWN)).all() if actor.leads_in else []
    threads = public.threads_visible_to(actor, [watch.thread_id for watch in watches]) if watches else {}
    rows = [(threads[watch.thread_id], watch.due_at) for watch in watches if watch.thread_id in threads]
    return render_template("bridge/countdowns.html", rows=rows) if rows else ""
