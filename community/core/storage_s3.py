"""Uploaded files in a bucket, loaded only where STORAGE_URL names one."""

from typing import Any

from .storage import FileMissing, StorageError, valid_key

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:  # the extra `s3` is not installed
    boto3 = None  # type: ignore[assignment]  # asked before each use

_TIMEOUT = 10  # seconds to connect, and again to wait for bytes
_MISSING = {"NoSuchKey", "404", "NotFound"}


class S3Storage:
    """Files in a bucket of any service that speaks S3; boto3 reads the credentials from the environment."""

    def __init__(self, bucket: str, prefix: str = "", endpoint: str | None = None, region: str | None = None) -> None:
        if boto3 is None:
            raise StorageError("files on S3 need the extra: pip install isthmus[s3]")
        self.bucket = bucket
        self.prefix = f"{valid_key(prefix)}/" if prefix else ""
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=region,
            config=Config(connect_timeout=_TIMEOUT, read_timeout=_TIMEOUT, retries={"total_max_attempts": 3}),
        )

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Keep `data` under `key` with its content type."""
        self._call("put_object", Key=self._name(key), Body=data, ContentType=content_type)

    def get(self, key: str) -> bytes:
        """The bytes under `key`."""
        body = self._call("get_object", Key=self._name(key))["Body"]
        try:
            data: bytes = body.read()
        except BotoCoreError as error:
            raise StorageError(str(error)) from error
        finally:
            body.close()
        return data

    def delete(self, key: str) -> None:
        """Forget `key`."""
        self._call("delete_object", Key=self._name(key))

    def check(self) -> None:
        """Ask for the bucket."""
        try:
            self._call("head_bucket")
        except FileMissing as error:
            raise StorageError(f"there is no bucket {self.bucket}") from error

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _name(self, key: str) -> str:
        return self.prefix + valid_key(key)

    def _call(self, operation: str, **arguments: object) -> Any:
        try:
            return getattr(self._client, operation)(Bucket=self.bucket, **arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                raise FileMissing(str(arguments.get("Key", self.bucket))) from error
            raise StorageError(str(error)) from error
        except BotoCoreError as error:
            raise StorageError(str(error)) from error
