"""A MariaDB, which stands in for Aurora MySQL."""

from __future__ import annotations

import contextlib
import json
import os
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pymysql
from pymysql.cursors import DictCursor

from tests.certificates import make_certificates
from tests.servers.processes import HOST, PASSWORD, ServerError, find_binary, running

USER = "tap"

# What Aurora MySQL 3 has as well, and what makes a server of small data start at once.
OPTIONS = [
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
        """Return a connection of the caller's own, which commits each statement and answers rows as mappings."""
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

    @contextlib.contextmanager
    def empty_database(self) -> Iterator[str]:
        """Make a database without tables, yield its name, and drop it at the end."""
        name = f"tap_{os.getpid()}_{time.monotonic_ns()}"
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
            try:
                yield name
            finally:
                cursor.execute(f"DROP DATABASE {name}")


@contextlib.contextmanager
def provide_mariadb(directory: Path) -> Iterator[AuroraServer]:
    """Yield the server that TEST_MYSQL_URL names; without it, run one."""
    if url := os.environ.get("TEST_MYSQL_URL"):
        parts = urlsplit(url)
        user, password = unquote(parts.username or "root"), unquote(parts.password or "")
        yield AuroraServer(parts.hostname or HOST, parts.port or 3306, user, password, os.environ.get("TEST_MYSQL_CA", ""))
        return
    with start_mariadb(directory) as server:
        yield server


@contextlib.contextmanager
def start_mariadb(directory: Path) -> Iterator[AuroraServer]:
    """Run a server with one user, who may do everything, as long as the context lasts."""
    installer = find_binary("mariadb-install-db", "TEST_MYSQL_URL")
    binary = find_binary("mariadbd", "TEST_MYSQL_URL")
    certificates = make_certificates(directory, HOST)
    # A server removes the temporary tables of all others that it finds in the same place when it starts.
    (directory / "tmp").mkdir()
    own = [f"--datadir={directory / 'data'}", f"--tmpdir={directory / 'tmp'}", *(["--user=root"] if os.geteuid() == 0 else [])]
    _install([installer, "--no-defaults", *own, "--auth-root-authentication-method=normal", "--skip-test-db"])
    first_statements = directory / "init.sql"
    first_statements.write_text(f"CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}';\nGRANT ALL ON *.* TO {USER}@'%' WITH GRANT OPTION;\n")

    def command(ports: Sequence[int]) -> list[str]:
        return [
            *(binary, "--no-defaults", *own, f"--port={ports[0]}", f"--bind-address={HOST}"),
            # A path in the temporary directory may be longer than the name of a socket can be; MariaDB finds this one in its data.
            *("--socket=s", f"--pid-file={directory / 'pid'}", f"--init-file={first_statements}"),
            *(f"--ssl-ca={certificates.authority}", f"--ssl-cert={certificates.certificate}", f"--ssl-key={certificates.key}"),
            *OPTIONS,
        ]

    def server(port: int) -> AuroraServer:
        return AuroraServer(HOST, port, USER, PASSWORD, str(certificates.authority))

    def answers(port: int) -> bool:
        with contextlib.suppress(pymysql.err.OperationalError):
            server(port).connect().close()
            return True
        return False

    with running(command, answers, directory / "mariadbd.log") as ports:
        yield server(ports[0])


def _install(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ServerError(f"{command[0]} failed:\n{(done.stdout + done.stderr)[-2000:]}")
