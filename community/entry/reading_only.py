"""Networks from which people read and nobody writes."""

from flask import current_app, request
from werkzeug.exceptions import Forbidden

from community.accounts.entering.models import Effect
from community.accounts.entering.rules import effect_on_network
from community.core.policies import actor

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
# One may always come, go, and put one's own account in order.
ALWAYS = ("accounts.", "notifications.", "web.")


def stop_writing() -> None:
    """Refuse what would change something, from a network that reads only. Staff is never shut out."""
    who = actor()
    if request.method not in WRITES or not who.is_member or who.is_staff:
        return
    endpoint = request.endpoint or ""
    if endpoint not in current_app.view_functions or endpoint.startswith(ALWAYS):
        return
    if effect_on_network(request.remote_addr or "") == Effect.READ_ONLY:
        raise Forbidden
