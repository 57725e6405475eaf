"""A private Redis and a private MariaDB for the tests that need them: each process of pytest has its own, until it ends.

They listen on free ports of the loopback interface, keep everything in a temporary directory, and talk TLS only, with
certificates of an authority that is made for them. Redis is a cluster of two shards and MariaDB stands in for Aurora
MySQL, as ``tap_stack.tf`` has them. TEST_REDIS_URL (rediss://:token@host:port, a cluster, whose data are lost) and
TEST_MYSQL_URL (mysql://user:password@host:port) name others to use instead, over TLS as well; TEST_REDIS_CA and
TEST_MYSQL_CA name the files of their authorities. A Redis is for one process at a time.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pymysql
import pytest
from pymysql.cursors import DictCursor
from redis import Redis
from redis.cluster import RedisCluster
from redis.exceptions import RedisError

from tests.certificates import make_certificates

HOST = "127.0.0.1"
USER = "tap"
PASSWORD = "only-for-tests"
SLOTS = 16384
PATIENCE_S = 20.0

# What Aurora MySQL 3 has as well, and what makes a server of small data start at once.
MARIADB_OPTIONS = [
    "--character-set-server=utf8mb4",
    "--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
    "--require-secure-transport=ON",
    "--default-time-zone=+00:00",
    "--lower-case-table-names=0",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-log-file-size=8M",
    "--innodb-buffer-pool-size=32M",
    "--performance-schema=OFF",
]


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
        """Return a client of the tests' own, which answers texts."""
        return RedisCluster(
            host=self.host,
            port=self.port,
            password=self.token,
            ssl=True,
            ssl_ca_certs=self.ca_file or None,
            decode_responses=True,
            protocol=2,
        )


@dataclass(frozen=True, slots=True)
class AuroraServer:
    """Where a server of MySQL's protocol is, and who may do everything there."""

    host: str
    port: int
    user: str
    password: str
    ca_file: str
    """The file of the authority that its certificate is from; empty for those that everybody trusts."""

    @property
    def secret(self) -> str:
        """The text that Secrets Manager would hold."""
        return json.dumps({"username": self.user, "password": self.password})

    def environ(self, secret_arn: str, database: str) -> dict[str, str]:
        """Return what tells a function where it is."""
        return {
            "AURORA_HOST": self.host,
            "AURORA_PORT": str(self.port),
            "AURORA_DATABASE": database,
            "AURORA_SECRET_ARN": secret_arn,
            "AURORA_CA_FILE": self.ca_file,
        }

    def connect(self, database: str | None = None) -> pymysql.Connection[DictCursor]:
        """Return a connection of the tests' own, which commits each statement and answers rows as mappings."""
        return pymysql.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            database=database,
            ssl=ssl.create_default_context(cafile=self.ca_file or None),
            autocommit=True,
            charset="utf8mb4",
            cursorclass=DictCursor,
        )


@pytest.fixture(scope="session")
def redis_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis cluster; the tests empty it themselves, or take `redis_client`."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield _read_redis_url(url)
        return
    directory = tmp_path_factory.mktemp("redis")
    with start_redis(directory) as server:
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
    if url := os.environ.get("TEST_MYSQL_URL"):
        yield _read_mysql_url(url)
        return
    directory = tmp_path_factory.mktemp("mariadb")
    with start_mariadb(directory) as server:
        yield server


@pytest.fixture
def database(aurora: AuroraServer) -> Iterator[str]:
    """The name of an empty database, which is gone after the test."""
    name = f"tap_{os.getpid()}_{time.monotonic_ns()}"
    with aurora.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield name
        cursor.execute(f"DROP DATABASE {name}")


