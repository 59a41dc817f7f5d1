"""Facts about tags."""

from dataclasses import dataclass

from community.core.events import Event


@dataclass(frozen=True, kw_only=True)
class TagEvent(Event):
    """Something about a tag."""

    subject = "tag"
    tag: str


@dataclass(frozen=True, kw_only=True)
class TagEdited(TagEvent):
    """What is said of a tag was changed."""

    name = "forum.tag.edited"


@dataclass(frozen=True, kw_only=True)
class TagMerged(TagEvent):
    """A tag is only another word for `main` from now on; its threads carry that one."""

    name = "forum.tag.merged"
    main: str


@dataclass(frozen=True, kw_only=True)
class TagSeparated(TagEvent):
    """A tag is a tag of its own again, on no thread at first."""

    name = "forum.tag.separated"
    main: str
