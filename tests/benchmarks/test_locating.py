"""The location processor and the loop that it is measured against leave the same positions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis.cluster import RedisCluster

from benchmarks.locating import FOLLOWED, Bench, Sent, check, prepare
from tests.servers import RedisServer


@pytest.fixture
def bench(redis_cluster: RedisServer, redis_client: RedisCluster) -> Iterator[Bench]:
    with prepare(redis_cluster, positions=3 * FOLLOWED) as bench:
        yield bench


def test_both_sides_leave_the_same(bench: Bench) -> None:
    check(bench)

    items, drivers, places = bench.state()
    assert [3 * FOLLOWED] * 3 == [len(items), len(drivers), len(places)]


def test_customers_see_their_drivers(bench: Bench) -> None:
    sent = Sent()
    bench.process(bench.stores(sent))

    assert {"c-0=", f"c-{FOLLOWED}=", f"c-{2 * FOLLOWED}="} == sent.messages.keys()


def test_different_states_are_an_error(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.locating.process_plainly", lambda event, stores: None)

    with pytest.raises(RuntimeError, match="leave different states"):
        check(bench)


def test_a_position_that_fails_ends_the_measuring(bench: Bench) -> None:
    bench.event["Records"][0]["kinesis"]["data"] = "bm9uZQ=="

    with pytest.raises(RuntimeError, match="a position failed"):
        bench.process(bench.stores(Sent()))
