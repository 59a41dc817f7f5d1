"""Profiles ask the gate too: how somebody is called and what they say about themselves, looked at first or refused."""

from collections.abc import Mapping
from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.accounts import profile_gate, profiles
from community.accounts.models import Member
from community.accounts.profile_gate import Answer, ProfileGate, Words
from community.core.db import db
from community.core.markup import render
from community.core.policies import Actor
from community.forum.composing import gates
from community.forum.composing.gates import Outcome, Verdict, Way, Writing
from community.forum.composing.timing import open_for

from . import held
from .held import Said
from .held_kinds import HeldKind, Waiting, register_held_kind

OF = "profile"


def _ask(who: Actor, before: Words, wanted: Words) -> Answer:
    about = Writing(
        who=who.id or 0,
        kind=Way.PROFILE,
        title=wanted.name,
        body=wanted.about,
        before=f"{before.name}\n{before.about}",
        open_for=open_for(),
        of=OF,
        ip=request.remote_addr or "",
    )
    verdict = gates.ask(who, about)
    if verdict.outcome == Outcome.REFUSE:
        return Answer(wanted, verdict.message, in_name=verdict.in_title)
    if verdict.goes:
        verdict.published()
    name = wanted.name if verdict.title is None else verdict.title
    words = Words(name, verdict.body_of(wanted.about))
    return Answer(words, hold=lambda: _hold(about, verdict, before, words)) if verdict.holds else Answer(words)


def _hold(about: Writing, verdict: Verdict, before: Words, words: Words) -> None:
    shown = render(words.about)
    typed = {"of": OF, "name": words.name, "about": words.about, "was": [before.name, before.about]}
    held.hold_back(about, verdict, Said(words.name, words.about, shown.html, shown.language), typed)
    flash(
        _("Somebody looks at your name and your text before others see them; you are told what they decide."),
        "wait",
    )


def _kept(member_id: int, held_id: int) -> Mapping[str, str]:
    typed = held.own_text(member_id, Way.PROFILE, OF, held_id)
    return {name: typed[name] for name in ("name", "about") if name in typed}


def _waits(member_id: int) -> str:
    return held.waiting_at(member_id, Way.PROFILE, OF)


def _member(waiting: Waiting) -> Member:
    return db.session.get_one(Member, waiting.member_id, with_for_update={"of": Member}, populate_existing=True)


def _fits(waiting: Waiting) -> bool:
    """Unless they changed their profile since: what they wrote last counts."""
    member = db.session.get_one(Member, waiting.member_id)
    return [member.name, member.about] == list(waiting.typed["was"])


def _publish(waiting: Waiting, _by_id: int) -> dict[str, Any]:
    profiles.say(_member(waiting), Words(waiting.typed["name"], waiting.typed["about"]))
    return {"shown": True}


def _stands(waiting: Waiting) -> bool:
    member = db.session.get_one(Member, waiting.member_id)
    now = [member.name, member.about]
    return bool(waiting.before.get("shown")) and now == [waiting.typed["name"], waiting.typed["about"]]


def _withdraw(waiting: Waiting, _by_id: int) -> dict[str, Any]:
    profiles.say(_member(waiting), Words(*waiting.typed["was"]))
    return {}


def _address(waiting: Waiting) -> str:
    return url_for("accounts.profile", handle=db.session.get_one(Member, waiting.member_id).handle)


def _goes_on(waiting: Waiting) -> str:
    return url_for("accounts.preferences", waiting=waiting.id)


profile_gate.register(ProfileGate(_ask, _kept, _waits))
register_held_kind(HeldKind(Way.PROFILE, _l("Profile"), _fits, _publish, _stands, _withdraw, _address, _goes_on))
