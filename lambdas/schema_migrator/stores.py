"""Where versions come from, and the database that they are applied to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from pymysql import Connection
from pymysql.cursors import DictCursor
from shared.aurora import Aurora

from schema_migrator.domain import SchemaError, Version

LOCK_WAIT_S = 5

_CREATE = """\
CREATE TABLE IF NOT EXISTS schema_migrations (
  name       VARCHAR(200) NOT NULL PRIMARY KEY,
  checksum   CHAR(64)     NOT NULL,
  applied_at DATETIME(3)  NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"""


class Schema(Protocol):
    """A database that remembers which versions it has."""

    def applied(self) -> Mapping[str, str]:
        """Return the checksums of the versions that are applied, by name."""

    def apply(self, version: Version) -> None:
        """Apply a version and remember it."""


class AuroraSchema:
    """Remembers the versions in a table of their own.

    MySQL commits every change of a table by itself. Who dies after the statement and before it is remembered leaves a
    version that is applied once more, so that statements have to allow for that: CREATE TABLE IF NOT EXISTS does.
    """

    def __init__(self, connection: Connection[DictCursor]) -> None:
        """Change the database of this connection, and let no other one take its place: see `lock_schema`."""
        self._connection = connection

    def applied(self) -> Mapping[str, str]:
        """See `Schema.applied`."""
        with self._connection.cursor() as cursor:
            cursor.execute(_CREATE)
            cursor.execute("SELECT name, checksum FROM schema_migrations")
            return {row["name"]: row["checksum"] for row in cursor.fetchall()}

    def apply(self, version: Version) -> None:
        """See `Schema.apply`."""
        with self._connection.cursor() as cursor:
            cursor.execute(version.statement)
            cursor.execute("INSERT INTO schema_migrations (name, checksum) VALUES (%s, %s)", (version.name, version.checksum))


@contextlib.contextmanager
def lock_schema(aurora: Aurora) -> Iterator[AuroraSchema]:
    """Yield the schema of a database, and keep all others out; raise `SchemaError` if somebody else does so for long.

    The lock is the connection's: it goes with whoever dies, and with a connection that is lost.
    """
    connection = aurora.connection()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT GET_LOCK(SHA2(DATABASE(), 256), %s) AS locked", (LOCK_WAIT_S,))
            if not (cursor.fetchone() or {}).get("locked"):
                raise SchemaError("somebody else is migrating this database")
        yield AuroraSchema(connection)
    finally:
        aurora.close()


def read_versions(directory: Path) -> list[Version]:
    """Return the versions in a directory's files NNN_what.sql."""
    return [Version(path.stem, path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.sql"))]
