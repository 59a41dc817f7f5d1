"""Who may do what among super users: a gathering, a question and an invitation that only staff have to do with."""

from dataclasses import replace

from tests.security.expected import RUN, STAFF, Route, fixed, numbered, one_of
from tests.security.world import World

INSIDE = one_of(*STAFF, "mod", "farmod")
STAFF_ONLY = one_of(*STAFF)
inside = Route(may=INSIDE)
staffed = Route(may=STAFF_ONLY)
# The agent called it, and managers see them all.
gathering = Route(may=STAFF_ONLY, args=numbered("gathering_id", "gathering"))
# The agent is the expert, and managers see them all.
question = Route(may=STAFF_ONLY, args=numbered("question_id", "expert_question"))
pool = Route(may=one_of(*RUN), args=numbered("pool_id", "pool"))
offer = Route(may=INSIDE, args=numbered("offer_id", "offer"))
called = {"title": "A gathering", "agenda": "What there is", "event_starts": "2030-01-02T10:00", "event_zone": "UTC"}
offered = {"kind": "test", "title": "An invitation", "body": "What there is to try", "places": "3"}
pooled = {"name": "Another pool", "people": "@agent"}


def _follow_up(world: World, _thing: object) -> dict[str, int]:
    return {"gathering_id": world.ids["gathering"], "row_id": world.ids["follow_up"]}


INNER: dict[tuple[str, str], Route] = {
    ("GET", "inner.index"): inside,
    ("POST", "inner.make"): Route(may=one_of(*RUN)),
    # There is no inner space in this world.
    ("GET", "inner.tell_early"): Route(may=one_of()),
    ("POST", "inner.tell_early"): Route(may=one_of()),
    ("GET", "gatherings.index"): inside,
    ("GET", "gatherings.new"): staffed,
    ("POST", "gatherings.new"): replace(staffed, data=called),
    ("GET", "gatherings.page"): gathering,
    ("GET", "gatherings.event"): gathering,
    ("GET", "gatherings.edit"): gathering,
    ("POST", "gatherings.edit"): replace(gathering, data=called),
    ("POST", "gatherings.cancel"): gathering,
    ("POST", "gatherings.attendance"): replace(gathering, data={"there": "1"}),
    ("POST", "gatherings.follow"): replace(gathering, data={"text": ""}, good=422),
    ("POST", "gatherings.settle"): replace(gathering, args=_follow_up),
    ("POST", "gatherings.answer"): replace(gathering, may=one_of("manager"), data={"answer": "yes"}),
    ("POST", "gatherings.share"): replace(gathering, may=one_of(), data={"body": "Material"}),
    ("GET", "gathering_feeds.own"): Route(public=True, args=fixed(token="x"), good=404),
    ("GET", "experts.index"): inside,
    ("GET", "experts.new_pool"): Route(may=one_of(*RUN)),
    ("POST", "experts.new_pool"): Route(may=one_of(*RUN), data=pooled),
    ("GET", "experts.pool"): pool,
    ("POST", "experts.pool"): replace(pool, data=pooled),
    ("GET", "experts.ask"): inside,
    ("POST", "experts.ask"): replace(inside, data={"title": ""}, good=422),
    ("GET", "experts.question"): question,
    ("POST", "experts.take"): replace(question, may=one_of("agent")),
    ("POST", "experts.give_back"): replace(question, may=one_of()),  # nobody has taken it
    ("POST", "experts.answer"): replace(question, may=one_of(), data={"body": "An answer"}),
    ("GET", "experts.publish"): replace(question, may=one_of()),
    ("POST", "experts.publish"): replace(question, may=one_of(), data={"body": "An answer"}),
    ("GET", "offers.index"): inside,
    ("GET", "offers.new"): staffed,
    ("POST", "offers.new"): replace(staffed, data=offered),
    ("GET", "offers.page"): offer,
    ("GET", "offers.edit"): replace(offer, may=STAFF_ONLY),
    ("POST", "offers.edit"): replace(offer, may=STAFF_ONLY, data=offered),
    ("POST", "offers.sign_up"): offer,
    ("POST", "offers.withdraw"): offer,
    ("POST", "offers.end"): replace(offer, may=STAFF_ONLY),
    ("POST", "offers.tell"): replace(offer, may=one_of(), data={"rating": "3"}),  # nobody took part
    ("POST", "offers.thank"): replace(offer, may=one_of(), data={"line": "Thanks"}),  # it is not over
}
