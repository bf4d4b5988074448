"""A nudge that was lost is made up for, and sockets that wait cost the database next to nothing."""

from sessions_app.frames import Pong, Resync
from sessions_app.polling import FIRST_SECONDS, LONGEST_SECONDS, Polling


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_widget_that_pings_does_not_put_off_the_look_into_the_store() -> None:
    clock = Clock()
    polling = Polling(clock)
    for _ in range(2):
        clock.now += 25
        polling.take([Pong()])
    clock.now += 1
    assert polling.seconds <= 0


def test_a_silent_socket_looks_ever_more_rarely_and_one_that_stirs_soon_again() -> None:
    clock, waits = Clock(), []
    polling = Polling(clock)
    for _ in range(8):
        waits.append(polling.seconds)
        clock.now += polling.seconds
        polling.take([])
    assert waits == sorted(waits[:4]) + waits[4:]
    assert min(waits[4:]) >= LONGEST_SECONDS * 0.8
    assert max(waits) <= LONGEST_SECONDS
    polling.take([Resync(after=0)])
    assert polling.seconds <= FIRST_SECONDS
