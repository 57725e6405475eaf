"""The servers as fixtures: each process of pytest has its own, until it ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from redis.cluster import RedisCluster

from tests.servers import AuroraServer, RedisServer, ServerError, provide_mariadb, provide_redis
from tests.servers.processes import choose_ports


@pytest.fixture(scope="session")
def redis_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis cluster; the tests empty it themselves, or take `redis_client`."""
    with _failing_plainly(), provide_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_client(redis_cluster: RedisServer) -> Iterator[RedisCluster]:
    """A client of an empty Redis cluster."""
    client = redis_cluster.connect()
    client.flushall(target_nodes=RedisCluster.PRIMARIES)
    yield client
    client.close()


@pytest.fixture(scope="session")
def aurora(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuroraServer]:
    """A database server without tables; `database` makes an empty database on it."""
    with _failing_plainly(), provide_mariadb(tmp_path_factory.mktemp("mariadb")) as server:
        yield server


@pytest.fixture
def database(aurora: AuroraServer) -> Iterator[str]:
    """The name of an empty database, which is gone after the test."""
    with aurora.empty_database() as name:
        yield name


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    return choose_ports()[0]


@contextlib.contextmanager
def _failing_plainly() -> Iterator[None]:
    """Fail the test with what to do, and not with where in the servers' code that was found out."""
    try:
        yield
    except ServerError as error:
        pytest.fail(str(error), pytrace=False)
