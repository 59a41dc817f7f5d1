"""What happens in the demo world beside threads and replies: told in `features.toml`, done at its own time."""

from functools import partial

from . import among, appointed, deviations, duty, entry, learning, places, reports, spam, talks, teams, threads
from .loading import Act, World, read

STEPS = {
    **threads.STEPS,
    **reports.STEPS,
    **places.STEPS,
    **talks.STEPS,
    **teams.STEPS,
    **duty.STEPS,
    **deviations.STEPS,
    **among.STEPS,
    **appointed.STEPS,
    **learning.STEPS,
    **entry.STEPS,
    **spam.STEPS,
}


def acts(world: World) -> list[Act]:
    """Everything that is told, in the order in which it is told."""
    told = read("community.demo", "features.toml")["act"]
    return [Act(world.ago(each["hours_ago"]), partial(STEPS[each["kind"]], world, each)) for each in told]
