"""The functions' client of the Redis cluster, on a real one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping

import boto3
import pytest
from moto import mock_aws
from redis import Redis
from redis.cluster import RedisCluster
from redis.exceptions import RedisClusterException, ResponseError
from shared import secrets
from shared.redis import UNAVAILABLE, connect_redis

from tests.servers import HOST, RedisServer

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:tap-redis-auth-AbCdEf"


class Vault:
    """Secrets as they are read, one after the other; the last one stays."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.asked: list[str] = []

    def read(self, arn: str) -> Mapping[str, str]:
        self.asked.append(arn)
        return {"auth_token": self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]}


@pytest.fixture
def clients() -> Iterator[list[RedisCluster]]:
    """Clients to close."""
    made: list[RedisCluster] = []
    yield made
    for client in made:
        client.close()


def test_answers_texts_and_finds_every_shard(redis_cluster: RedisServer, redis_client: RedisCluster, clients: list[RedisCluster]) -> None:
    client = connect_redis(redis_cluster.environ(ARN), Vault(redis_cluster.token).read)
    clients.append(client)
    regions = [f"surge:{{region-{number}}}" for number in range(20)]
    for number, key in enumerate(regions):
        client.zadd(key, {"zone": 1 + number / 4})

    assert [1 + number / 4 for number in range(20)] == [client.zscore(key, "zone") for key in regions]
    assert 2 == len({client.get_node_from_key(key).name for key in regions})
    assert sorted(regions) == sorted(redis_client.keys("surge:*", target_nodes=RedisCluster.PRIMARIES))


def test_a_command_takes_keys_of_one_region_and_not_of_two(
    redis_cluster: RedisServer, redis_client: RedisCluster, clients: list[RedisCluster]
) -> None:
    client = connect_redis(redis_cluster.environ(ARN), Vault(redis_cluster.token).read)
    clients.append(client)
    client.geoadd("geo:{berlin}", (13.4, 52.5, "driver"))
    client.zadd("surge:{berlin}", {"u33d": 1.5})

    assert [] == client.zinter(["geo:{berlin}", "surge:{berlin}"])
    with pytest.raises((ResponseError, RedisClusterException), match="slot"):
        client.zinter(["geo:{berlin}", "surge:{paris}"])


def test_reads_the_token_from_secrets_manager(
    redis_cluster: RedisServer, clients: list[RedisCluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock_aws():
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        secrets._connect.cache_clear()
        arn = boto3.client("secretsmanager").create_secret(Name="tap-redis-auth", SecretString=redis_cluster.secret)["ARN"]
        clients.append(connect_redis(redis_cluster.environ(arn)))
    secrets._connect.cache_clear()

    assert clients[0].ping()


def test_reads_the_token_once_for_all_connections(redis_cluster: RedisServer, clients: list[RedisCluster]) -> None:
    vault = Vault(redis_cluster.token)
    clients.append(connect_redis(redis_cluster.environ(ARN), vault.read))
    clients[0].ping(target_nodes=RedisCluster.ALL_NODES)

    assert [ARN] == vault.asked


def test_reads_a_refused_token_once_more(redis_cluster: RedisServer, clients: list[RedisCluster]) -> None:
    vault = Vault("the token of last week", redis_cluster.token)
    clients.append(connect_redis(redis_cluster.environ(ARN), vault.read))

    assert clients[0].ping()
    assert [ARN, ARN] == vault.asked


def test_a_client_survives_the_replacement_of_its_token(redis_cluster: RedisServer, clients: list[RedisCluster]) -> None:
    vault = Vault(redis_cluster.token, "new")
    client = connect_redis(redis_cluster.environ(ARN), vault.read)
    clients.append(client)
    with redis_cluster.connect() as owner:
        nodes = owner.get_primaries()
        shards = [Redis(HOST, node.port, password=redis_cluster.token, ssl=True, ssl_ca_certs=redis_cluster.ca_file) for node in nodes]
        try:
            for shard in shards:
                shard.execute_command("ACL", "SETUSER", "default", "resetpass", ">new")
                shard.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

            assert client.ping(target_nodes=RedisCluster.ALL_NODES)
        finally:
            for shard in shards:
                shard.execute_command("ACL", "SETUSER", "default", "resetpass", f">{redis_cluster.token}")
                shard.close()


def test_gives_up_when_the_token_stays_wrong(redis_cluster: RedisServer) -> None:
    vault = Vault("wrong")

    with pytest.raises(UNAVAILABLE, match="invalid username-password pair"):
        connect_redis(redis_cluster.environ(ARN), vault.read)
    assert [ARN, ARN] == vault.asked


@pytest.mark.parametrize("variable", ["REDIS_HOST", "REDIS_PORT", "REDIS_SECRET_ARN"])
def test_names_a_variable_that_is_missing(variable: str) -> None:
    environ = RedisServer(HOST, 6379, "", "").environ(ARN)
    del environ[variable]

    with pytest.raises(KeyError, match=variable):
        connect_redis(environ, Vault(json.dumps({})).read)


def test_says_soon_that_nobody_answers(free_port: int) -> None:
    start = time.monotonic()

    with pytest.raises(UNAVAILABLE):
        connect_redis(RedisServer(HOST, free_port, "token", "").environ(ARN), Vault("token").read)
    assert time.monotonic() - start < 5


def test_trusts_no_authority_but_the_named_one(redis_cluster: RedisServer) -> None:
    environ = {**redis_cluster.environ(ARN), "REDIS_CA_FILE": ""}

    with pytest.raises(UNAVAILABLE, match="certificate verify failed"):
        connect_redis(environ, Vault(redis_cluster.token).read)
