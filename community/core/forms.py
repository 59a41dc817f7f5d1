"""What forms of all features share: how text is cleaned before it is checked, and tags."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from gettext import NullTranslations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import DateField, DateTimeLocalField, Field, FloatField, Form, StringField
from wtforms.i18n import get_translations
from wtforms.validators import DataRequired, Length, Regexp, StopValidation, ValidationError
from wtforms.widgets import TextInput

from . import i18n
from .addresses import address
from .markup import clean_text

MOST_TAGS = 5
SHORTEST_NEW_TAG, LONGEST_NEW_TAG = 2, 30  # tags that were brought from elsewhere may be other
DECIMAL = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,9})?")
TAG = re.compile(r"(?=.{1,40}$)\.?\w[\w.+#-]*$")
NON_JOINER, JOINER = "\u200c", "\u200d"
# Filled space that looks like none: Hangul fillers and Braille's blank.
BLANKS = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9]")
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Signs that count as formatting in Unicode although they are seen, such as the Arabic sign of a number.
SEEN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
EMOJI_STYLE = "\ufe0f"
_STOCK = {"zh-Hant": "zh_TW"}  # the names that WTForms gives its languages, where they are not ours
VIRAMA = 9  # the canonical combining class of signs that join consonants


class PageForm(FlaskForm):
    """A form of a page, with its form token, and the stock messages of its fields in the reader's language."""

    class Meta(FlaskForm.Meta):
        """Flask-WTF would read the stock messages from their file with every form that is made."""

        def get_translations(self, form: Form) -> NullTranslations:
            """The stock messages in the language of the page."""
            return _stock_messages(i18n.language())


@lru_cache(maxsize=8)
def _stock_messages(tag: str) -> NullTranslations:
    found: NullTranslations = get_translations([_STOCK.get(tag, tag), tag.split("-")[0]])
    return found


def tidy(value: str | None) -> str | None:
    """One line of clean text with single spaces, without anything that is not seen, so that no two look alike."""
    return seen(clean_text(value)) if value else value


def clean(value: str | None) -> str | None:
    """Several lines of clean text, as kept."""
    return clean_text(value).strip() if value else value


def seen(text: str) -> str:
    """`text` in one line, as a reader sees it: no zero-width characters and no marks of direction.

    Joiners stay where a script or an emoji is written with them, variants where they choose a character's form.
    """
    line = BLANKS.sub(" ", text)
    kept = (sign for place, sign in enumerate(line) if not _unseen(sign) or _shapes(line, place))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def _unseen(sign: str) -> bool:
    if unicodedata.category(sign) == "Cf":
        return not SEEN.match(sign)
    return sign == "\u034f" or "\ufe00" <= sign <= EMOJI_STYLE or "\U000e0100" <= sign <= "\U000e01ef"


def _shapes(line: str, place: int) -> bool:
    """Whether an unseen character changes how its neighbours look."""
    sign, before, after = line[place], line[:place][-1:], line[place + 1 : place + 2]
    if not before:
        return False
    if sign == NON_JOINER:
        joined = ARABIC.match(before) and ARABIC.match(after)
        return bool(joined) or (bool(after.strip()) and unicodedata.combining(before) == VIRAMA)
    if sign == JOINER:
        pictures = _is_picture(before) and unicodedata.category(after or " ") == "So"
        return pictures or unicodedata.combining(before) == VIRAMA
    if sign == EMOJI_STYLE:
        return unicodedata.category(before) == "So" or after == "\u20e3"
    return sign >= "\U000e0100" and HAN.match(before) is not None


def _is_picture(sign: str) -> bool:
    return unicodedata.category(sign) in ("So", "Sk") or sign == EMOJI_STYLE


def split_tags(text: str | None) -> list[str]:
    """Tags from a line of words, in lower case, each once."""
    words = (word.lstrip("#") for word in re.split(r"[\s,，、;；]+", (text or "").lower()))
    return list(dict.fromkeys(word for word in words if word))


