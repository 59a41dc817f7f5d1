"""Small public texts ask the gate too: names of those who join, lines of thanks, where somebody has a problem, tags."""

from flask import request
from flask_babel import gettext as _

from community.core import small_texts
from community.core.policies import Actor
from community.core.small_texts import Answer, Small
from community.forum.composing import gates
from community.forum.composing.gates import Outcome, Verdict, Way, Writing


def _ask(who: Actor, small: Small) -> Answer:
    """What would be looked at first is refused, for none of these can wait."""
    about = Writing(
        who=who.id or 0,
        kind=Way.LINE,
        body=small.text,
        space_id=small.space_id,
        before=small.before,
        ip=request.remote_addr or "",
    )
    verdict = gates.ask(who, about)
    if not verdict.goes:
        return Answer(small.text, verdict.message if verdict.outcome == Outcome.REFUSE else _cannot_wait(verdict))
    verdict.published()
    return Answer(verdict.body_of(small.text))


def _cannot_wait(verdict: Verdict) -> str:
    if verdict.rule == "newcomer_links":
        return _("Links of people who are new are looked at first, which is not done here. Please leave the link out.")
    return _("“%(word)s” is looked at first, which is not done here. Please say it differently.", word=verdict.why)


small_texts.register(_ask)
