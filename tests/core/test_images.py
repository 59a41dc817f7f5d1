import io
import re
import struct
import warnings
import zipfile
import zlib
from xml.etree import ElementTree

import pytest
from PIL import Image, PngImagePlugin

from community.core import images
from community.core.images import (
    Upload,
    UploadRefused,
    generated_avatar,
    inspect_upload,
    safe_file_name,
    thumbnail,
)

LIMIT = 5_000_000
GPS = 34853
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def inspect(name: str, data: bytes, limit: int = LIMIT) -> Upload:
    return inspect_upload(name, data, limit_bytes=limit)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, 90).save(target, kind, **options)
    return target.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return target.getvalue()


def animation(frames: int, size: tuple[int, int] = (20, 10)) -> bytes:
    target = io.BytesIO()
    pictures = [Image.new("RGB", size, (n % 256, n * 7 % 256, n * 31 % 256)) for n in range(frames)]
    pictures[0].save(target, "GIF", save_all=True, append_images=pictures[1:], duration=100, comment=b"secret-note")
    return target.getvalue()


@pytest.mark.parametrize(
    ("kind", "content_type", "ending"),
    [
        ("PNG", "image/png", "png"),
        ("JPEG", "image/jpeg", "jpg"),
        ("GIF", "image/gif", "gif"),
        ("WEBP", "image/webp", "webp"),
    ],
)
def test_pictures_are_accepted(kind: str, content_type: str, ending: str) -> None:
    upload = inspect("my photo.png", picture(kind))
    assert (upload.kind, upload.content_type, upload.safe_name) == (
        "image",
        content_type,
        f"my photo.{ending}",
    )
    assert (upload.width, upload.height) == (40, 30)
    with Image.open(io.BytesIO(upload.data)) as image:
        assert image.format == kind


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_every_colour_mode_is_written_anew(mode: str) -> None:
    assert inspect("a.png", picture(mode=mode)).kind == "image"


def test_a_print_colour_jpeg_is_accepted() -> None:
    assert inspect("a.jpg", picture("JPEG", mode="CMYK")).content_type == "image/jpeg"


def test_transparency_stays() -> None:
    with Image.open(io.BytesIO(inspect("a.png", picture(mode="RGBA")).data)) as image:
        assert image.mode == "RGBA"


def test_position_and_camera_are_removed_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (51.0, 30.0, 26.0)
    data = picture("JPEG", exif=exif, comment=b"secret-note")
    assert b"SecretCamera" in data
    upload = inspect("a.jpg", data)
    assert (upload.width, upload.height) == (30, 40)
    with Image.open(io.BytesIO(upload.data)) as image:
        assert not image.getexif()
        assert not image.getexif().get_ifd(GPS)
    assert b"Secret" not in upload.data
    assert b"secret-note" not in upload.data


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_metadata_of_other_formats_is_removed(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "secret-camera"
    options: dict[str, object] = {"exif": exif, "icc_profile": b"secret-profile"}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Author", "secret-author")
        options["dpi"] = (300, 300)
    upload = inspect("a.png", picture(kind, **options))
    assert b"secret" not in upload.data
    with Image.open(io.BytesIO(upload.data)) as image:
        assert not set(image.info) & {"exif", "icc_profile", "Author", "dpi", "xmp"}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_metadata_does_not_stop_a_picture() -> None:
    broken = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00"
    assert inspect("a.jpg", picture("JPEG", exif=broken)).kind == "image"


def test_animations_stay_animated_without_their_comments() -> None:
    upload = inspect("a.gif", animation(5))
    with Image.open(io.BytesIO(upload.data)) as image:
        assert image.n_frames == 5
    assert b"secret-note" not in upload.data


def test_an_endless_animation_is_refused() -> None:
    with pytest.raises(UploadRefused):
        inspect("a.gif", animation(images.MAX_FRAMES + 1))


def test_all_frames_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 20 * 10 * 4)
    with pytest.raises(UploadRefused):
        inspect("a.gif", animation(5))


