"""What servers write about requests, without the secrets that stand in some addresses."""

import logging
import re

# A part of a path as long as this is no name that anybody chose: it is a secret, or signed.
SECRET = re.compile(r"(?<=/)[\w~.-]{32,}")
SERVERS = ("waitress", "gunicorn.error", "gunicorn.access")


class _Discreet(logging.Filter):
    """Names addresses without their secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass, with less in it."""
        said = record.getMessage()
        told = SECRET.sub("...", said)
        if told != said:
            record.msg, record.args = told, ()
        return True


_discreet = _Discreet()


def keep_secrets_out() -> None:
    """Have the web servers that serve us name addresses without their secrets; asked again it changes nothing."""
    for name in SERVERS:
        logging.getLogger(name).addFilter(_discreet)