@contextlib.contextmanager
def start_redis(directory: Path) -> Iterator[RedisServer]:
    """Run a cluster of two shards as long as the context lasts."""
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
            stack.enter_context(_running(lambda ports, name=name: command(ports, name), answers, directory / f"{name}.log"))
            for name in ("first", "second")
        ]
        shards = [stack.enter_context(connect(port[0])) for port in ports]
        shards[0].execute_command("CLUSTER", "MEET", HOST, *ports[1])
        for number, shard in enumerate(shards):
            start = number * SLOTS // 2
            shard.execute_command("CLUSTER", "ADDSLOTSRANGE", start, start + SLOTS // 2 - 1)
        _wait_until(lambda: all(_is_complete(shard) for shard in shards), "the Redis cluster is not complete")
        yield RedisServer(HOST, ports[0][0], PASSWORD, str(certificates.authority))


def _is_complete(shard: Redis) -> bool:
    facts = shard.execute_command("CLUSTER", "INFO").decode().split()
    return {"cluster_state:ok", f"cluster_slots_ok:{SLOTS}"} <= set(facts)


@contextlib.contextmanager
def start_mariadb(directory: Path) -> Iterator[AuroraServer]:
    """Run a server with one user, who may do everything, as long as the context lasts."""
    installer = find_binary("mariadb-install-db", "TEST_MYSQL_URL")
    binary = find_binary("mariadbd", "TEST_MYSQL_URL")
    certificates = make_certificates(directory, HOST)
    data = directory / "data"
    # A server removes the temporary tables of all others that it finds in the same place when it starts.
    (directory / "tmp").mkdir()
    own = [f"--datadir={data}", f"--tmpdir={directory / 'tmp'}", *(["--user=root"] if os.geteuid() == 0 else [])]
    subprocess.run(
        [installer, "--no-defaults", *own, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True,
        capture_output=True,
    )
    first_statements = directory / "init.sql"
    first_statements.write_text(f"CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}';\nGRANT ALL ON *.* TO {USER}@'%' WITH GRANT OPTION;\n")

    def command(ports: Sequence[int]) -> list[str]:
        return [
            *(binary, "--no-defaults", *own, f"--port={ports[0]}", f"--bind-address={HOST}"),
            # A path in the temporary directory may be longer than the name of a socket can be; MariaDB finds this one in its data.
            *("--socket=s", f"--pid-file={directory / 'pid'}", f"--init-file={first_statements}"),
            *(f"--ssl-ca={certificates.authority}", f"--ssl-cert={certificates.certificate}", f"--ssl-key={certificates.key}"),
            *MARIADB_OPTIONS,
        ]

    def server(port: int) -> AuroraServer:
        return AuroraServer(HOST, port, USER, PASSWORD, str(certificates.authority))

    def answers(port: int) -> bool:
        with contextlib.suppress(pymysql.err.OperationalError):
            server(port).connect().close()
            return True
        return False

    with _running(command, answers, directory / "mariadbd.log") as ports:
        yield server(ports[0])


def find_binary(name: str, variable: str) -> str:
    """Return the path of a program, or fail with what to do."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin")
    if path is None:
        pytest.fail(f"{name} is not installed: run .ci/servers as root, or let {variable} name a server for tests", pytrace=False)
    return path


@contextlib.contextmanager
def _running(command: Callable[[Sequence[int]], list[str]], answers: Callable[[int], bool], log: Path) -> Iterator[Sequence[int]]:
    """Run a server, and yield its ports once it answers; stop it at the end.

    Between choosing a port and listening on it somebody else may take it: the server ends, and gets another one.
    """
    # Where there is such a program, the server does not outlive tests that are killed.
    leash = [setpriv, "--pdeathsig", "KILL"] if (setpriv := shutil.which("setpriv")) else []
    for _ in range(5):
        ports = _choose_ports()
        line = [*leash, *command(ports)]
        with log.open("wb") as output, subprocess.Popen(line, stdout=output, stderr=subprocess.STDOUT, cwd=log.parent) as process:
            try:
                _wait_until(lambda: process.poll() is not None or answers(ports[0]), f"{log} does not say why")  # noqa: B023
                if process.poll() is None:
                    yield ports
                    return
            finally:
                process.kill()
    pytest.fail(f"the server does not start:\n{log.read_text(errors='replace')[-2000:]}", pytrace=False)


def _choose_ports() -> tuple[int, int]:
    with socket.create_server((HOST, 0)) as first, socket.create_server((HOST, 0)) as second:
        return first.getsockname()[1], second.getsockname()[1]


def _wait_until(condition: Callable[[], bool], problem: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"after {PATIENCE_S:.0f} seconds: {problem}", pytrace=False)
        time.sleep(0.02)


def _read_redis_url(url: str) -> RedisServer:
    parts = urlsplit(url)
    return RedisServer(parts.hostname or HOST, parts.port or 6379, unquote(parts.password or ""), os.environ.get("TEST_REDIS_CA", ""))


def _read_mysql_url(url: str) -> AuroraServer:
    parts = urlsplit(url)
    user, password = unquote(parts.username or "root"), unquote(parts.password or "")
    return AuroraServer(parts.hostname or HOST, parts.port or 3306, user, password, os.environ.get("TEST_MYSQL_CA", ""))


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    return _choose_ports()[0]
