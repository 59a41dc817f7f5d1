"""A list as one reader is shown it: its words, its form, its addresses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from community.core.addresses import address
from community.core.paging import Page
from community.core.policies import actor
from community.spaces.models import Space

from ..pages import ThreadRow
from .queries import KINDS, LISTS, MARKED, STATES, WRITTEN_IN, Narrowed, ThreadList


@dataclass(frozen=True)
class Choice:
    """A field of the form that narrows: what is offered, what was chosen, and the word for everything."""

    name: str
    label: str
    offered: Iterable[tuple[str, LazyString | str]]
    chosen: str
    everything: str = ""


@dataclass(frozen=True)
class View:
    """A page of a list. `spaces` are those that may be chosen: none where the address names one. `at` is now."""

    listed: ThreadList
    asked: Narrowed
    page: Page[ThreadRow]
    path: str
    title: LazyString | str
    text: LazyString | str
    at: datetime
    spaces: Sequence[Space] = ()

    @property
    def query(self) -> dict[str, str]:
        """What the form says; the space of the address is no part of it."""
        return {key: value for key, value in self.asked.query.items() if key != "space" or self.spaces}

    def url(self, number: int) -> str:
        """A page's one address, whatever order or empty fields the present one came with."""
        query = self.query | ({"page": str(number)} if number > 1 else {})
        return f"{self.path}?{urlencode(query)}" if query else self.path

    @property
    def canonical(self) -> str:
        """The address of the page shown."""
        return self.url(self.page.number)

    @property
    def previous(self) -> str:
        """The page before, "" where there is none."""
        return self.url(self.page.number - 1) if self.page.number > 1 else ""

    @property
    def following(self) -> str:
        """The page after, "" where there is none."""
        return self.url(self.page.number + 1) if self.page.number < self.page.pages else ""

    @property
    def feed(self) -> str:
        """Where the same comes as a feed; "" for what is only some people's."""
        space, query = self.asked.space, self.asked.query
        if self.listed.own or self.asked.marked or (space is not None and not space.is_open):
            return ""
        if self.listed.name == "threads" and not query:
            return address("feeds.space")
        if self.listed.name == "threads" and space is not None and len(query) == 1:
            return address("feeds.space", slug=space.slug)
        if self.listed.name == "threads" and self.asked.tag and len(query) == 1:
            return address("feeds.tag", tag=self.asked.tag)
        return address("feeds.of_list", name=self.listed.name, **query)

    @property
    def choices(self) -> list[Choice]:
        """The fields of the form; what the list fixes by itself is not asked."""
        listed, asked = self.listed, self.asked
        found = []
        if self.spaces:
            offered = [(space.slug, space.name) for space in self.spaces]
            found.append(Choice("space", _("Space"), offered, asked.space.slug if asked.space else "", _("All spaces")))
        if not (listed.fixed.kind or listed.fixed.state):
            found.append(Choice("kind", _("Kind"), KINDS.items(), asked.kind, _("All kinds")))
        if not listed.fixed.state:
            states = [(key, word) for key, word in STATES.items() if key]
            found.append(Choice("state", _("State"), states, asked.state, _("All states")))
        found.append(Choice("language", _("Written in"), WRITTEN_IN.items(), asked.language, _("All languages")))
        if actor().is_member:
            found.append(Choice("marked", _("Bookmarks"), MARKED.items(), asked.marked, _("All threads")))
        found.append(Choice("order", _("Sort by"), listed.orders.items(), asked.order or listed.order))
        return found

    @property
    def completes(self) -> bool:
        """Whether tags are offered while somebody types one; only members may ask for them."""
        return actor().is_member

    @property
    def tabs(self) -> list[ThreadList]:
        """The lists that stand beside each other, for whoever asks."""
        return [listed for listed in LISTS.values() if listed.tab and (actor().is_member or not listed.own)]
