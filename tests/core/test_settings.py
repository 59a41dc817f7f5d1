"""Settings from the environment: what is refused, what is made up, what is kept."""

from pathlib import Path

import pytest

from community.core.settings import SettingsError, settings_from_environment

GOOD = "x7!" * 20


@pytest.mark.parametrize("secret", ["", "dev", "short", "please-change-this-secret-key-now", "a" * 31])
def test_production_refuses_a_weak_secret(tmp_path: Path, secret: str) -> None:
    env = {"ISTHMUS_HOME": str(tmp_path), "ISTHMUS_ENV": "production", "ISTHMUS_SECRET_KEY": secret}
    with pytest.raises(SettingsError, match="at least 32"):
        settings_from_environment(env)
    assert not (tmp_path / "secret_key").exists()


def test_production_takes_a_strong_one(tmp_path: Path) -> None:
    env = {"ISTHMUS_HOME": str(tmp_path), "ISTHMUS_ENV": "production", "ISTHMUS_SECRET_KEY": GOOD}
    settings = settings_from_environment(env)
    assert settings.production
    assert settings.secret_key == GOOD


def test_a_development_machine_keeps_a_random_secret(tmp_path: Path) -> None:
    env = {"ISTHMUS_HOME": str(tmp_path / "new")}
    first, second = settings_from_environment(env), settings_from_environment(env)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) > 40
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("ISTHMUS_ENV", "prod", "development or production"),
        ("DATABASE_URL", "mysql://x", "sqlite: or postgresql:"),
        ("PUBLIC_URL", "community.example", "http:// or https://"),
        ("ISTHMUS_PROXIES", "one", "ISTHMUS_PROXIES must be a whole number"),
        ("ISTHMUS_UPLOAD_LIMIT", "-1", "ISTHMUS_UPLOAD_LIMIT must be a whole number"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        settings_from_environment({"ISTHMUS_HOME": str(tmp_path), name: value})


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_database_addresses_are_brought_into_our_form(tmp_path: Path, given: str, used: str) -> None:
    env = {"ISTHMUS_HOME": str(tmp_path), "DATABASE_URL": given}
    assert settings_from_environment(env).database_url == used


def test_the_public_address_decides_on_secure_cookies(tmp_path: Path) -> None:
    env = {"ISTHMUS_HOME": str(tmp_path), "PUBLIC_URL": "https://community.example/"}
    settings = settings_from_environment(env)
    assert settings.public_url == "https://community.example"
    assert settings.secure_cookies
    assert not settings_from_environment({"ISTHMUS_HOME": str(tmp_path)}).secure_cookies
