"""What waits, what was given up, and trying it again."""

from flask import Flask

from community.core.db import db, utcnow
from community.core.jobs import MAX_ATTEMPTS, Delivery
from tests.conftest import LoginAs
from tests.factories import a_member, a_thread


def a_dead_delivery(handler: str = "community.core.email.send") -> Delivery:
    """A task that was given up."""
    delivery = Delivery(
        handler=handler,
        state="dead",
        attempts=MAX_ATTEMPTS,
        run_at=utcnow(),
        error="ConnectionRefusedError: <b>no server</b>",
        args={},
    )
    db.session.add(delivery)
    db.session.flush()
    return delivery


def test_the_overview_counts(app: Flask, login_as: LoginAs) -> None:
    a_member("mia", role="manager")
    a_thread()
    a_dead_delivery()
    visitor = login_as("mia")
    visitor.get("/admin")
    assert "1 task was given up" in visitor.text
    assert "An admin can see why" in visitor.text


def test_a_dead_delivery_is_shown_and_tried_again(app: Flask, login_as: LoginAs) -> None:
    a_member("ada", role="admin")
    first, second = a_dead_delivery(), a_dead_delivery()
    visitor = login_as("ada")
    visitor.get("/admin/deliveries")
    assert "ConnectionRefusedError: <b>no server</b>" in visitor.text
    assert "tried 8 times" in visitor.text
    visitor.submit(f"/admin/deliveries/{first.id}/retry")
    assert (first.state, first.attempts, second.state) == ("due", 0, "dead")
    visitor.post(f"/admin/deliveries/{first.id}/retry", {}, status=404)


def test_all_are_tried_again(app: Flask, login_as: LoginAs) -> None:
    a_member("ada", role="admin")
    rows = [a_dead_delivery() for _ in range(3)]
    visitor = login_as("ada")
    visitor.get("/admin/deliveries")
    visitor.submit("/admin/deliveries/retry")
    assert "3 tasks are being tried again" in visitor.text
    assert {row.state for row in rows} == {"due"}
    assert "Nothing was given up" in visitor.text
