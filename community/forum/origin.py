"""Which space somebody comes from who begins a thread: named in the address, else that of the page before."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from flask import request

from community.core.policies import actor

from . import queries

SPACE = re.compile(r"/spaces/([\w-]+)")
THREAD = re.compile(r"/threads/(\d{1,9})$")


def came_from(slugs: Collection[str]) -> str:
    """The slug of the space that one comes from, where it is one of these; otherwise nothing."""
    slug = request.args.get("space") or _space_of_page_before()
    return slug if slug in slugs else ""


def _space_of_page_before() -> str:
    path = urlsplit(request.referrer or "").path
    if of_space := SPACE.match(path):
        return of_space.group(1)
    of_thread = THREAD.match(path)
    thread = queries.thread_for(actor(), int(of_thread.group(1))) if of_thread else None
    return thread.space.slug if thread else ""
