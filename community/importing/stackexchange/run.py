"""One run over a dump, from its folder to a summary."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from community.core import events
from community.core.db import db, transaction
from community.importing.events import CommunityImported
from community.importing.models import ImportedTag
from community.spaces.models import Space

from . import comments, facts, history, people, posts, votes
from .arranging import arrange
from .convert import file_words, handle_of, one_line
from .reading import Row, read_rows
from .summary import Summary
from .writing import Mapping, Target, batches, known, remember

Report = Callable[[str, int, int], None]
NEEDED = ("Users", "Posts")
LONGEST_SLUG = 40
TAGS_OFFERED = 12


class NotADumpError(Exception):
    """The folder is not a data dump; the message is one line for an operator."""


@dataclass(frozen=True)
class Step:
    """One pass over one file: what it is called, and what writes a batch of its rows."""

    file: str
    label: str
    write: Callable[[Target, Sequence[Row]], None]


STEPS = (
    Step("Users", "Users", people.write_users),
    Step("Tags", "Tags", facts.write_tags),
    Step("PostHistory", "PostHistory", history.stage),
    Step("Posts", "Posts (questions)", posts.write_questions),
    Step("Posts", "Posts (answers)", posts.write_answers),
    Step("Posts", "Posts (tags)", facts.write_tag_texts),
    Step("Comments", "Comments", comments.write_comments),
    Step("Votes", "Votes", votes.write_votes),
    Step("PostLinks", "PostLinks", facts.write_links),
    Step("Badges", "Badges", people.write_badges),
)


def import_stackexchange(folder: Path, *, space: str | None, report: Report) -> Summary:
    """Import the dump in `folder` into the space of this name, by default the folder's.

    Commits after each 500 rows; running it again continues, or changes nothing. `report` gets the name of a
    step, how far it is and how far it goes. Raises NotADumpError, or MalformedDumpError at the first fault.
    Runs in an application context, outside any transaction.
    """
    files = _files(folder)
    with transaction():
        target = _target(folder, space)
    for step in STEPS:
        if step.file in files:
            _run(step, files[step.file], target, report)
    history.keep_rest(target)
    arrange(target, lambda done, total: report("Threads", done, total))
    for name in sorted({step.file for step in STEPS} - files.keys()):
        target.summary.skip(name, "the file is not in the folder")
    _announce(target)
    return target.summary


def _files(folder: Path) -> dict[str, Path]:
    names = {step.file for step in STEPS}
    files = {name: folder / f"{name}.xml" for name in names if (folder / f"{name}.xml").is_file()}
    missing = [f"{name}.xml" for name in NEEDED if name not in files]
    if missing:
        raise NotADumpError(f"{folder} is not a Stack Exchange data dump: {' and '.join(missing)} not found")
    return files


def _run(step: Step, path: Path, target: Target, report: Report) -> None:
    rows = read_rows(path, lambda done, total: report(step.label, done, total))
    for batch in batches(_identified(rows)):
        step.write(target, batch)


def _identified(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield rows that have a number; a row without one cannot be found again."""
    for row in rows:
        row.required("Id")
        yield row


def _target(folder: Path, name: str | None) -> Target:
    source = f"stackexchange:{handle_of(folder.resolve().name, 50) or 'dump'}"
    target = Target(source, 0, Summary())
    wanted = one_line(name or file_words(folder.resolve().name), 80) or "Imported"
    before = known(target, "space", ["0"]).get("0")
    if before is not None:
        found = db.session.get_one(Space, before)
        if name is not None and wanted not in (found.name, found.slug):
            raise NotADumpError(f"{folder} was imported into {found.name!r} before; it cannot go to {wanted!r} too")
    else:
        found = _space(wanted)
        remember(target, [Mapping("space", "0", found.id)])
    return Target(source, found.id, Summary(space=found.name))


def _space(name: str) -> Space:
    slug = handle_of(name, LONGEST_SLUG)
    found = db.session.scalar(select(Space).where((Space.name == name) | (Space.slug == name)))
    if found is None:
        found = Space(name=name, slug=_free_slug(slug or "imported"), run_by="user")
        db.session.add(found)
        db.session.flush()
    return found


def _free_slug(slug: str) -> str:
    taken = set(db.session.scalars(select(Space.slug).where(Space.slug.startswith(slug[: LONGEST_SLUG - 4]))))
    choices = [slug, *(f"{slug[: LONGEST_SLUG - 4]}-{number}" for number in range(2, 1000))]
    return next(choice for choice in choices if choice not in taken)


def _announce(target: Target) -> None:
    done = target.summary.imported
    if not target.summary.changed:
        return
    with transaction():
        _offer_tags(target.space_id)
        events.record(
            CommunityImported(
                space_id=target.space_id,
                source=target.source,
                threads=done["questions"],
                replies=done["answers"] + done["comments"],
                members=done["users"],
            )
        )


def _offer_tags(space_id: int) -> None:
    """Let a space that names no tags offer its commonest ones."""
    space = db.session.get_one(Space, space_id)
    if not space.tags:
        commonest = (
            select(ImportedTag.name)
            .where(ImportedTag.space_id == space_id, ImportedTag.number > 0)
            .order_by(ImportedTag.number.desc(), ImportedTag.name)
            .limit(TAGS_OFFERED)
        )
        space.tags = list(db.session.scalars(commonest))
