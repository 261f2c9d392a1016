import cv2
import pytest

from builders_rooms import House, draw_house


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    cv2.setNumThreads(1)


@pytest.fixture
def house() -> House:
    """The house in the middle of a page of 1200 x 900 pixels."""
    return draw_house()
