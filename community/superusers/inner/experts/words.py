"""Words about questions to experts."""

from datetime import datetime

from babel.dates import format_timedelta
from flask_babel import get_locale


def lasted(begins: datetime, ends: datetime) -> str:
    """How long something took, in the present language."""
    return str(format_timedelta(ends - begins, locale=get_locale()))
