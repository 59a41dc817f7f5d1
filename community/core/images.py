"""What members may upload, checked by its content and cleaned, and the pictures drawn from it."""

import hashlib
import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

import puremagic
from flask_babel import lazy_gettext as _l
from PIL import Image, ImageOps, ImageSequence

from community.core.markup import clean_text

MAX_PIXELS = 40_000_000  # of one picture, and of all frames of an animation together
MAX_FRAMES = 200  # of an animation
MAX_ENTRIES = 2_000  # of an archive
MAX_UNPACKED = 500 << 20  # bytes that an archive may claim to hold
MAX_RATIO = 100  # unpacked size over packed size of an archive

# The decoder's own limit: twice as much is an error even where nobody looks at the size.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_PICTURES = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "GIF": ("image/gif", "gif")}
_PICTURES["WEBP"] = ("image/webp", "webp")
_PICTURE_NAMES = {"png", "jpg", "jpeg", "jpe", "jfif", "gif", "webp"}
_TEXT_NAMES = {"txt", "log", "md", "csv", "conf", "cfg", "ini", "json", "yaml", "yml", "toml"}
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)
_MARKUP = re.compile(r"\s*<(?:[!?]|/?[a-z])", re.IGNORECASE)
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia)(?=[\s/<(\[])")
_RUNNABLE = re.compile(
    r"\.(?:exe|dll|com|scr|pif|bat|cmd|ps1|vbs?|vbe|jse?|wsf|wsh|hta|msi|msp|lnk|reg|jar|apk|app|dmg|sh|cpl)\s*$",
    re.IGNORECASE,
)
_ACTIVE_KINDS = {"application/rtf", "text/rtf", "application/postscript", "image/svg+xml", "text/html"}
_BLANK_NAME = "file"


class UploadRefused(Exception):  # noqa: N818 - says what happened
    """The upload cannot be kept; `reason` tells the member why, in their language."""

    def __init__(self, reason: object) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Upload:
    """A checked upload; `data` is what may be kept, not what was sent. Sizes in pixels, 0 unless an image."""

    kind: Literal["image", "text", "pdf", "archive"]
    content_type: str
    data: bytes
    width: int
    height: int
    safe_name: str


def inspect_upload(name: str, data: bytes, *, limit_bytes: int) -> Upload:
    """Check `data` by its content and its name, and clean it. Raises `UploadRefused`.

    Pictures are written anew without metadata, texts become UTF-8; PDF and zip files are kept as they are.
    """
    if not data:
        raise UploadRefused(_l("The file is empty."))
    if len(data) > limit_bytes:
        raise UploadRefused(_l("The file is larger than %(limit)s MB.", limit=f"{limit_bytes / 1e6:g}"))
    extension = _extension(name)
    picture = _picture_format(data)
    if picture:
        return _inspect_picture(name, extension, data, picture)
    if data.startswith(b"%PDF-"):
        return _inspect_pdf(name, extension, data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inspect_archive(name, extension, data)
    return _inspect_text(name, extension, data)


def thumbnail(data: bytes, size: int) -> bytes:
    """The middle of picture `data` as a square WebP of `size` pixels. Raises `UploadRefused`."""
    picture = _picture_format(data)
    if picture is None:
        raise UploadRefused(_l("The file is not a picture."))
    with _decoding():
        image = _plain_frame(_open(data, picture))
        return _encode(ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS), "WEBP")


def safe_file_name(name: str, extension: str) -> str:
    """`name` without folders, control or direction marks, at most 100 characters, ending in `extension`."""
    base = re.split(r"[/\\]", clean_text(name))[-1]
    stem = base.rpartition(".")[0] if "." in base else base
    kept = "".join(
        character if character.isalnum() or character in " ._()-" else "-"
        for character in stem
        if unicodedata.category(character) != "Cf"
    )
    stem = re.sub(r"\s+", " ", re.sub(r"\.{2,}|-{2,}", "-", kept)).strip(" .-")[: 99 - len(extension)]
    return f"{stem or _BLANK_NAME}.{extension}"


def _extension(name: str) -> str:
    return clean_text(name).rpartition(".")[2].strip().lower() if "." in name else ""


def _require_name(extension: str, allowed: set[str]) -> None:
    if extension not in allowed:
        raise UploadRefused(_l("The name of the file does not fit what is in it."))


def _picture_format(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), None)


def _inspect_picture(name: str, extension: str, data: bytes, picture: str) -> Upload:
    # A .jpg that is a PNG is a common slip and harmless: the picture is written anew and named after itself.
    _require_name(extension, _PICTURE_NAMES)
    with _decoding():
        image = _open(data, picture)
        frames = _frame_count(image) if picture == "GIF" else 1
        clean = _animation(image) if frames > 1 else _encode(_plain_frame(image), picture)
    content_type, ending = _PICTURES[picture]
    with Image.open(io.BytesIO(clean)) as written:
        width, height = written.size
    return Upload("image", content_type, clean, width, height, safe_file_name(name, ending))


@contextmanager
def _decoding() -> Iterator[None]:
    """Turn whatever a decoder stumbles over into a refusal: hostile bytes make it raise nearly anything."""
    try:
        yield
    except UploadRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadRefused(_too_large()) from error
    except Exception as error:
        raise UploadRefused(_l("The picture is damaged.")) from error


def _open(data: bytes, picture: str) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=[picture])
    if image.width * image.height > MAX_PIXELS:
        raise UploadRefused(_too_large())
    return image


