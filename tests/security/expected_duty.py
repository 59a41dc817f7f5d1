"""Who may do what with rosters, swaps and absences; in this world mod has a turn, and was asked to take another's."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.security.expected import (
    MODERATORS,
    STAFF,
    Route,
    a_space,
    fixed,
    numbered,
    one_of,
    oversees,
    runs,
    signed_in,
)
from tests.security.world import Thing, World

helps = Route(may=one_of("mod", "farmod", *STAFF))
plans = Route(may=one_of(*MODERATORS), things=("others", "inner"), args=a_space)
planned = Route(may=one_of(*MODERATORS), args=lambda world, thing: {"slug": "home", "turn_id": world.ids["own_turn"]})
typed = {"weekday": "0", "begins": "09:00", "ends": "10:00", "backup": ""}
asked = Route(may=one_of("mod"), args=numbered("swap_id", "swap"))
nobody = one_of()


def own_turn(world: World, _thing: Thing) -> Mapping[str, Any]:
    """The next day of a turn of mod's."""
    return {"turn_id": world.ids["own_turn"], "on": world.tokens["own_turn_on"]}


DUTY: dict[tuple[str, str], Route] = {
    ("GET", "rosters.week"): oversees,
    ("GET", "rosters.new"): plans,
    ("POST", "rosters.new"): replace(plans, data=typed, good=422),
    ("GET", "rosters.edit"): planned,
    ("POST", "rosters.edit"): replace(planned, data=typed, good=422),
    ("POST", "rosters.remove"): planned,
    ("POST", "rosters.zone"): replace(plans, data={"zone": "Asia/Shanghai"}),
    ("GET", "swaps.ask"): Route(may=one_of("mod"), args=own_turn),
    ("POST", "swaps.ask"): Route(may=one_of("mod"), args=own_turn, data={"asked": "", "back": ""}, good=422),
    ("POST", "swaps.accept"): asked,
    ("POST", "swaps.refuse"): asked,
    ("POST", "swaps.withdraw"): replace(asked, may=nobody),
    ("GET", "my_duty.page"): helps,
    ("POST", "my_duty.write_down"): replace(helps, args=fixed(minutes=15)),
    ("POST", "my_duty.take_back"): replace(helps, may=nobody, args=numbered("entry_id", "hours")),
    ("GET", "my_duty.concerns"): runs,
    ("POST", "my_duty.spoken"): replace(runs, args=numbered("concern_id", "concern"), data={"next": "/programme"}),
    ("GET", "away_pages.index"): signed_in,
    ("POST", "away_pages.index"): replace(signed_in, data={"first": "2026-12-24", "last": ""}),
    ("POST", "away_pages.remove"): Route(may=nobody, args=numbered("absence_id", "absence")),
    ("POST", "away_pages.connect"): replace(signed_in, data={"url": "https://example.org/x.ics"}),
    ("POST", "away_pages.disconnect"): signed_in,
    ("GET", "duty_feeds.own"): Route(public=True, args=fixed(token="x"), good=404),
    ("GET", "duty_feeds.of_space"): Route(public=True, args=fixed(token="x", slug="home"), good=404),
    ("GET", "duty_feeds.of_roster"): oversees,
}
