from collections.abc import Iterator
from pathlib import Path

import pytest

from community.core import storage, storage_s3
from community.core.storage import (
    FileMissing,
    LocalStorage,
    Storage,
    StorageError,
    storage_from_url,
)
from community.core.storage_s3 import S3Storage

BAD_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "../x",
    "a/../b",
    "a//b",
    "a/",
    ".hidden",
    "a/.b",
    "A.png",
    "a b",
    "a\x00b",
]
BAD_KEYS += ["a\\b", "中文", "x" * 301, "a\n", "~x", "a/./b"]


@pytest.fixture(scope="module")
def bucket_url() -> Iterator[str]:
    if storage_s3.boto3 is None:
        pytest.skip("the extra s3 is not installed")
    server = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"s3://files/isthmus?endpoint=http://{host}:{port}&region=us-east-1"
    running.stop()


@pytest.fixture
def bucket(bucket_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Storage]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    kept = storage_from_url(bucket_url, "")
    assert isinstance(kept, S3Storage)
    kept._client.create_bucket(Bucket="files")
    yield kept
    kept.close()


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return LocalStorage(tmp_path / "files")
    storage: S3Storage = request.getfixturevalue("bucket")
    return storage


def test_what_is_put_can_be_got_replaced_and_deleted(kept: Storage) -> None:
    kept.put("2026/11/a-b_c.png", b"\x00one", "image/png")
    assert kept.get("2026/11/a-b_c.png") == b"\x00one"
    kept.put("2026/11/a-b_c.png", b"two", "image/png")
    assert kept.get("2026/11/a-b_c.png") == b"two"
    kept.delete("2026/11/a-b_c.png")
    with pytest.raises(FileMissing):
        kept.get("2026/11/a-b_c.png")


def test_deleting_nothing_is_no_error(kept: Storage) -> None:
    kept.delete("never/was")


def test_a_healthy_storage_checks_out(kept: Storage) -> None:
    kept.check()


@pytest.mark.parametrize("key", BAD_KEYS)
def test_keys_cannot_leave_the_storage(kept: Storage, key: str) -> None:
    with pytest.raises(ValueError, match="not a storage key"):
        kept.put(key, b"x", "text/plain")
    with pytest.raises(ValueError, match="not a storage key"):
        kept.get(key)
    with pytest.raises(ValueError, match="not a storage key"):
        kept.delete(key)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    kept = LocalStorage(tmp_path)
    kept.put("a/b", b"x", "text/plain")
    with pytest.raises(FileMissing):
        kept.get("a")
    with pytest.raises(FileMissing):
        kept.get("a/b/c")
    kept.delete("a/b/c")
    with pytest.raises(StorageError):
        kept.delete("a")
    with pytest.raises(StorageError):
        kept.put("a/b/c", b"x", "text/plain")


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = LocalStorage(tmp_path)
    kept.put("a", b"old", "text/plain")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        kept.put("a", b"new", "text/plain")
    assert kept.get("a") == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    with pytest.raises(StorageError):
        kept.check()


def test_the_bucket_keeps_prefix_and_content_type(bucket: S3Storage) -> None:
    bucket.put("a.png", b"x", "image/png")
    answer = bucket._client.head_object(Bucket="files", Key="isthmus/a.png")
    assert answer["ContentType"] == "image/png"


def test_a_missing_bucket_does_not_check_out(bucket: S3Storage) -> None:
    bucket.bucket = "nowhere"
    with pytest.raises(StorageError):
        bucket.check()
    with pytest.raises(StorageError):
        bucket.put("a", b"x", "text/plain")


def test_a_service_that_is_away_is_a_storage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    if storage_s3.boto3 is None:
        pytest.skip("the extra s3 is not installed")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    away = S3Storage("files", endpoint="http://127.0.0.1:9", region="us-east-1")
    with pytest.raises(StorageError):
        away.check()
    away.close()


def test_an_empty_address_means_the_folder(tmp_path: Path) -> None:
    kept = storage_from_url("", tmp_path)
    assert isinstance(kept, LocalStorage)
    assert kept.folder == tmp_path


@pytest.mark.parametrize("url", ["ftp://x/y", "s3://", "/var/files", "s3://b/p?color=red"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="STORAGE_URL"):
        storage_from_url(url, "")


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_s3, "boto3", None)
    with pytest.raises(StorageError, match=r"isthmus\[s3\]"):
        storage_from_url("s3://b/p", "")


def test_a_file_that_cannot_be_read_is_a_storage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = LocalStorage(tmp_path)

    def fail(_path: Path) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(StorageError, match="Input/output"):
        kept.get("a")


def test_a_download_that_breaks_off_is_a_storage_error(bucket: S3Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def read(self) -> bytes:
            raise storage_s3.BotoCoreError

        def close(self) -> None:
            pass

    monkeypatch.setattr(bucket._client, "get_object", lambda **_: {"Body": Broken()})
    with pytest.raises(StorageError):
        bucket.get("a")
