"""Two who take one name in the same moment: the second is told beside the field, whatever bears the name."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from community.core.db import db
from community.groups.models import Group
from community.organisations.models import Organisation
from community.spaces.models import Space
from community.superusers.inner.experts.models import ExpertPool
from tests.community.moderation.gates.test_at_once import at_once
from tests.conftest import LoginAs
from tests.factories import a_member

TAKEN = "This short name is taken."
FORMS = {
    "space": ("/admin/spaces", "community.spaces.forms.slug_is_free", TAKEN),
    "organisation": ("/admin/organisations", "community.organisations.forms.name_is_free", "has this name"),
    "group": ("/groups", "community.groups.forms.slug_is_free", TAKEN),
}

OTHERWISE = {"organisation": {"slug": "acme-two"}}  # what the second types otherwise, for both is unique


@pytest.mark.parametrize("what", FORMS)
def test_the_second_is_told_beside_the_field(
    app: Flask, login_as: LoginAs, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    a_member("mia", role="manager")
    mia = login_as("mia")
    path, check, said = FORMS[what]
    typed = {"name": "Acme", "slug": "acme"}
    mia.get(f"{path}/new")
    mia.submit("main form[method=post]", **typed)
    before = number_of_rows(what)
    asked = first_says_free(check, monkeypatch)
    mia.get(f"{path}/new")
    mia.submit("main form[method=post]", status=422, **(typed | OTHERWISE.get(what, {})))
    assert said in mia.text
    assert mia.select(".error")
    assert len(asked) == 2
    assert number_of_rows(what) == before == 1
    mia.submit("main form[method=post]", name="Other", slug="other")
    assert number_of_rows(what) == 2


def first_says_free(check: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """As if the first one had not committed when the second was looked at: whom that was asked about."""
    module, _dot, name = check.rpartition(".")
    real: Callable[..., bool] = getattr(__import__(module, fromlist=[name]), name)
    asked: list[str] = []

    def at_first_free(value: str, **but: Any) -> bool:
        asked.append(value)
        return len(asked) == 1 or real(value, **but)

    monkeypatch.setattr(check, at_first_free)
    return asked


def number_of_rows(what: str) -> int:
    db.session.expire_all()
    tables: dict[str, Any] = {"space": Space, "organisation": Organisation, "group": Group}
    return db.session.scalar(select(func.count()).select_from(tables[what])) or 0


def test_two_pools_renamed_to_one_name_at_once(app: Flask, login_as: LoginAs) -> None:
    for handle in ("mia", "max", "jo"):
        a_member(handle, role="manager")
    pools = [ExpertPool(name=name) for name in ("Wires", "Radio")]
    db.session.add_all(pools)
    db.session.flush()
    typed = {"name": "Network", "about": "", "tags": "", "people": "@jo"}
    asked = [
        (login_as(who), f"/inner/experts/pools/{pool.id}", typed)
        for who, pool in zip(("mia", "max"), pools, strict=True)
    ]
    assert sorted(at_once(app, asked)) == [302, 422]
    names = {pool.name for pool in db.session.scalars(select(ExpertPool))}
    assert len(names) == 2
    assert "Network" in names
