"""Pictures from strangers' phones: checked by content, turned upright, freed of metadata, made small."""

from __future__ import annotations

import hashlib
import io
import uuid
import warnings
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.orm import Session

from civicforum.errors import Invalid
from civicforum.records.models import Photo

LARGEST_UPLOAD = 12 * 1024 * 1024
LARGEST_KEPT = 500 * 1024
LONGEST_SIDE = 1600
THUMBNAIL_SIDE = 320
# A picture of more pixels than any phone takes is refused before it is unpacked. A plain JPEG is unpacked
# reduced, anything else pixel by pixel, four bytes each: a page scanned at 600 dpi has 35 million.
MOST_PIXELS = 120_000_000
MOST_UNPACKED = 36_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITIES = (85, 75, 65, 50, 35)


class PhotoProblem(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN = "broken"


class PhotoRefused(Invalid):
    """The file is not a picture that can be kept; `problem` says why, `records.forms` has the words."""

    def __init__(self, problem: PhotoProblem, field: str = "photos") -> None:
        super().__init__(problem.value, field)
        self.problem = problem


@dataclass(frozen=True)
class Prepared:
    """A picture ready to be kept: JPEG bytes without metadata, and its thumbnail."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def read_photo(data: bytes) -> Prepared:
    """Check and reduce an uploaded file, whatever its name says it is. Raises PhotoRefused."""
    if not data:
        raise PhotoRefused(PhotoProblem.EMPTY)
    if len(data) > LARGEST_UPLOAD:
        raise PhotoRefused(PhotoProblem.TOO_LARGE)
    upright = _open(data)
    content, size = _reduce(upright, LONGEST_SIDE)
    thumbnail, _ = _reduce(upright, THUMBNAIL_SIDE)
    return Prepared(content, thumbnail, *size)


def store_photo(
    session: Session,
    *,
    community_id: uuid.UUID,
    data: bytes,
    description: str,
    uploaded_by: uuid.UUID | None,
    now: datetime,
) -> Photo:
    """Keep an uploaded file as a photo of the community. Raises PhotoRefused."""
    prepared = read_photo(data)
    photo = Photo(
        community_id=community_id,
        content=prepared.content,
        thumbnail=prepared.thumbnail,
        media_type="image/jpeg",
        width=prepared.width,
        height=prepared.height,
        sha256=hashlib.sha256(prepared.content).hexdigest(),
        description=description.strip()[:200],
        uploaded_by_id=uploaded_by,
        uploaded_at=now,
    )
    session.add(photo)
    session.flush()
    return photo


def _open(data: bytes) -> Image.Image:
    """Return the picture's pixels alone, turned as its metadata says, on white where it was transparent."""
    try:
        with warnings.catch_warnings():
            # The size is judged below, by our own limit.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
        if picture.width * picture.height > _most_pixels(picture):
            raise PhotoRefused(PhotoProblem.TOO_MANY_PIXELS)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        turned = ImageOps.exif_transpose(_smaller(picture))
    except UnidentifiedImageError as error:
        raise PhotoRefused(PhotoProblem.WRONG_TYPE) from error
    except Image.DecompressionBombError as error:
        raise PhotoRefused(PhotoProblem.TOO_MANY_PIXELS) from error
    # Metadata that lies about its own kind ends Pillow with a TypeError.
    except (OSError, SyntaxError, ValueError, EOFError, TypeError) as error:
        raise PhotoRefused(PhotoProblem.BROKEN) from error
    return _on_white(turned)


def _most_pixels(picture: Image.Image) -> int:
    is_plain = picture.format == "JPEG" and "progressive" not in picture.info
    return MOST_PIXELS if is_plain else MOST_UNPACKED


def _smaller(picture: Image.Image) -> Image.Image:
    """Return the picture no larger than it is kept, so that what follows copies no large one."""
    if picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _reduce(picture: Image.Image, longest_side: int) -> tuple[bytes, tuple[int, int]]:
    """Return the picture as JPEG of at most LARGEST_KEPT bytes, and its width and height."""
    smaller = picture.copy()
    smaller.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    while True:
        for quality in _QUALITIES:
            written = _write(smaller, quality)
            if len(written) <= LARGEST_KEPT:
                return written, smaller.size
        smaller = smaller.reduce(2)


def _write(picture: Image.Image, quality: int) -> bytes:
    # Only the pixels: a fresh image carries neither place nor camera.
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
    return target.getvalue()
