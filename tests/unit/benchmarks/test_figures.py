"""The statistics that the benchmark table rests on."""

import pytest

from benchmarks.figures import Figure, interleaved, percentile, table


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([5.0], 95, 5.0),
        ([3.0, 1.0, 2.0], 50, 2.0),
        ([float(n) for n in range(1, 101)], 95, 95.0),
        ([float(n) for n in range(1, 101)], 99, 99.0),
        ([1.0, 2.0], 99, 2.0),
    ],
)
def test_percentile_is_the_smallest_value_that_so_many_do_not_exceed(
    values: list[float], percent: int, expected: float
) -> None:
    assert percentile(values, percent) == expected


def test_interleaved_takes_turns_and_does_not_count_the_warming_round() -> None:
    calls: list[str] = []
    first, second = interleaved(2, lambda: calls.append("a"), lambda: calls.append("b"))
    assert calls == ["a", "b"] * 3
    assert (len(first), len(second)) == (2, 2)


def test_the_table_says_which_figures_are_over() -> None:
    lines = table([Figure("fast", "1 ms", "2 ms", True), Figure("slow", "3 ms", "2 ms", False)]).splitlines()
    assert [line.split()[0] for line in lines if line.split()[-1] in ("ok", "OVER")] == ["fast", "slow"]
    assert lines[-1].endswith("OVER")