def _too_large() -> object:
    return _l("The picture has more than %(number)s million points.", number=MAX_PIXELS // 1_000_000)


def _frame_count(image: Image.Image) -> int:
    count, pixels = 0, image.width * image.height
    with suppress(EOFError):
        while True:
            image.seek(count)
            count += 1
            if count > MAX_FRAMES or count * pixels > MAX_PIXELS:
                raise UploadRefused(_l("The animation is too long or too large."))
    image.seek(0)
    return count


def _plain_frame(image: Image.Image) -> Image.Image:
    """The first frame upright, in a plain colour mode, without anything but its points."""
    upright = ImageOps.exif_transpose(image)
    frame = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    frame.info.clear()
    return frame


def _encode(image: Image.Image, picture: str) -> bytes:
    target = io.BytesIO()
    if picture == "JPEG":
        image.convert("RGB").save(target, "JPEG", quality=88, optimize=True)
    elif picture == "WEBP":
        image.save(target, "WEBP", quality=85)
    else:
        image.save(target, picture)
    return target.getvalue()


def _animation(image: Image.Image) -> bytes:
    frames: list[Image.Image] = []
    durations: list[int] = []
    for frame in ImageSequence.Iterator(image):
        # Browsers treat shorter steps as a mistake; so do we.
        durations.append(max(20, int(frame.info.get("duration", 100))))
        frames.append(frame.convert("RGBA"))
        frames[-1].info.clear()
    loop = int(image.info.get("loop", 0))
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=loop, disposal=2)
    return target.getvalue()


def _inspect_pdf(name: str, extension: str, data: bytes) -> Upload:
    _require_name(extension, {"pdf"})
    if b"%%EOF" not in data[-2048:] or zipfile.is_zipfile(io.BytesIO(data)):
        raise UploadRefused(_l("The PDF is damaged or holds another file."))
    if _ACTIVE_PDF.search(data):
        raise UploadRefused(_l("The PDF holds scripts or other files. Print it to a new PDF and try again."))
    return Upload("pdf", "application/pdf", data, 0, 0, safe_file_name(name, "pdf"))


