"""What happens to a drawing on its way through a copier or a scanner; repeatable from a seed."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from .paper import Point


def turned(image: Image.Image, degrees: float) -> Image.Image:
    """Return the page turned clockwise about its middle on the scanner's glass, same size."""
    return image.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=(236, 235, 230))


def turned_point(point: Point, width: float, height: float, degrees: float) -> Point:
    """Return where a point of the page lies after ``turned``."""
    angle = math.radians(degrees)
    x, y = point[0] - width / 2, point[1] - height / 2
    return (
        width / 2 + x * math.cos(angle) - y * math.sin(angle),
        height / 2 + x * math.sin(angle) + y * math.cos(angle),
    )


def scanned(image: Image.Image, degrees: float, seed: int) -> Image.Image:
    """Return a grey scan: turned, soft, off-white, grainy, with specks, a shadow and punch holes."""
    random = np.random.default_rng(seed)
    page = turned(image, degrees).convert("L").filter(ImageFilter.GaussianBlur(0.7))
    grey = 28 + np.asarray(page, np.float32) * (212 / 255)
    grey += _cloud(random, page.size, 6.0) + random.normal(0, 4.0, grey.shape)
    grey -= _shadow(page.size)
    worn = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    _specks(worn, random, 220)
    _punch_holes(worn)
    return worn


def sun_print(image: Image.Image, seed: int) -> Image.Image:
    """Return a blueprint with uneven exposure, pale fold lines and a little grain."""
    random = np.random.default_rng(seed)
    colours = np.asarray(image.filter(ImageFilter.GaussianBlur(0.6)), np.float32)
    light = _cloud(random, image.size, 14.0) + random.normal(0, 2.5, (image.height, image.width))
    for share in (1 / 3, 2 / 3):
        light[:, _near(image.width * share, image.width)] += 16
    light[_near(image.height / 2, image.height), :] += 16
    return Image.fromarray(np.clip(colours + light[..., None], 0, 255).astype(np.uint8))


def _near(position: float, length: int) -> slice:
    """Return the three pixels around a position, as far as they lie on the page."""
    middle = round(position)
    return slice(max(0, middle - 1), min(length, middle + 2))


def _cloud(random: np.random.Generator, size: tuple[int, int], strength: float) -> NDArray[np.floating]:
    coarse = Image.fromarray(random.uniform(0, 255, (7, 9)).astype(np.uint8))
    cloud = np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), np.float32)
    return (cloud / 255 - 0.5) * 2 * np.float32(strength)


def _shadow(size: tuple[int, int]) -> NDArray[np.floating]:
    width, _ = size
    distance = np.arange(width, dtype=np.float32)[None, :]
    return np.float32(70) * np.exp(-distance / 14)


def _specks(image: Image.Image, random: np.random.Generator, count: int) -> None:
    pencil = ImageDraw.Draw(image)
    for _ in range(count):
        x, y = random.integers(0, image.width), random.integers(0, image.height)
        radius = random.uniform(0.4, 1.6)
        pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=int(random.integers(40, 130)))


def _punch_holes(image: Image.Image) -> None:
    pencil = ImageDraw.Draw(image)
    for share in (0.38, 0.62):
        x, y, radius = image.width * 0.028, image.height * share, image.width * 0.009
        pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=70)
