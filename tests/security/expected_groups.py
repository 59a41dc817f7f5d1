"""Who may do what with groups: the one is seen by all and open, the other hidden. Whoever asks is in neither."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.security.expected import RUN, Route, a_space, anybody, one_of, runs
from tests.security.world import Thing, World


def a_group(_world: World, thing: Thing) -> Mapping[str, Any]:
    return {"slug": "secret-team" if thing.kind == "inner" else "team"}


BOTH = ("others", "inner")
form = {
    "name": "New",
    "joining": "request",
    "visibility": "everybody",
    "list_visibility": "everybody",
    "mentionable": "members",
}
run = Route(may=one_of(*RUN), things=BOTH, args=a_group)
rights = Route(may=one_of(*RUN), things=BOTH, args=a_space, data={"start_by": "members", "reply_by": "members"})

GROUPS: dict[tuple[str, str], Route] = {
    ("GET", "groups.index"): anybody,
    ("GET", "groups.page"): Route(
        public=True, may=lambda a, t: t.kind != "inner" or a in RUN, things=BOTH, args=a_group
    ),
    ("POST", "groups.join"): Route(may=lambda a, t: t.kind != "inner", things=BOTH, args=a_group),
    ("POST", "groups.leave"): Route(may=one_of(), things=BOTH, args=a_group),
    ("POST", "groups.invite"): replace(run, data={"person": "other"}),
    ("POST", "groups.decide"): replace(
        run, args=lambda w, t: {**a_group(w, t), "handle": "stranger", "verb": "remove"}
    ),
    ("GET", "groups.new"): runs,
    ("POST", "groups.new"): Route(may=one_of(*RUN), data={**form, "slug": "fresh"}),
    ("GET", "groups.edit"): run,
    ("POST", "groups.edit"): replace(run, data=form),
    ("POST", "groups.delete"): run,
    ("GET", "mentions.inbox"): Route(may=one_of(), things=BOTH, args=a_group),
    ("POST", "mentions.handle"): Route(
        may=one_of(), args=lambda w, t: {"slug": "team", "mention_id": w.ids["mention"], "verb": "take"}
    ),
    ("GET", "group_rights.table"): rights,
    ("POST", "group_rights.table"): rights,
}