class Suggesting(TextInput):
    """A line of words in which a script offers what goes on as the last word does; without it a plain line.

    `kind` names the source of `completion`, `one` says that the line takes a single word.
    """

    def __init__(self, kind: str, *, one: bool = False) -> None:
        super().__init__()
        self._kind, self._one = kind, one

    def __call__(self, field: Field, **kwargs: object) -> Markup:
        """The control with what the script needs."""
        found = _("%(count)s suggestions. Arrow keys choose, Enter takes, Escape closes.", count="{count}")
        needed = {
            "data-controller": "suggest",
            "data-url": address("completing.complete", kind=self._kind),
            "data-suggestions": _("Suggestions"),
            "data-found": found,
            "data-one": "1" if self._one else "",
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        drawn: Markup = super().__call__(field, **(needed | kwargs))
        return drawn


class Counting(TextInput):
    """A line that says how many characters are left, once a script counts them."""

    def __call__(self, field: Field, **kwargs: object) -> Markup:
        """The control with what the script needs, beside other controllers."""
        controllers = " ".join(part for part in (str(kwargs.pop("data-controller", "")), "counter") if part)
        left = _("%(count)s characters left", count="{count}")
        drawn: Markup = super().__call__(field, **{**kwargs, "data-controller": controllers, "data-left": left})
        return drawn


class Tags:
    """Refuses too many tags, and tags that are no words."""

    def __call__(self, form: Form, field: Field) -> None:
        """Raise `ValidationError` naming the tag."""
        names = split_tags(field.data)
        if len(names) > MOST_TAGS:
            raise ValidationError(_("At most %(most)s tags.", most=MOST_TAGS))
        for name in names:
            if not TAG.match(name):
                raise ValidationError(_("“%(tag)s” cannot be a tag: letters, digits and - . + only.", tag=name[:40]))


def tags_field(description: object = "") -> StringField:
    """The field for tags."""
    return StringField(
        _l("Tags"),
        filters=[tidy],
        validators=[Length(max=250), Tags()],
        description=description,
        widget=Suggesting("tags"),
    )


def slug_field(unreadable: object) -> StringField:
    """The field for a short name in addresses; `unreadable` is what to say of other signs, with an example."""
    return StringField(
        _l("Short name in addresses"),
        filters=[lambda text: text.strip() if text else text],
        validators=[
            DataRequired(_l("Choose a short name for addresses.")),
            Length(max=40, message=_l("At most 40 characters.")),
            Regexp(r"[a-z0-9]+(-[a-z0-9]+)*$", message=unreadable),
        ],
    )


class DecimalField(FloatField):
    """A number that may have decimals, after a point or a comma."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raise `ValueError` for what is no number."""
        if not valuelist:
            return
        self.data = None
        if not DECIMAL.fullmatch(valuelist[0].strip()):
            raise ValueError(_("Write a number, such as 2.5."))
        self.data = float(valuelist[0].strip().replace(",", "."))


class DayField(DateField):
    """A day from 2000 to 2099: one that cannot be read is refused before any validator asks for it."""

    def pre_validate(self, form: Form) -> None:
        """Raise `StopValidation`."""
        stop_unreadable(self)


class MomentField(DateTimeLocalField):
    """A day and an hour from 2000 to 2099, refused where it cannot be read, as `DayField` is."""

    def pre_validate(self, form: Form) -> None:
        """Raise `StopValidation`."""
        stop_unreadable(self)


def stop_unreadable(field: DateField | DateTimeLocalField) -> None:
    """Raise `StopValidation` for what is no day, or none that every time zone can show; an empty field is no such."""
    if field.process_errors and any(text.strip() for text in field.raw_data or ()):
        raise StopValidation
    if isinstance(field.data, date) and not 2000 <= field.data.year < 2100:
        raise StopValidation(_("Choose a day of this century."))


def reason_field() -> StringField:
    """The field that says why a text was changed."""
    return StringField(_l("What did you change?"), filters=[tidy], validators=[Length(max=200)])


def title_field(label: object, *more: object) -> StringField:
    """The field for a title; `more` are further validators."""
    return StringField(
        label,
        filters=[tidy],
        validators=[
            DataRequired(_l("Say in one line what it is about.")),
            Length(min=4, max=160, message=_l("Between 4 and 160 characters.")),
            *more,
        ],
        render_kw={"maxlength": 160},
        widget=Counting(),
    )
