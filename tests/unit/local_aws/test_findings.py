import numpy as np
import pytest

from local_aws.textract.ocr import Finding, merge_findings


def finding(left: float, top: float, right: float, bottom: float) -> Finding:
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float32)
    return Finding(corners, 0.9)


LABEL = finding(100, 100, 300, 140)


@pytest.mark.parametrize(
    ("fine", "coarse", "kept"),
    [
        ([], [], []),
        ([LABEL], [], [LABEL]),
        ([], [LABEL], [LABEL]),
        ([LABEL], [finding(98, 98, 305, 142)], [LABEL]),
        ([finding(100, 100, 160, 140)], [LABEL], [LABEL]),
        ([LABEL], [finding(100, 300, 300, 340)], [LABEL, finding(100, 300, 300, 340)]),
        (
            [finding(100, 100, 195, 140), finding(205, 100, 300, 140)],
            [LABEL],
            [finding(100, 100, 195, 140), finding(205, 100, 300, 140)],
        ),
    ],
    ids=[
        "nothing",
        "fine look alone",
        "coarse look alone",
        "seen twice",
        "the fine look saw only the beginning",
        "two labels",
        "the fine look told two words apart",
    ],
)
def test_a_label_is_kept_once(fine: list[Finding], coarse: list[Finding], kept: list[Finding]) -> None:
    found = merge_findings(fine, coarse)
    assert [f.corners.tolist() for f in found] == [f.corners.tolist() for f in kept]
