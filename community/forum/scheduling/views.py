"""Pages for news that are published later."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Field, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from community.accounts.words import option
from community.core.db import db, utcnow
from community.core.forms import MomentField, tags_field, title_field
from community.core.i18n import zone
from community.core.policies import Actor, actor, requires
from community.core.slots import fill
from community.core.web import NavItem, add_navigation, section
from community.spaces.models import Space
from community.spaces.queries import all_visible_to

from ..composing.guarding import Guarded
from ..composing.lengths import OPENING
from ..forms import body_field
from ..policies import ANNOUNCE
from ..tagging.forms import GivesTags
from ..views import to_thread
from . import operations as scheduling
from .operations import ScheduledNews

scheduled = Blueprint("scheduling", __name__)

FURTHEST = timedelta(days=366)
add_navigation(
    NavItem(
        label=_l("News for later"),
        endpoint="scheduling.index",
        icon="calendar",
        order=83,
        group=_l("Your roles"),
        permission=ANNOUNCE,
    )
)
Page = str | Response | tuple[str, int]


class NewsForm(GivesTags, Guarded):
    """News, and when they are published, in the time zone of whoever writes them."""

    title = title_field(_l("Title"))
    space = SelectField(_l("Where does it belong?"), validators=[DataRequired(_l("Choose a space."))])
    body = body_field(_l("Text"), OPENING)
    tags = tags_field()
    at = MomentField(
        _l("When is it published?"), validators=[DataRequired(_l("Choose a day and an hour."))], format="%Y-%m-%dT%H:%M"
    )

    def offer(self, spaces: Iterable[Space], who: Actor) -> None:
        """Offer these spaces."""
        self.spaces, self._actor = {space.slug: space for space in spaces}, who
        choices = [SelectChoice(slug, space.name) for slug, space in self.spaces.items()]
        self.space.choices = [option("", _l("Choose a space")), *choices]

    def validate_at(self, field: Field) -> None:
        """Later than now, and not years from now."""
        if not utcnow() < self.publish_at <= utcnow() + FURTHEST:
            raise ValidationError(_("Choose a time that is still to come, within a year."))

    def validate_tags(self, field: Field) -> None:
        """Tags that the space has, or that one may make."""
        space = self.spaces.get(self.space.data)
        if space is not None:
            self.check_tags(field, space, self._actor)

    @property
    def publish_at(self) -> datetime:
        """The moment, wherever one is. Of an hour that comes twice the first, while that is still to come."""
        moment: datetime = self.at.data
        first, second = (moment.replace(tzinfo=zone(), fold=fold).astimezone(UTC) for fold in (0, 1))
        return first if first > utcnow() else second

    def fill(self, news: ScheduledNews) -> None:
        """Put what was typed into the row."""
        news.title, news.body, news.tags = self.title.data, self.body.data, list(self.given)
        news.space_id, news.publish_at, news.held = self.spaces[self.space.data].id, self.publish_at, False


@scheduled.get("/news/scheduled")
@requires(ANNOUNCE)
def index() -> str:
    """What is going to be published, and when."""
    return render_template("forum/scheduled/list.html", rows=scheduling.waiting())


def _form(**values: object) -> NewsForm:
    section("scheduling.index")
    form = NewsForm(**values)
    form.offer(all_visible_to(actor()), actor())
    return form


def _page(form: NewsForm, news: ScheduledNews | None) -> Page:
    page = render_template("forum/scheduled/edit.html", form=form, news=news, zone=zone().key)
    return page, 422 if form.errors else 200


@scheduled.route("/news/scheduled/new", methods=["GET", "POST"])
@requires(ANNOUNCE)
def new() -> Page:
    """Write news for later; `?space=` names where."""
    form = _form(space=request.args.get("space"))
    if form.validate_on_submit():
        news = ScheduledNews(author_id=actor().id)
        form.fill(news)
        db.session.add(news)
        flash(_("It is published at the time that you chose."), "good")
        return redirect(url_for("scheduling.index"))
    return _page(form, None)


def _news(news_id: int) -> ScheduledNews:
    return scheduling.locked(news_id) or abort(404)


@scheduled.route("/news/scheduled/<int:news_id>", methods=["GET", "POST"])
@requires(ANNOUNCE)
def edit(news_id: int) -> Page:
    """Change what is going to be published. What was held back is signed by whoever takes it up again."""
    news = _news(news_id)
    local = news.publish_at.astimezone(zone()).replace(tzinfo=None)
    form = _form(title=news.title, body=news.body, tags=" ".join(news.tags), space=news.space.slug, at=local)
    if form.validate_on_submit():
        if news.held:
            news.author_id = actor().id or 0
        form.fill(news)
        flash(_("It is published at the time that you chose."), "good")
        return redirect(url_for("scheduling.index"))
    return _page(form, news)


@scheduled.post("/news/scheduled/<int:news_id>/publication")
@requires(ANNOUNCE)
def publish(news_id: int) -> Response:
    """Publish it at once."""
    news = _news(news_id)
    if news.held:
        abort(404)
    return to_thread(scheduling.publish(news))


@scheduled.post("/news/scheduled/<int:news_id>/cancellation")
@requires(ANNOUNCE)
def cancel(news_id: int) -> Response:
    """Do not publish it at all."""
    scheduling.cancel(_news(news_id))
    flash(_("It is not going to be published."), "good")
    return redirect(url_for("scheduling.index"))


@fill("space.manage")
def news_card(*, space_id: int, slug: str, actor: Actor) -> str:
    """For whoever may announce: what is going to be published in a space."""
    if not actor.can(ANNOUNCE):
        return ""
    number, first = scheduling.next_in(space_id)
    return render_template("spaces/news_card.html", number=number, first=first, slug=slug)
