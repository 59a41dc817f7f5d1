"""When letters about news leave: at once, after quiet hours, or gathered in a digest. Sent by jobs only.

A letter is decided on and counted in a short transaction, which has committed before the mail server is asked. A try
that fails is repeated with the same Message-ID, so mail programs show a letter once that was sent twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from community.accounts.models import Member
from community.core.db import db, transaction, utcnow
from community.core.email import TROUBLE, Mail, mailer, refused_for_good
from community.core.jobs import enqueue, every, outside_job

from . import mailing
from .bouncing import count_bounce
from .models import Mailing, MemberMail, Notification
from .planning import Plan, count_one, plan_digests, plans_of, row_of
from .reading import is_sendable, sendable

MOST_IN_DIGEST = 100
DIGESTS_AT_ONCE = 500


def mailing_of(plan: Plan, now: datetime) -> Mailing:
    """What is to become of a piece of news by mail that is told now."""
    if not plan.takes_mail():
        return Mailing.NONE
    return Mailing.DIGEST if plan.gathers(now) else Mailing.DUE


def hand_over(plans: Mapping[int, Plan], new: Mapping[int, tuple[int, Mailing]]) -> None:
    """Have mail sent about new pieces of news: by member, the notification's id and what is to become of it."""
    for notification_id, what in new.values():
        if what is Mailing.DUE:
            enqueue(send_news, notification_id=notification_id)
    plan_digests(plans, [id_ for id_, (_news, what) in new.items() if what is Mailing.DIGEST])


@outside_job
def send_news(notification_id: int) -> None:
    """Send the letter about one piece of news, unless it has to wait."""
    with transaction():
        news = db.session.get(Notification, notification_id)
        mail = _news_mail(news) if news is not None else None
        member_id = news.member_id if news is not None else 0
    if mail is not None:
        _send(member_id, mail)


def _news_mail(news: Notification) -> Mail | None:
    """The letter, counted; None where there is none now, or none any more."""
    member = db.session.get_one(Member, news.member_id)
    if news.mailing not in (Mailing.DUE, Mailing.SENT) or not _may_get(member):
        return None
    now = utcnow()
    plan = plans_of([member])[member.id]
    if not plan.takes_mail() or not is_sendable(news):
        news.mailing, news.excerpt = Mailing.NONE.value, ""
        return None
    if news.mailing == Mailing.DUE and not _leaves_now(news, plan, now):
        return None
    return mailing.news_letter(news, member, now)


def _leaves_now(news: Notification, plan: Plan, now: datetime) -> bool:
    """Count the letter for today; it waits for the end of the quiet hours, or for a digest where the day is full."""
    quiet_ends = plan.quiet_ends(now)
    if quiet_ends is not None and not plan.gathers(now):
        enqueue(send_news, run_at=quiet_ends, notification_id=news.id)
        return False
    if plan.gathers(now) or not count_one(news.member_id, plan.today(now)):
        news.mailing = Mailing.DIGEST.value
        plan_digests({news.member_id: plan}, [news.member_id])
        return False
    news.mailing, news.mailed_at = Mailing.SENT.value, now
    return True


def _may_get(member: Member) -> bool:
    return member.email_confirmed_at is not None and member.suspended_at is None


@every(minutes=10)
def send_digests() -> None:
    """Have the digests sent that are due."""
    due = select(MemberMail.member_id, MemberMail.digest_at).where(MemberMail.digest_at <= utcnow())
    for member_id, digest_at in db.session.execute(due.order_by(MemberMail.digest_at).limit(DIGESTS_AT_ONCE)):
        moment = (digest_at or utcnow()).isoformat()
        enqueue(send_digest, unique_key=f"digest-{member_id}@{moment}", member_id=member_id, moment=moment)
        db.session.execute(update(MemberMail).where(MemberMail.member_id == member_id).values(digest_at=None))


@outside_job
def send_digest(member_id: int, moment: str) -> None:
    """Send a person what waited for the digest of this moment."""
    with transaction():
        mail = _digest_mail(db.session.get_one(Member, member_id), datetime.fromisoformat(moment))
    if mail is not None:
        _send(member_id, mail)


def _digest_mail(member: Member, moment: datetime) -> Mail | None:
    """The letter; None where nothing waited that may still be told, or the person is away by now."""
    row_of(member.id, locked=True)
    plan = plans_of([member])[member.id]
    if plan.is_away(utcnow()) and plan.takes_mail():
        plan_digests({member.id: plan}, [member.id])
        return None
    waiting = Notification.member_id == member.id, Notification.mailing == Mailing.DIGEST
    marked = {"mailing": Mailing.SENT.value, "mailed_at": moment}
    db.session.execute(update(Notification).where(*waiting).values(marked))
    if not plan.takes_mail() or not _may_get(member):
        return None
    news = sendable(member.id, _gathered(member.id, moment))
    return mailing.digest_letter(news, member, moment) if news else None


def _gathered(member_id: int, moment: datetime) -> Sequence[Notification]:
    """What the digest of this moment tells, the newest where there is very much."""
    return db.session.scalars(
        select(Notification)
        .where(Notification.member_id == member_id, Notification.mailed_at == moment)
        .order_by(Notification.id.desc())
        .limit(MOST_IN_DIGEST)
        .options(joinedload(Notification.actor))
    ).all()


def _send(member_id: int, mail: Mail) -> None:
    """Hand a letter over. An address that does not take it is counted; any other trouble is tried again."""
    try:
        mailer().send(mail)
    except TROUBLE as error:
        if not refused_for_good(error):
            raise
        with transaction():
            count_bounce(member_id, mail.to, str(error))


@every(hours=24)
def forget_excerpts() -> None:
    """What letters quoted is not kept beside the posts it comes from."""
    sent = Notification.mailing == Mailing.SENT, Notification.mailed_at < utcnow() - timedelta(days=2)
    db.session.execute(update(Notification).where(*sent, Notification.excerpt != "").values(excerpt=""))
