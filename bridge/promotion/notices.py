"""Super users hear once that a rule is about to take a thread to the desk."""

from flask_babel import lazy_gettext as _l

from community import public
from community.core.db import utcnow
from community.core.events import Fact, subscribe

from .events import CountdownBegun
from .watches import watch_of

KIND = "promotion-countdown"
public.register_notification(
    KIND,
    _l("A thread of your space is about to go to the service desk"),
    sentence=_l("A rule takes this to the service desk soon, unless you step in"),
    why=_l("You get this mail because you are a super user of the space."),
    icon="clock",
    group="desk",
)


@subscribe(CountdownBegun)
def tell_super_users(event: CountdownBegun, fact: Fact) -> None:
    """Those of the thread's space who may read it, while there is still something to step into."""
    thread, watch = public.thread_snapshot(event.thread_id), watch_of(event.thread_id)
    if thread is None or watch is None or event.rule not in watch.noticed:
        return
    asked = public.super_users_of([thread.space.id], utcnow()).get(thread.space.id, set())
    readers = public.readers_of(thread.id, asked)
    public.notify(fact.id, KIND, readers, thread.title, thread.url, event.actor_id, thread_id=thread.id)
