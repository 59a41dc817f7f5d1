"""The form of an article: clear messages, nothing typed is lost."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from community.core.forms import clean, reason_field, split_tags, tags_field, title_field
from community.public import Guarded

from .models import Article, Confidence
from .operations import Content

LONGEST_PART = 30_000
LONGEST_NAME, LONGEST_VALUE, MOST_LINES = 60, 300, 20
COLON = re.compile(r"[:：]")


def pairs_of(text: str | None) -> list[list[str]]:
    """[name, value] from each line "Name: value"; a line without a colon has no name."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return [[part.strip() for part in COLON.split(line, maxsplit=1)] for line in lines]


def lines_of(pairs: list[list[str]]) -> str:
    """The lines of which `pairs_of` makes these pairs."""
    return "\n".join(f"{name}: {value}" for name, value in pairs)


class EnvironmentLines:
    """Refuses lines that are not "Name: value"."""

    def __call__(self, form: Form, field: Field) -> None:
        """Raise `ValidationError` naming the line."""
        pairs = pairs_of(field.data)
        if len(pairs) > MOST_LINES:
            raise ValidationError(_("At most %(most)s lines.", most=MOST_LINES))
        for pair in pairs:
            if len(pair) < 2 or not all(pair):
                raise ValidationError(_("“%(line)s” is not like “Name: value”.", line=": ".join(pair)[:60]))
            if len(pair[0]) > LONGEST_NAME or len(pair[1]) > LONGEST_VALUE:
                raise ValidationError(_("“%(line)s…” is too long for one line.", line=pair[0][:40]))


def _part(label: object, *required: object) -> TextAreaField:
    limit = Length(max=LONGEST_PART, message=_l("At most 30,000 characters."))
    return TextAreaField(label, filters=[clean], validators=[*required, limit])


class ArticleForm(Guarded):
    """Writing an article; `revision` is the one that the form was opened with."""

    guarded = ("title", "issue", "environment", "resolution", "cause", "tags", "reason")
    revision = HiddenField()
    title = title_field(_l("Title: what it achieves, in one line"))
    issue = _part(
        _l("Issue: what people see, in their own words"),
        DataRequired(_l("Say how people notice that it is their case.")),
    )
    environment = TextAreaField(
        _l("Environment"),
        filters=[clean],
        validators=[Length(max=8000), EnvironmentLines()],
        description=_l("What it holds for, one line each, like “System: Windows 11”."),
    )
    resolution = _part(_l("Resolution: what to do, step by step"), DataRequired(_l("Say what to do.")))
    cause = _part(_l("Cause: why it happens (optional)"))
    tags = tags_field(description=_l("Up to five words, with blanks between them."))
    reason = reason_field()
    unfinished = BooleanField(_l("I am still working on it: nobody needs to check it yet"))

    def __init__(self, article: Article) -> None:
        """Show what the article says now."""
        said: dict[str, object] = {name: getattr(article, name) for name in ("title", "issue", "resolution", "cause")}
        said["environment"], said["tags"] = lines_of(article.environment), " ".join(article.tags)
        said["unfinished"] = article.confidence == Confidence.WORK_IN_PROGRESS and article.revision_count > 1
        super().__init__(data=said | {"revision": str(article.revision_count)})

    def content(self) -> Content:
        """What was typed."""
        return Content(
            title=self.title.data,
            issue=self.issue.data,
            resolution=self.resolution.data,
            cause=self.cause.data or "",
            environment=pairs_of(self.environment.data),
            tags=split_tags(self.tags.data),
        )

    def go_on(self, typed: Mapping[str, Any]) -> None:
        """Show what its author typed and nobody published."""
        for name in ("title", "issue", "resolution", "cause", "reason"):
            self[name].data = typed.get(name, self[name].data)
        if "environment" in typed:
            self.environment.data = lines_of(typed["environment"])
            self.tags.data = " ".join(typed["tags"])

    def fits(self, article: Article) -> bool:
        """Whether nobody saved the article since the form was opened."""
        return bool(self.revision.data == str(article.revision_count))

    def warn(self, name: str, changed: Iterable[str]) -> None:
        """Say that `name` saved the article meanwhile, beside each field that they changed."""
        self.form_errors.append(
            _("%(name)s saved this article meanwhile, as shown here. Saving again puts your text on top.", name=name)
        )
        for field in changed:
            self[field].errors = [*self[field].errors, _("%(name)s changed this meanwhile.", name=name)]
