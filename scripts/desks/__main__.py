"""`python -m scripts.desks roundup` installs a desk if need be, starts it, and says how to connect; Ctrl-C ends it."""

import contextlib
import signal
import sys

from . import django_helpdesk, roundup, rt
from .common import UnavailableError

DESKS = {"rt": rt.serve, "roundup": roundup.serve, "django_helpdesk": django_helpdesk.serve}


def main(arguments: list[str]) -> int:
    """Serve the named desk until a signal comes; 2 where there is no such desk, 1 where it cannot be had here."""
    if len(arguments) != 1 or arguments[0] not in DESKS:
        print(f"usage: python -m scripts.desks {'|'.join(DESKS)}", file=sys.stderr)  # noqa: T201 - a command
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C, so that no server stays behind
    try:
        with contextlib.suppress(KeyboardInterrupt), DESKS[arguments[0]]() as desk:
            print(desk.url, *(f"{name}: {secret}" for name, secret in desk.secrets.items()), sep="\n")  # noqa: T201
            signal.pause()
    except UnavailableError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
