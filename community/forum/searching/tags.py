"""Searches that members keep follow a tag that became another word for a main tag."""

from dataclasses import replace

from sqlalchemy import select

from community.core.db import db
from community.core.events import Fact, subscribe
from community.core.search.query import MAX_LENGTH, parse_query, written

from ..tagging.events import TagMerged
from .saved import SavedSearch


@subscribe(TagMerged)
def look_for_main_tag(event: TagMerged, _fact: Fact) -> None:
    """Searches for the tag look for the main one; where their member keeps that search already, one of them stays."""
    named = SavedSearch.query.contains(f"tag:{event.tag}", autoescape=True)
    for saved in db.session.scalars(select(SavedSearch).where(named).with_for_update()).all():
        query = parse_query(saved.query)
        if event.tag not in query.tags:
            continue
        names = dict.fromkeys(event.main if tag == event.tag else tag for tag in query.tags)
        text = written(replace(query, tags=tuple(names)))[:MAX_LENGTH].strip()
        same = SavedSearch.member_id == saved.member_id, SavedSearch.query == text
        if db.session.scalar(select(SavedSearch.id).where(*same)) is None:
            saved.query = text
        else:
            db.session.delete(saved)
        db.session.flush()
