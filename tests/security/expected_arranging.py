"""The table of arranging threads, of editing and suggesting, and of news for later."""

from tests.security.expected import (
    MODERATORS,
    STAFF,
    Route,
    moderates,
    numbered,
    on_post,
    on_thread,
    one_of,
    owns,
    post_of,
    reads,
    reads_thread,
    signed_in,
    thread_of,
)
from tests.security.world import THINGS, Thing

UNUSABLE = 422
DECIDERS = one_of(*MODERATORS)
ANNOUNCERS = one_of(*STAFF)


def arranges(actor: str, thing: Thing) -> bool:
    """Super users of the place and staff, where they read it."""
    return actor in STAFF | {"mod"} and reads_thread(actor, thing)


def edits(actor: str, thing: Thing) -> bool:
    """Whoever wrote it, and moderators of the place."""
    return thing.kind != "reply" and (owns(actor, thing) or moderates(actor, thing))


def suggests(actor: str, thing: Thing) -> bool:
    """Whoever reads what others wrote, and cannot change it themselves."""
    if thing.kind in ("reply", "hidden") or actor in MODERATORS:
        return False
    return reads(actor, thing) and not owns(actor, thing)


refused = Route(may=arranges, things=THINGS, args=thread_of, good=UNUSABLE)
on_suggestion = Route(may=DECIDERS, args=numbered("suggestion_id", "suggestion"))
on_news = Route(may=ANNOUNCERS, args=numbered("news_id", "news"))

ARRANGING: dict[tuple[str, str], Route] = {
    ("GET", "arranging.pin"): on_thread(arranges),
    ("POST", "arranging.pin"): on_thread(arranges, reason="because"),
    ("POST", "arranging.unpin"): on_thread(arranges),
    ("GET", "arranging.move"): on_thread(arranges),
    ("POST", "arranging.move"): on_thread(arranges, reason="because", space="far"),
    ("GET", "arranging.split"): on_thread(arranges),
    ("POST", "arranging.split"): refused,
    ("GET", "arranging.merge"): on_thread(arranges),
    ("POST", "arranging.merge"): refused,
    ("GET", "arranging.duplicate"): on_thread(arranges),
    ("POST", "arranging.duplicate"): refused,
    ("POST", "arranging.no_duplicate"): on_thread(arranges),
    ("GET", "arranging.record"): on_thread(arranges),
    ("POST", "editing.restore"): Route(
        may=edits, things=THINGS, args=lambda world, thing: {**post_of(world, thing), "number": 1}
    ),
    ("GET", "suggesting.suggest"): on_post(suggests),
    ("POST", "suggesting.suggest"): on_post(suggests, body="Other words altogether", reason="better"),
    ("GET", "suggesting.waiting"): signed_in,
    ("GET", "suggesting.suggestion"): on_suggestion,
    ("POST", "suggesting.accept"): Route(may=DECIDERS, args=on_suggestion.args, data={"seen": "x"}, good=UNUSABLE),
    ("POST", "suggesting.refuse"): Route(may=DECIDERS, args=on_suggestion.args, data={"word": "because"}),
    ("POST", "suggesting.withdraw"): Route(may=one_of(), args=on_suggestion.args),
    ("GET", "scheduling.index"): Route(may=ANNOUNCERS),
    ("GET", "scheduling.new"): Route(may=ANNOUNCERS),
    ("POST", "scheduling.new"): Route(may=ANNOUNCERS, good=UNUSABLE),
    ("GET", "scheduling.edit"): on_news,
    ("POST", "scheduling.edit"): Route(may=ANNOUNCERS, args=on_news.args, data={"at": ""}, good=UNUSABLE),
    ("POST", "scheduling.publish"): on_news,
    ("POST", "scheduling.cancel"): on_news,
}