def _inspect_archive(name: str, extension: str, data: bytes) -> Upload:
    _require_name(extension, {"zip"})
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive.infolist(), len(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise UploadRefused(_l("The archive is damaged.")) from error
    return Upload("archive", "application/zip", data, 0, 0, safe_file_name(name, "zip"))


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Judge an archive by its table of contents; nothing is unpacked."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    overlapping = packed > size or len({entry.header_offset for entry in entries}) < len(entries)
    if len(entries) > MAX_ENTRIES or unpacked > min(MAX_UNPACKED, MAX_RATIO * size) or overlapping:
        raise UploadRefused(_l("The archive would unpack to far too much."))
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise UploadRefused(_l("The archive is locked with a password, so nobody can check it."))
        parts = re.split(r"[/\\]", entry.filename)
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise UploadRefused(_l("The archive would write outside its folder."))
        if _RUNNABLE.search(entry.filename):
            raise UploadRefused(_l("The archive holds programs: %(name)s", name=clean_text(entry.filename)[:80]))


def _inspect_text(name: str, extension: str, data: bytes) -> Upload:
    text = _decode(data)
    if text is None or _looks_active(data):
        raise UploadRefused(_l("Only pictures, text files, PDF and zip files can be attached."))
    if _MARKUP.match(text.lstrip("\ufeff")) or text.startswith("#!"):
        raise UploadRefused(_l("Web pages, drawings and scripts cannot be attached. Paste them as code."))
    _require_name(extension, _TEXT_NAMES)
    content = clean_text(text).encode()
    return Upload("text", "text/plain; charset=utf-8", content, 0, 0, safe_file_name(name, extension))


def _decode(data: bytes) -> str | None:
    if b"\x00" in data:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _looks_active(data: bytes) -> bool:
    controls = sum(data.count(code) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    if controls * 100 > len(data):
        return True
    try:
        kinds = {match.mime_type for match in puremagic.magic_string(data[:8192])}
    except (puremagic.PureError, ValueError):
        return False
    # Only documents that can act: a guess from a few letters calls many an innocent text something else.
    return not kinds.isdisjoint(_ACTIVE_KINDS)


# Pairs of ground and figure; white letters reach 4.5:1 on both.
_TONES = (
    *(("#1f4e79", "#2f6299"), ("#5b2a86", "#74409f"), ("#7a1f3d", "#96344f"), ("#1d5c4d", "#2a7362")),
    *(("#6b3e12", "#855225"), ("#27406b", "#3b568a"), ("#4a5a14", "#5b6d1f"), ("#7a2f1a", "#96432d")),
    *(("#3d3a7c", "#544f99"), ("#0f5a6b", "#1f7083"), ("#6a2c64", "#85417e"), ("#414b57", "#58636f")),
)
_FIGURES = (
    '<circle cx="{x}" cy="{y}" r="26"/>',
    '<path d="M0 {y}L64 {x}V64H0z"/>',
    '<path d="M{x} 0H64V64H{y}z"/>',
    '<rect x="{x}" y="{y}" width="40" height="40" rx="8"/>',
    '<path d="M0 0H{x}L0 {y}zM64 64H{y}L64 {x}z"/>',
)


def generated_avatar(seed: str, initials: str) -> str:
    """An SVG of 64 by 64 units drawn from `seed`, with up to two letters or Chinese characters on it."""
    digest = hashlib.sha256(seed.encode()).digest()
    ground, figure_colour = _TONES[digest[0] % len(_TONES)]
    figure = _FIGURES[digest[1] % len(_FIGURES)].format(x=8 + digest[2] % 49, y=8 + digest[3] % 49)
    letters = "".join(letter for letter in clean_text(initials) if letter.isalnum())[:2].upper()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64"'
        ' aria-hidden="true">'
        f'<rect width="64" height="64" fill="{ground}"/><g fill="{figure_colour}">{figure}</g>'
        '<text x="32" y="33" fill="#fff" font-family="system-ui, sans-serif" font-size="26" font-weight="600"'
        f' text-anchor="middle" dominant-baseline="central">{html.escape(letters[:2])}</text></svg>'
    )
