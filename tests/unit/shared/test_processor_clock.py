"""The processor time of a process, and what counts where the system does not tell it."""

import os
import time

from shared.sandbox.processor_clock import ProcessorClock

STEP_SECONDS = 0.02
"""More than one step of the clock, and of `os.times`."""

NO_PROCESS = 0


def test_processor_time_is_what_the_process_says_itself() -> None:
    before = sum(os.times()[:4])
    found = ProcessorClock(os.getpid()).seconds()
    assert before - STEP_SECONDS <= found <= sum(os.times()[:4]) + STEP_SECONDS


def test_the_time_that_goes_by_counts_where_processor_time_is_not_told() -> None:
    began = time.monotonic()
    clock = ProcessorClock(NO_PROCESS)
    while clock.seconds() <= STEP_SECONDS:
        assert time.monotonic() - began < 60
    assert clock.seconds() <= time.monotonic() - began
