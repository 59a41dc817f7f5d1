"""Lengths of time as people write them, such as "4 h", "2 d" or "30 分钟"."""

import re
from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from wtforms import StringField

from bridge import words

UNITS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
NAMES = {
    "min": ("m", "min", "mins", "minute", "minutes", "分", "分钟"),
    "h": ("h", "hr", "hrs", "hour", "hours", "时", "小时", "个小时", "钟头"),
    "d": ("d", "day", "days", "天", "日"),
    "w": ("w", "wk", "week", "weeks", "周", "星期", "个星期"),
}
UNIT_OF = {name: unit for unit, names in NAMES.items() for name in names}
PART = re.compile(r"\s*(\d{1,6}(?:[.,]\d{1,2})?)\s*([a-z]+|[\u4e00-\u9fff]+)\.?\s*(?:,|，|、|and\b)?", re.IGNORECASE)


def parse(text: str) -> timedelta | None:
    """The length of time, in whole minutes; None where a number or its unit cannot be read."""
    place, length = 0, timedelta()
    while place < len(text.rstrip()):
        part = PART.match(text, place)
        unit = UNIT_OF.get(part.group(2).lower()) if part else None
        if part is None or unit is None:
            return None
        length += float(part.group(1).replace(",", ".")) * UNITS[unit]
        place = part.end()
    return timedelta(minutes=round(length.total_seconds() / 60)) if place else None


def written(length: timedelta) -> str:
    """A length of time as one would write it into the field, in the present language."""
    return words.exact_span(length, short=True)


class DurationField(StringField):
    """A length of time. `data` is a timedelta; what cannot be read stays in the field, with a message beside it."""

    data: timedelta | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return written(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read what was typed. Raises `ValueError` with what to write instead."""
        self.data = parse(valuelist[0].strip()[:60]) if valuelist else None
        if valuelist and self.data is None:
            raise ValueError(_("Write a number with its unit, such as 30 min, 4 h or 2 d."))
