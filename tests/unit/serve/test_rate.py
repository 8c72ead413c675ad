"""The limit on requests a minute."""

from rag.serve.rate import Rate


def test_a_caller_has_ten_seconds_worth_at_once_and_then_an_even_rate() -> None:
    now = 0.0
    rate = Rate(60, clock=lambda: now)

    assert [rate.wait("a") for _ in range(10)] == [0.0] * 10
    assert rate.wait("a") == 1.0
    assert rate.wait("b") == 0.0
    now = 1.0
    assert [rate.wait("a"), rate.wait("a")] == [0.0, 1.0]
    now = 1000.0
    assert [rate.wait("a") for _ in range(11)] == [0.0] * 10 + [1.0]


def test_no_limit() -> None:
    rate = Rate(0)

    assert {rate.wait("a") for _ in range(1000)} == {0.0}