def huge_png(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(7_000, 7_000), (30_000, 30_000), (2_000_000_000, 2_000_000_000)])
@pytest.mark.parametrize("strict", [True, False])
def test_picture_bombs_are_refused_before_they_are_decoded(size: tuple[int, int], strict: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error" if strict else "ignore")
        with pytest.raises(UploadRefused):
            inspect("a.png", huge_png(*size))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_damaged_pictures_are_refused(kind: str) -> None:
    data = picture(kind, (200, 200))
    for cut in (13, len(data) // 3):
        with pytest.raises(UploadRefused):
            inspect("a.png", data[:cut])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", archive({"a.txt": b"x"}), b"<?php system(1); ?>", PDF])
def test_what_hangs_on_a_picture_is_cut_off(kind: str, tail: bytes) -> None:
    assert tail not in inspect("a.png", picture(kind) + tail).data


def test_a_script_in_a_picture_comment_is_cut_off() -> None:
    data = b"GIF89a" + picture("GIF", comment=b"*/=1;alert(1);/*<script>")[6:]
    assert b"script" not in inspect("a.gif", data).data


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", picture()),
        ("a.pdf", picture()),
        ("a.html", picture()),
        ("a", picture()),
        ("a.png", PDF),
        ("a.png", b"plain text"),
        ("a.png", archive({"a.txt": b"x"})),
        ("a.docx", archive({"a.txt": b"x"})),
        ("a.jar", archive({"a.txt": b"x"})),
        ("a.txt", PDF),
        ("a.txt.exe", b"plain text"),
        ("a.html", b"plain text"),
        ("a.svg", b"plain text"),
        ("a.js", b"alert(1)"),
    ],
)
def test_names_that_lie_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(UploadRefused):
        inspect(name, data)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xef\xbb\xbf  \n<?xml version='1.0'?><svg/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"<html>",
        b"\n\n<script>alert(1)</script>",
        b"<!-- x --><svg/>",
        b"#!/bin/sh\nrm -rf /",
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"\xca\xfe\xba\xbe\x00\x00\x00\x34",
        b"PK\x03\x04broken",
        b"\xff\xfe<\x00s\x00v\x00g\x00",
        b"\x01\x02\x03\x04\x05" * 20,
        b"\x81\xff\xff\xfe\x80",
        b"Rar!\x1a\x07\x01\x00",
        b"%!PS-Adobe-3.0\nshowpage",
        b"{\\rtf1\\ansi {\\object x}}",
        b"",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.log", "a.png", "a.svg", "a.zip"])
