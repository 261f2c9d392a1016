"""Probes answer in time, whatever they ask."""

import threading
import time

from shared.health import HealthProbes


def broken() -> bool:
    raise ConnectionError


def test_probes_say_who_is_well() -> None:
    probes = HealthProbes({"fine": lambda: None, "says no": lambda: False, "broken": broken})
    assert probes.check() == {"fine": "healthy", "says no": "unhealthy", "broken": "unhealthy"}
    probes.close()


def test_a_hanging_probe_is_unhealthy_in_time_and_not_started_twice() -> None:
    release = threading.Event()
    started: list[int] = []

    def hang() -> bool:
        started.append(1)
        return release.wait(30)

    probes = HealthProbes({"hanging": hang, "fine": lambda: True}, timeout_seconds=0.05)
    begun = time.monotonic()
    try:
        assert probes.check() == probes.check() == {"hanging": "unhealthy", "fine": "healthy"}
        assert time.monotonic() - begun < 5
        assert len(started) == 1
    finally:
        release.set()
        probes.close()
