"""A Redis cluster of two shards."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from redis import Redis
from redis.cluster import RedisCluster
from redis.exceptions import RedisError

from tests.certificates import make_certificates
from tests.servers.processes import HOST, PASSWORD, find_binary, running, wait_until

SLOTS = 16384


@dataclass(frozen=True, slots=True)
class RedisServer:
    """Where a Redis cluster is."""

    host: str
    port: int
    token: str
    ca_file: str
    """The file of the authority that its certificates are from; empty for those that everybody trusts."""

    @property
    def secret(self) -> str:
        """The text that Secrets Manager would hold."""
        return json.dumps({"auth_token": self.token})

    def environ(self, secret_arn: str) -> dict[str, str]:
        """Return what tells a function where it is."""
        return {"REDIS_HOST": self.host, "REDIS_PORT": str(self.port), "REDIS_SECRET_ARN": secret_arn, "REDIS_CA_FILE": self.ca_file}

    def connect(self) -> RedisCluster:
        """Return a client of the caller's own, which answers texts."""
        return RedisCluster(
            host=self.host,
            port=self.port,
            password=self.token,
            ssl=True,
            ssl_ca_certs=self.ca_file or None,
            decode_responses=True,
            protocol=2,
        )


@contextlib.contextmanager
def provide_redis(directory: Path) -> Iterator[RedisServer]:
    """Yield the cluster that TEST_REDIS_URL names; without it, run one."""
    if url := os.environ.get("TEST_REDIS_URL"):
        parts = urlsplit(url)
        yield RedisServer(parts.hostname or HOST, parts.port or 6379, unquote(parts.password or ""), os.environ.get("TEST_REDIS_CA", ""))
        return
    with start_redis(directory) as server:
        yield server


@contextlib.contextmanager
def start_redis(directory: Path) -> Iterator[RedisServer]:
    """Run a cluster as long as the context lasts."""
    binary = find_binary("redis-server", "TEST_REDIS_URL")
    certificates = make_certificates(directory, HOST)

    def command(ports: Sequence[int], name: str) -> list[str]:
        (directory / name).mkdir(exist_ok=True)
        return [
            *(binary, "--bind", HOST, "--port", "0", "--tls-port", str(ports[0]), "--cluster-port", str(ports[1])),
            *("--cluster-enabled", "yes", "--cluster-config-file", f"nodes-{ports[0]}.conf", "--cluster-announce-ip", HOST),
            *("--tls-replication", "yes", "--tls-cluster", "yes", "--tls-auth-clients", "no"),
            *("--tls-cert-file", str(certificates.certificate), "--tls-key-file", str(certificates.key)),
            *("--tls-ca-cert-file", str(certificates.authority)),
            *("--requirepass", PASSWORD, "--masterauth", PASSWORD, "--save", "", "--appendonly", "no", "--dir", str(directory / name)),
        ]

    def connect(port: int) -> Redis:
        return Redis(HOST, port, password=PASSWORD, ssl=True, ssl_ca_certs=str(certificates.authority), socket_timeout=5)

    def answers(port: int) -> bool:
        with connect(port) as client, contextlib.suppress(RedisError):
            return bool(client.ping())
        return False

    with contextlib.ExitStack() as stack:
        ports = [
            stack.enter_context(running(lambda ports, name=name: command(ports, name), answers, directory / f"{name}.log"))
            for name in ("first", "second")
        ]
        shards = [stack.enter_context(connect(port[0])) for port in ports]
        shards[0].execute_command("CLUSTER", "MEET", HOST, *ports[1])
        for number, shard in enumerate(shards):
            start = number * SLOTS // 2
            shard.execute_command("CLUSTER", "ADDSLOTSRANGE", start, start + SLOTS // 2 - 1)
        wait_until(lambda: all(_is_complete(shard) for shard in shards), "the Redis cluster is not complete")
        yield RedisServer(HOST, ports[0][0], PASSWORD, str(certificates.authority))


def _is_complete(shard: Redis) -> bool:
    facts = shard.execute_command("CLUSTER", "INFO").decode().split()
    return {"cluster_state:ok", f"cluster_slots_ok:{SLOTS}"} <= set(facts)