def test_active_and_unknown_files_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(UploadRefused):
        inspect(name, data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_logs_become_utf_8(encoding: str) -> None:
    text = "2026-11-22 10:00:00 错误：无法连接服务器，请检查网络设置\r\nError 5\u202e <b>x</b>\n"
    upload = inspect("故障.log", text.encode(encoding))
    assert upload.data.decode() == text.replace("\r\n", "\n").replace("\u202e", "")
    assert (upload.kind, upload.content_type) == ("text", "text/plain; charset=utf-8")
    assert (upload.safe_name, upload.width) == ("故障.log", 0)


@pytest.mark.parametrize(
    "text", [b"plain", b"a,b\n1,2\n", b'{"a": 1}', b"[main]\nx=1", b"\x1b[31mred\x1b[0m " * 3 + b"x" * 900]
)
def test_ordinary_texts_are_accepted(text: bytes) -> None:
    assert inspect("a.txt", text).kind == "text"


def test_a_quiet_pdf_is_kept_as_it_is() -> None:
    upload = inspect("Manual v2.PDF", PDF)
    assert (upload.kind, upload.data, upload.safe_name) == ("pdf", PDF, "Manual v2.pdf")


@pytest.mark.parametrize(
    "data",
    [
        PDF.replace(b"/Type", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> /Type"),
        PDF.replace(b"/Type", b"/S /Launch /Type"),
        PDF + archive({"a.txt": b"x"}),
        PDF.replace(b"%%EOF", b""),
    ],
)
def test_a_pdf_with_more_in_it_is_refused(data: bytes) -> None:
    with pytest.raises(UploadRefused):
        inspect("a.pdf", data)


def test_an_ordinary_archive_is_kept_as_it_is() -> None:
    data = archive({"logs/app.log": b"line one\nline two\n" * 20, "图/a.txt": b"x"})
    upload = inspect("logs.zip", data)
    assert (upload.kind, upload.content_type, upload.data) == ("archive", "application/zip", data)


@pytest.mark.parametrize(
    "entries",
    [
        {"bomb.txt": b"\0" * 3_000_000},
        {f"{n}.txt": b"" for n in range(images.MAX_ENTRIES + 1)},
        {"../../etc/cron.d/x": b"x"},
        {"/etc/passwd": b"x"},
        {"C:\\Windows\\x.txt": b"x"},
        {"a\\..\\b.txt": b"x"},
        {"setup.exe": b"x"},
        {"invoice.pdf.js": b"x"},
    ],
)
def test_bad_archives_are_refused(entries: dict[str, bytes]) -> None:
    with pytest.raises(UploadRefused):
        inspect("a.zip", archive(entries))


def test_an_archive_whose_entries_share_their_bytes_is_refused() -> None:
    data = bytearray(archive({"a.txt": b"x" * 50, "b.txt": b"x" * 50}))
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = b"\0\0\0\0"
    with pytest.raises(UploadRefused):
        inspect("a.zip", bytes(data))


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(archive({"a.txt": b"x"}))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UploadRefused):
        inspect("a.zip", bytes(data))


def test_the_size_is_limited() -> None:
    with pytest.raises(UploadRefused) as caught:
        inspect("a.txt", b"x" * 2_000_001, limit=2_000_000)
    assert "2 MB" in str(caught.value.reason)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("..\\..\\boot.png", "boot.png"),
        ("C:\\photos\\me.png", "me.png"),
        ("invoice\u202egnp.exe.png", "invoicegnp.exe.png"),
        ("a\u2066b\u2069.png", "ab.png"),
        ("a\u200bb.png", "ab.png"),
        ("截图 一.png", "截图 一.png"),
        ("..png", "file.png"),
        (".png", "file.png"),
        ('a";x=\r\n<b>.png', "a-x-b.png"),
        ("a\x00b.png", "ab.png"),
        ("x" * 300 + ".png", "x" * 96 + ".png"),
        ("  a   b .png", "a b.png"),
    ],
)
def test_file_names_are_made_safe(name: str, safe: str) -> None:
    made = safe_file_name(name, "png")
    assert made == safe
    assert len(made) <= 100


@pytest.mark.parametrize("size", [(40, 30), (30, 40), (3, 500)])
def test_a_thumbnail_is_square(size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(thumbnail(picture(size=size), 64))) as image:
        assert (image.size, image.format) == ((64, 64), "WEBP")


@pytest.mark.parametrize("data", [b"", b"text", PDF, b"<svg/>"])
def test_no_thumbnail_of_anything_else(data: bytes) -> None:
    with pytest.raises(UploadRefused):
        thumbnail(data, 64)


def test_a_damaged_picture_has_no_thumbnail() -> None:
    with pytest.raises(UploadRefused):
        thumbnail(picture(size=(300, 300))[:80], 64)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_white_letters_are_readable_on_every_drawing() -> None:
    colours = set()
    for number in range(400):
        colours |= set(re.findall(r'fill="(#[0-9a-f]{6})"', generated_avatar(f"seed-{number}", "AB")))
    assert len(colours) == 24
    assert min(1.05 / (luminance(colour) + 0.05) for colour in colours) >= 4.5


@pytest.mark.parametrize(
    ("initials", "shown"),
    [
        ("ab", "AB"),
        ("张三", "张三"),
        ("abcdef", "AB"),
        ("", ""),
        ('"><script>', "SC"),
        ("\u202eß", "SS"),
        ("&", ""),
    ],
)
def test_drawings_are_well_formed_and_show_two_letters(initials: str, shown: str) -> None:
    drawing = generated_avatar("member-7", initials)
    root = ElementTree.fromstring(drawing)
    assert (root.find("{*}text").text or "") == shown
    assert not re.search(r"style=|script|\bon\w+=|href", drawing)


def test_the_same_seed_draws_the_same() -> None:
    assert generated_avatar("a", "AB") == generated_avatar("a", "AB")
    assert len({generated_avatar(str(number), "AB") for number in range(50)}) > 45
