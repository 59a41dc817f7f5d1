"""The cache: in process by default, shared through Redis where there is one. All in it can be thrown away."""

from cachelib import BaseCache, RedisCache, SimpleCache
from flask import Flask, current_app

try:
    import redis
except ImportError:  # the extra `redis` is only needed with REDIS_URL
    redis = None  # type: ignore[assignment]

PAGES = 1000  # about 8 KB each, in each process


def init_app(app: Flask, redis_url: str) -> None:
    """Build the cache the settings ask for."""
    app.extensions["isthmus.cache"] = _shared(redis_url) if redis_url else SimpleCache(threshold=PAGES)


def _shared(url: str) -> BaseCache:
    if redis is None:
        raise RuntimeError("REDIS_URL is set, but the extra is missing: pip install isthmus[redis]")
    return RedisCache(host=redis.Redis.from_url(url), key_prefix="isthmus:")


def cache() -> BaseCache:
    """The installation's cache."""
    found: BaseCache = current_app.extensions["isthmus.cache"]
    return found
