"""In which version and at which site those who have a problem too meet it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import BindParameter, Executable, bindparam, func, literal, select, union_all, update

from community.core.db import db
from community.core.policies import Actor

from ..models import HaveToo, Thread

LONGEST = 60
Named = tuple[str, int, str]


@dataclass(frozen=True)
class Affected:
    """How many named which version and which site, most named first; and what the reader said of their own."""

    versions: tuple[tuple[str, int], ...] = ()
    sites: tuple[tuple[str, int], ...] = ()
    my_version: str = ""
    my_site: str = ""

    def __bool__(self) -> bool:
        """Whether anybody named any."""
        return bool(self.versions or self.sites)


NOTHING = Affected()


def describe(thread: Thread, *, member_id: int, version: str, site: str) -> bool:
    """Say in which version and where one has it, in place of what one said before; whether one has it at all."""
    said = (
        update(HaveToo)
        .where(HaveToo.thread_id == thread.id, HaveToo.member_id == member_id)
        .values(version=version, site=site)
        .returning(HaveToo.member_id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(said) is None:
        return False
    if version or site:
        thread.affected_named = True
    thread.touch()
    return True


_here: BindParameter[int] = bindparam("thread_id")
_me: BindParameter[int] = bindparam("member_id")
_named = [
    select(literal(kind), func.count(), column).where(HaveToo.thread_id == _here, column != "").group_by(column)
    for kind, column in (("version", HaveToo.version), ("site", HaveToo.site))
]
_own = [
    select(literal(kind), literal(1), column).where(HaveToo.thread_id == _here, HaveToo.member_id == _me)
    for kind, column in (("my version", HaveToo.version), ("my site", HaveToo.site))
]
_AFFECTED = union_all(*_named, *_own)


def affected_in(thread: Thread, actor: Actor) -> Affected:
    """What those who have it too said; nothing is asked of the database where nobody said anything."""
    if not thread.affected_named:
        return NOTHING
    return _affected(_rows(_AFFECTED, thread_id=thread.id, member_id=actor.id or 0))


def affected_details(thread_ids: Iterable[int]) -> Affected:
    """The same of several threads together, whoever asks; who has two of them counts in each."""
    wanted = list(thread_ids)
    if not wanted:
        return NOTHING
    named = [
        select(literal(kind), func.count(), column).where(HaveToo.thread_id.in_(wanted), column != "").group_by(column)
        for kind, column in (("version", HaveToo.version), ("site", HaveToo.site))
    ]
    return _affected(_rows(union_all(*named)))


def _rows(statement: Executable, **values: object) -> list[Named]:
    return [(row[0], row[1], row[2]) for row in db.session.execute(statement, values)]


def _affected(rows: list[Named]) -> Affected:
    mine = {kind: text for kind, _number, text in rows if kind.startswith("my ")}
    return Affected(
        _counted(rows, "version"), _counted(rows, "site"), mine.get("my version", ""), mine.get("my site", "")
    )


def _counted(rows: list[Named], kind: str) -> tuple[tuple[str, int], ...]:
    """Words that differ in case only are one, written as most wrote it."""
    counts: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for found, number, text in rows:
        if found == kind:
            counts[text.casefold()] += number
            written.setdefault(text.casefold(), Counter())[text] += number
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((min(written[key], key=lambda text: (-written[key][text], text)), number) for key, number in ranked)
