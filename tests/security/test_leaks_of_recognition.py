"""Check-lists and letters of recognition: whatever address there is, nobody reads of them whom they do not concern."""

import pytest
from flask import Flask
from sqlalchemy import delete

from community.accounts.models import SUPER_USER, Grant
from community.core.db import db
from tests.conftest import LoginAs, RunJobs
from tests.security.visiting import every_address, known, seen_by
from tests.security.world import ACTORS, build

LISTS = ("Canary check-list", "Canary item", "Canary lesson", "Canary exercise")
LETTERS = ("Canary employer", "Canary words of letter", "Canary words of signed_letter")
READER = ("Canary reader",)  # with whom somebody shares theirs: nobody else's business
INSIDE = {*LISTS}
READ = {
    "mod": INSIDE,
    "farmod": INSIDE,
    "agent": {"Canary exercise"},  # another would like to show it
    "member": {*LETTERS, *READER},
    "manager": {*LISTS, *LETTERS},
    "admin": {*LISTS, *LETTERS},
}


@pytest.mark.parametrize("actor", [*ACTORS, "former"])
def test_nobody_reads_of_them_whom_they_do_not_concern(
    app: Flask, actor: str, login_as: LoginAs, run_jobs: RunJobs
) -> None:
    world = build("mod" if actor == "former" else actor, login_as)
    run_jobs()
    if actor == "former":
        db.session.execute(delete(Grant).where(Grant.kind == SUPER_USER))
    client = app.test_client()
    if world.cookie:
        client.set_cookie("isthmus", world.cookie)
    wanted = ("check-list", "letters", "/inner", "/programme", "/my/", "/people/<", "/notifications", "/super-users")
    addresses = every_address(app, known(), wanted)
    db.session.commit()
    found = seen_by(client, [*addresses, "/", "/search?q=canary"], (*LISTS, *LETTERS, *READER))
    expected = READ.get(actor, set())
    if actor == "former":
        found = {word: [path for path in paths if path != "/notifications"] for word, paths in found.items()}
        found = {word: paths for word, paths in found.items() if paths}
    assert set(found) == expected, {word: found.get(word) for word in set(found) ^ set(expected)}


def test_whoever_has_the_address_reads_that_letter_and_nothing_else(app: Flask, login_as: LoginAs) -> None:
    world = build("anonymous", login_as)
    db.session.commit()
    path = f"/letters/shared/{world.tokens['letter']}"
    found = seen_by(app.test_client(), [path], (*LISTS, *LETTERS, *READER))
    assert set(found) == {"Canary employer", "Canary words of signed_letter"}
