"""The functions' connection to Aurora, on a real MariaDB."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pymysql
import pytest
from shared.aurora import UNAVAILABLE, Aurora

from tests.servers import HOST, AuroraServer

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!cluster-AbCdEf"


class Vault:
    """Passwords as they are read, one after the other; the last one stays."""

    def __init__(self, user: str, *passwords: str) -> None:
        self.user = user
        self.passwords = list(passwords)
        self.asked: list[str] = []

    def read(self, arn: str) -> Mapping[str, str]:
        self.asked.append(arn)
        return {"username": self.user, "password": self.passwords.pop(0) if len(self.passwords) > 1 else self.passwords[0]}


@pytest.fixture
def vault(aurora: AuroraServer) -> Vault:
    return Vault(aurora.user, aurora.password)


@pytest.fixture
def db(aurora: AuroraServer, database: str, vault: Vault) -> Iterator[Aurora]:
    """An empty database with one table."""
    connected = Aurora(aurora.environ(ARN, database), vault.read)
    execute(connected, "CREATE TABLE orders (order_id VARCHAR(3) PRIMARY KEY, total_cents INT UNSIGNED NOT NULL)")
    yield connected
    connected.close()


def execute(db: Aurora, statement: str) -> list[dict[str, object]]:
    with db.connection().cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def execute_together(db: Aurora, *statements: str) -> None:
    with db.transaction() as cursor:
        for statement in statements:
            cursor.execute(statement)


def connection_id(db: Aurora) -> object:
    return execute(db, "SELECT CONNECTION_ID() AS id")[0]["id"]


def kill(aurora: AuroraServer, identifier: object) -> None:
    with aurora.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"KILL {identifier}")


def test_keeps_its_connection(db: Aurora, vault: Vault) -> None:
    assert connection_id(db) == connection_id(db)
    assert [ARN] == vault.asked


def test_talks_tls(db: Aurora) -> None:
    assert execute(db, "SHOW STATUS LIKE 'Ssl_version'")[0]["Value"] in {"TLSv1.2", "TLSv1.3"}


def test_replaces_a_connection_that_was_dropped_in_between(db: Aurora, aurora: AuroraServer) -> None:
    before = connection_id(db)
    kill(aurora, before)

    assert before != connection_id(db)


def test_leaves_a_server_that_takes_no_writes_any_more(db: Aurora, aurora: AuroraServer) -> None:
    before = connection_id(db)
    with aurora.connect() as other, other.cursor() as cursor:
        cursor.execute("SET GLOBAL read_only = 1")
        try:
            assert before != connection_id(db)
        finally:
            cursor.execute("SET GLOBAL read_only = 0")


def test_a_statement_is_seen_by_others_at_once(db: Aurora, aurora: AuroraServer, database: str) -> None:
    execute(db, "INSERT INTO orders VALUES ('a', 1)")

    with aurora.connect(database) as other, other.cursor() as cursor:
        assert 1 == cursor.execute("SELECT * FROM orders")


def test_a_transaction_is_seen_whole_and_at_its_end(db: Aurora, aurora: AuroraServer, database: str) -> None:
    with aurora.connect(database) as other, other.cursor() as reader:
        with db.transaction() as cursor:
            cursor.execute("INSERT INTO orders VALUES ('a', 1), ('b', 2)")
            assert 0 == reader.execute("SELECT * FROM orders")
        assert 2 == reader.execute("SELECT * FROM orders")


def test_nothing_stays_of_a_transaction_that_raises(db: Aurora) -> None:
    with pytest.raises(pymysql.err.IntegrityError):
        execute_together(db, "INSERT INTO orders VALUES ('a', 1)", "INSERT INTO orders VALUES ('a', 2)")

    assert [] == execute(db, "SELECT * FROM orders")


def test_nothing_stays_of_a_transaction_whose_connection_is_lost(db: Aurora) -> None:
    before = connection_id(db)
    with pytest.raises(UNAVAILABLE):
        execute_together(db, "INSERT INTO orders VALUES ('a', 1)", f"KILL {before}", "INSERT INTO orders VALUES ('b', 2)")

    assert [] == execute(db, "SELECT * FROM orders")
    assert before != connection_id(db)


@pytest.mark.parametrize("values", ["('long', 1)", "('a', -1)", "('a', 99999999999)", "('a', NULL)", "('a', 'x')"])
def test_a_value_that_does_not_fit_is_refused(db: Aurora, values: str) -> None:
    with pytest.raises(pymysql.err.MySQLError):
        execute(db, f"INSERT INTO orders VALUES {values}")


def test_times_are_utc(db: Aurora) -> None:
    (row,) = execute(db, "SELECT NOW() AS now")

    assert isinstance(row["now"], datetime)
    assert abs(row["now"] - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=1)


def test_reads_a_refused_password_once_more(aurora: AuroraServer, database: str) -> None:
    vault = Vault(aurora.user, "the password of last week", aurora.password)
    db = Aurora(aurora.environ(ARN, database), vault.read)

    assert connection_id(db)
    assert [ARN, ARN] == vault.asked
    db.close()


def test_survives_the_replacement_of_its_password(aurora: AuroraServer, database: str) -> None:
    with aurora.connect() as owner, owner.cursor() as cursor:
        cursor.execute("CREATE USER rotated@'%' IDENTIFIED BY 'old'")
        cursor.execute(f"GRANT ALL ON {database}.* TO rotated@'%'")
        db = Aurora(aurora.environ(ARN, database), Vault("rotated", "old", "new").read)
        before = connection_id(db)
        cursor.execute("ALTER USER rotated@'%' IDENTIFIED BY 'new'")
        kill(aurora, before)

        assert before != connection_id(db)
        db.close()
        cursor.execute("DROP USER rotated@'%'")


def test_gives_up_when_the_password_stays_wrong(aurora: AuroraServer, database: str) -> None:
    vault = Vault(aurora.user, "wrong")

    with pytest.raises(UNAVAILABLE, match="Access denied"):
        Aurora(aurora.environ(ARN, database), vault.read).connection()
    assert [ARN, ARN] == vault.asked


def test_trusts_the_authorities_of_rds_alone_unless_told_otherwise(aurora: AuroraServer, database: str, vault: Vault) -> None:
    environ = {**aurora.environ(ARN, database), "AURORA_CA_FILE": ""}

    with pytest.raises(UNAVAILABLE, match="certificate verify failed"):
        Aurora(environ, vault.read).connection()


@pytest.mark.parametrize("variable", ["AURORA_HOST", "AURORA_PORT", "AURORA_DATABASE", "AURORA_SECRET_ARN"])
def test_names_a_variable_that_is_missing(variable: str) -> None:
    environ = AuroraServer(HOST, 3306, "", "", "").environ(ARN, "tap")
    del environ[variable]

    with pytest.raises(KeyError, match=variable):
        Aurora(environ)


def test_says_soon_that_nobody_answers(free_port: int) -> None:
    start = time.monotonic()
    environ = AuroraServer(HOST, free_port, "", "", "").environ(ARN, "tap")

    with pytest.raises(UNAVAILABLE):
        Aurora(environ, Vault("tap", "x").read).connection()
    assert time.monotonic() - start < 5
