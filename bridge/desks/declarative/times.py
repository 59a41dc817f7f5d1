"""Points in time, as desks write them."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ISO, EPOCH, EPOCH_MS = "iso", "epoch", "epoch_ms"


class NoTimeError(ValueError):
    """What stands where a time is expected is none."""


def read_time(value: object, form: str, zone: str) -> datetime:
    """A time in UTC. `form` is iso, epoch, epoch_ms or a pattern; without a zone of its own it is local to `zone`.

    An hour that a change of clocks makes come twice is taken as the earlier one. Raises `NoTimeError`.
    """
    try:
        if form in (EPOCH, EPOCH_MS):
            return datetime.fromtimestamp(float(str(value)) / (1000 if form == EPOCH_MS else 1), UTC)
        text = str(value)
        time = datetime.fromisoformat(_digits(text)) if form == ISO else datetime.strptime(text, form)
    except (ValueError, OverflowError, OSError) as error:
        raise NoTimeError(f"“{value}” is no time of the form “{form}”") from error
    return (time if time.tzinfo else time.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def write_time(time: datetime, form: str, zone: str) -> str:
    """A time as the desk wants to be asked about it."""
    if form in (EPOCH, EPOCH_MS):
        return str(int(time.timestamp() * (1000 if form == EPOCH_MS else 1)))
    if form == ISO:
        return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return time.astimezone(ZoneInfo(zone)).strftime(form)


def is_zone(name: str) -> bool:
    """Whether there is such a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def back(time: datetime, seconds: int) -> datetime:
    """That many seconds earlier."""
    return time - timedelta(seconds=seconds)


def _digits(text: str) -> str:
    """Python before 3.11.4 takes some offsets only with a colon."""
    return re.sub(r"([+-][0-9]{2})([0-9]{2})$", r"\1:\2", text)
