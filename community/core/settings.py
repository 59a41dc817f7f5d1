"""Settings come from the environment once, at start, as one frozen value."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

WEAK_SECRETS = frozenset({"dev", "secret", "changeme", "change-me", "isthmus", "please-change-this-secret-key-now"})
SHORTEST_SECRET = 32
_PUSH_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in base64url


class SettingsError(Exception):
    """A setting is missing or cannot be used; the message is one line for the operator."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an installation can be told from outside. `docs/configuration.md` explains each field."""

    home: Path
    environment: str = "development"
    secret_key: str
    database_url: str
    redis_url: str = ""
    search_url: str = ""
    storage_url: str = ""
    smtp_url: str = ""
    public_url: str = "http://localhost:8000"
    site_name: str = "Isthmus"
    mail_from: str = "Isthmus <community@localhost>"
    mail_domain: str = ""
    mail_limit: int = 25 * 1024 * 1024
    imap_url: str = ""
    default_time_zone: str = "UTC"
    proxies: int = 0
    upload_limit: int = 8 * 1024 * 1024
    confirm_after_days: int = 3
    new_tags: str = "everybody"
    messages: bool = True
    posting_limits: bool = True
    push_private_key: str = ""
    push_public_key: str = ""
    testing: bool = False
    demo: bool = False

    @property
    def production(self) -> bool:
        """Whether unsafe defaults are refused and cookies travel over TLS only."""
        return self.environment == "production"

    @property
    def receiving_domain(self) -> str:
        """The part after the @ of the addresses that answers come to, in lower case."""
        return (self.mail_domain or parseaddr(self.mail_from)[1].rpartition("@")[2] or "localhost").lower()

    @property
    def mailbox(self) -> str:
        """The address that mail to nobody in particular comes to: the sender's of our own mail."""
        return parseaddr(self.mail_from)[1].lower()

    @property
    def secure_cookies(self) -> bool:
        """Cookies carry `Secure` wherever the public address is https."""
        return self.public_url.startswith("https://")


def settings_from_environment(env: Mapping[str, str] | None = None) -> Settings:
    """Read the environment. Raises `SettingsError` for a value that cannot be used."""
    env = os.environ if env is None else env
    home = Path(env.get("ISTHMUS_HOME", "var")).resolve()
    environment = env.get("ISTHMUS_ENV", "development")
    if environment not in {"development", "production"}:
        raise SettingsError(f"ISTHMUS_ENV is {environment!r}; it may be development or production")
    return Settings(
        home=home,
        environment=environment,
        secret_key=_secret(env.get("ISTHMUS_SECRET_KEY", ""), environment, home),
        database_url=_database_url(env.get("DATABASE_URL", ""), home),
        redis_url=env.get("REDIS_URL", ""),
        search_url=env.get("SEARCH_URL", ""),
        storage_url=env.get("STORAGE_URL", ""),
        smtp_url=env.get("SMTP_URL", ""),
        public_url=_public_url(env.get("PUBLIC_URL", "http://localhost:8000")),
        site_name=env.get("ISTHMUS_SITE_NAME", "Isthmus"),
        mail_from=env.get("ISTHMUS_MAIL_FROM", "Isthmus <community@localhost>"),
        mail_domain=env.get("ISTHMUS_MAIL_DOMAIN", ""),
        mail_limit=_whole_number(env, "ISTHMUS_MAIL_LIMIT", 25 * 1024 * 1024),
        imap_url=_imap_url(env.get("IMAP_URL", "")),
        default_time_zone=env.get("ISTHMUS_TIME_ZONE", "UTC"),
        proxies=_whole_number(env, "ISTHMUS_PROXIES", 0),
        upload_limit=_whole_number(env, "ISTHMUS_UPLOAD_LIMIT", 8 * 1024 * 1024),
        confirm_after_days=_whole_number(env, "ISTHMUS_CONFIRM_AFTER_DAYS", 3),
        new_tags=_new_tags(env.get("ISTHMUS_NEW_TAGS", "everybody")),
        messages=_switch(env, "ISTHMUS_MESSAGES"),
        posting_limits=_switch(env, "ISTHMUS_POSTING_LIMITS"),
        push_private_key=_push_key(env, "ISTHMUS_PUSH_PRIVATE_KEY"),
        push_public_key=_push_key(env, "ISTHMUS_PUSH_PUBLIC_KEY"),
        demo=env.get("ISTHMUS_DEMO", "") == "1",
    )


def _secret(given: str, environment: str, home: Path) -> str:
    if environment == "production":
        if len(given) < SHORTEST_SECRET or given.lower() in WEAK_SECRETS:
            raise SettingsError(
                f"ISTHMUS_SECRET_KEY must be set to at least {SHORTEST_SECRET} random characters in production"
            )
        return given
    return given or _kept_secret(home / "secret_key")


def _kept_secret(path: Path) -> str:
    """A development machine gets a random key of its own, kept so that sign-ins survive a restart."""
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    path.chmod(0o600)
    return path.read_text(encoding="utf-8")


def _database_url(given: str, home: Path) -> str:
    if not given:
        return f"sqlite:///{home / 'isthmus.db'}"
    for prefix in ("postgresql://", "postgres://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given.removeprefix(prefix)
    if given.startswith(("sqlite:", "postgresql+psycopg:")):
        return given
    raise SettingsError("DATABASE_URL must begin with sqlite: or postgresql:")


def _public_url(given: str) -> str:
    if not given.startswith(("http://", "https://")):
        raise SettingsError("PUBLIC_URL must begin with http:// or https://")
    return given.rstrip("/")


def _imap_url(given: str) -> str:
    parts = urlsplit(given)
    if given and not (parts.scheme in ("imap", "imaps") and parts.hostname and parts.username and given.isascii()):
        raise SettingsError("IMAP_URL must look like imaps://user:password@host/folder")
    return given


def _new_tags(given: str) -> str:
    if given not in {"everybody", "standing", "staff"}:
        raise SettingsError(f"ISTHMUS_NEW_TAGS is {given!r}; it may be everybody, standing or staff")
    return given


def _switch(env: Mapping[str, str], name: str) -> bool:
    given = env.get(name, "on")
    if given not in {"on", "off"}:
        raise SettingsError(f"{name} is {given!r}; it may be on or off")
    return given == "on"


def _push_key(env: Mapping[str, str], name: str) -> str:
    """One key of a pair; both are there or none. Whether they belong together is known once a browser is told."""
    keys = [env.get(key, "") for key in ("ISTHMUS_PUSH_PRIVATE_KEY", "ISTHMUS_PUSH_PUBLIC_KEY")]
    if any(keys) and not (_PUSH_SECRET.fullmatch(keys[0]) and keys[1]):
        raise SettingsError(
            "ISTHMUS_PUSH_PRIVATE_KEY and ISTHMUS_PUSH_PUBLIC_KEY go together: `isthmus push keys` makes them"
        )
    return env.get(name, "")


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    given = env.get(name, "")
    if given and not given.isdigit():
        raise SettingsError(f"{name} must be a whole number")
    return int(given or default)
