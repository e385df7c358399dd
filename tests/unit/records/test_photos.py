"""Pictures that come in: what is refused with which reason, and what is left of those that are kept."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from civicforum.records import photos
from civicforum.records.photos import (
    LARGEST_KEPT,
    LARGEST_UPLOAD,
    LONGEST_SIDE,
    THUMBNAIL_SIDE,
    PhotoProblem,
    PhotoRefused,
    read_photo,
)

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def picture(form: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(target, form, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_a_known_kind_becomes_jpeg(form: str) -> None:
    kept = read_photo(picture(form))
    assert opened(kept.content).format == opened(kept.thumbnail).format == "JPEG"
    assert (kept.width, kept.height) == (40, 20)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", PhotoProblem.EMPTY),
        (b"#!/bin/sh\necho", PhotoProblem.WRONG_TYPE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PhotoProblem.WRONG_TYPE),
        (picture("GIF", mode="P"), PhotoProblem.WRONG_TYPE),
        (picture("BMP"), PhotoProblem.WRONG_TYPE),
        (picture("JPEG", (400, 400))[:400], PhotoProblem.BROKEN),
        (picture("PNG", (400, 400))[:60], PhotoProblem.BROKEN),
        (b"\xff\xd8\xff" + b"x" * LARGEST_UPLOAD, PhotoProblem.TOO_LARGE),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(data: bytes, problem: PhotoProblem) -> None:
    with pytest.raises(PhotoRefused) as refused:
        read_photo(data)
    assert refused.value.problem is problem


@pytest.mark.parametrize(
    ("limit", "form", "options"),
    [
        ("MOST_PIXELS", "JPEG", {}),
        ("MOST_UNPACKED", "JPEG", {"progressive": True}),
        ("MOST_UNPACKED", "PNG", {}),
        ("MOST_UNPACKED", "WEBP", {}),
    ],
)
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch, limit: str, form: str, options: dict[str, bool]
) -> None:
    monkeypatch.setattr(photos, limit, 799)
    with pytest.raises(PhotoRefused) as refused:
        read_photo(picture(form, **options))
    assert refused.value.problem is PhotoProblem.TOO_MANY_PIXELS


def test_a_photo_is_turned_upright_and_freed_of_place_and_camera() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "Camera"
    exif[GPS] = {1: "N", 2: (39.0, 54.0, 0.0)}
    kept = read_photo(picture("JPEG", exif=exif))
    assert (kept.width, kept.height) == (20, 40)
    left = opened(kept.content)
    assert not left.getexif()
    assert "exif" not in left.info
    assert b"Camera" not in kept.content


def test_a_large_photo_is_reduced_in_pixels_and_in_bytes() -> None:
    noise = Image.effect_noise((3000, 2000), 120).convert("RGB")
    target = io.BytesIO()
    noise.save(target, "JPEG", quality=95)
    kept = read_photo(target.getvalue())
    assert max(kept.width, kept.height) <= LONGEST_SIDE
    assert len(kept.content) <= LARGEST_KEPT
    assert max(opened(kept.thumbnail).size) <= THUMBNAIL_SIDE


def test_what_was_transparent_becomes_white() -> None:
    kept = read_photo(picture("PNG", mode="RGBA"))
    assert opened(kept.content).getpixel((5, 5)) == (255, 255, 255)
