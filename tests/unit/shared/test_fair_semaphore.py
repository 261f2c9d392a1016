"""The fair semaphore: how many threads run at once, and which is next."""

from threading import Thread

from shared.fair_semaphore import FairSemaphore


def waiting_in(limit: FairSemaphore, order: list[str], name: str, *, resuming: bool = False) -> Thread:
    """A thread that waits for a permit, writes its name down when it has one, and hands it on."""

    def work() -> None:
        limit.acquire(resuming=resuming)
        order.append(name)
        limit.release()

    before = limit.waiting
    thread = Thread(target=work)
    thread.start()
    while limit.waiting == before:
        pass
    return thread


def test_permits_are_handed_on_in_order_and_resuming_work_goes_first() -> None:
    limit = FairSemaphore(1)
    order: list[str] = []
    limit.acquire()
    threads = [
        waiting_in(limit, order, "first"),
        waiting_in(limit, order, "second"),
        waiting_in(limit, order, "begun", resuming=True),
    ]
    limit.release()
    for thread in threads:
        thread.join()
    assert order == ["begun", "first", "second"]


def test_a_free_permit_is_not_waited_for() -> None:
    limit = FairSemaphore(2)
    limit.acquire()
    limit.acquire()
    limit.release()
    limit.acquire()
    assert limit.waiting == 0
