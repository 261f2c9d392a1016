"""The Textract simulator's own controls."""

import requests

CONTROL_SECONDS = 10


class TextractSimulator:
    """Sets faults and reads the counter of a running simulator."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def calls(self) -> int:
        """Return how many times AnalyzeDocument was called since the start."""
        answer = requests.get(f"{self._base_url}/_simulator/calls", timeout=CONTROL_SECONDS)
        return int(answer.json()["AnalyzeDocument"])

    def fail(self, mode: str, *, rate: float = 1, seconds: float = 1) -> None:
        """Let calls meet a fault: ``throttle``, ``error``, ``refuse``, ``hang``, or ``slow`` by seconds."""
        fault = {"mode": mode, "rate": rate, "seconds": seconds}
        requests.put(
            f"{self._base_url}/_simulator/faults", json=fault, timeout=CONTROL_SECONDS
        ).raise_for_status()

    def recover(self) -> None:
        """Lift the fault."""
        self.fail("none")
