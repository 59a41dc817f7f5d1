"""Commands about news to browsers."""

import base64

import click
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES = 32


@click.group(name="push")
def push_group() -> None:
    """News that come to browsers."""


@push_group.command()
def keys() -> None:
    """Make a pair of keys, and print the settings that switch it on."""
    private = ec.generate_private_key(ec.SECP256R1())
    secret = private.private_numbers().private_value.to_bytes(KEY_BYTES, "big")
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    click.echo(f"ISTHMUS_PUSH_PRIVATE_KEY={_text(secret)}")
    click.echo(f"ISTHMUS_PUSH_PUBLIC_KEY={_text(point)}")


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
