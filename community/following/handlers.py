"""What following does after facts, as jobs."""

from community.core.events import Fact, subscribe
from community.forum.tagging.events import TagMerged

from .operations import move_tag


@subscribe(TagMerged)
def follow_main_tag(event: TagMerged, _fact: Fact) -> None:
    """Who followed a tag follows the one that it became part of."""
    move_tag(event.tag, event.main)
