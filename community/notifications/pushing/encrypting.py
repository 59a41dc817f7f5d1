"""What is sent to a push service: the message, which only the browser can read, and who sends it (RFC 8291, 8292)."""

from urllib.parse import urlsplit

from py_vapid import Vapid02
from pywebpush import WebPusher

from .subscribing import settings

SECONDS_KEPT = 24 * 3600  # how long the push service keeps it for a browser that is closed


def sealed_for(endpoint: str, keys: dict[str, str], message: bytes) -> tuple[bytes, dict[str, str]]:
    """A message encrypted for one browser, and the headers that say who sends it."""
    body = WebPusher({"endpoint": endpoint, "keys": keys}).encode(message)["body"]
    parts = urlsplit(endpoint)
    claims = {"sub": f"mailto:{settings().mailbox}", "aud": f"{parts.scheme}://{parts.netloc}"}
    signed = Vapid02.from_string(settings().push_private_key).sign(claims)
    return body, {**signed, "TTL": str(SECONDS_KEPT), "Content-Encoding": "aes128gcm", "Urgency": "normal"}
