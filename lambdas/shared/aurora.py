"""The Aurora database, over TLS, with the password that RDS keeps in Secrets Manager and replaces every week."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

import pymysql
from pymysql.constants import ER
from pymysql.cursors import DictCursor

from shared.secrets import ReadSecret, read_secret

AUTHORITIES = Path(__file__).with_name("rds.pem")
"""The authorities of RDS, one for each region; tools/select_rds_authorities.py writes them."""

UNAVAILABLE = (pymysql.err.OperationalError, pymysql.err.InterfaceError)
"""What connecting and every statement may raise when the database does not answer; a later try may succeed."""

CONNECT_TIMEOUT_S = 3
ANSWER_TIMEOUT_S = 10


class Aurora:
    """A database that is connected to when it is first needed, and kept between the invocations of a function.

    Every statement is its own transaction, unless it is in a `transaction`: a connection that waits for the next
    invocation holds no locks, and sees no old snapshot then. Times are UTC, and values that do not fit their column
    are refused, whatever the server's own settings are.
    """

    def __init__(self, environ: Mapping[str, str], secrets: ReadSecret | None = None, *, answer_timeout_s: int = ANSWER_TIMEOUT_S) -> None:
        """Read AURORA_HOST, AURORA_PORT, AURORA_DATABASE, AURORA_SECRET_ARN; raise `KeyError` by a variable's name.

        AURORA_CA_FILE may name another file of authorities than that of RDS.
        """
        self._host = environ["AURORA_HOST"]
        self._port = int(environ["AURORA_PORT"])
        self._database = environ["AURORA_DATABASE"]
        self._secret_arn = environ["AURORA_SECRET_ARN"]
        self._authorities = environ.get("AURORA_CA_FILE") or AUTHORITIES
        self._read_secret = secrets or read_secret
        self._answer_timeout_s = answer_timeout_s
        self._secret: Mapping[str, str] | None = None
        self._tls: ssl.SSLContext | None = None
        self._kept: pymysql.Connection[DictCursor] | None = None

    def connection(self) -> pymysql.Connection[DictCursor]:
        """Return the connection, which answers and takes writes; raise one of `UNAVAILABLE` if there is none to be had.

        Its cursors answer rows as mappings. It stays this object's: do not close it, nor use it in a `with`.
        """
        if self._kept is not None and not _takes_writes(self._kept):
            self.close()
        if self._kept is None:
            self._kept = self._sign_in()
        return self._kept

    @contextlib.contextmanager
    def transaction(self) -> Iterator[DictCursor]:
        """Yield a cursor whose statements are all done, or none of them if the block raises.

        When the connection is lost while committing, nobody knows which: statements have to be such that they may be
        repeated.
        """
        connection = self.connection()
        try:
            connection.begin()
            with connection.cursor() as cursor:
                yield cursor
            connection.commit()
        except BaseException:
            # A server drops what a lost connection has not committed; a connection in an unknown state is not kept.
            try:
                connection.rollback()
            except pymysql.err.MySQLError:
                self.close()
            raise

    def close(self) -> None:
        """Drop the connection; the next use makes a new one."""
        kept, self._kept = self._kept, None
        if kept is not None:
            with contextlib.suppress(pymysql.err.MySQLError, OSError):
                kept.close()

    def _sign_in(self) -> pymysql.Connection[DictCursor]:
        if self._secret is None:
            self._secret = self._read_secret(self._secret_arn)
        try:
            return self._connect(self._secret)
        except pymysql.err.OperationalError as error:
            if error.args[0] != ER.ACCESS_DENIED_ERROR:
                raise
        self._secret = self._read_secret(self._secret_arn)
        return self._connect(self._secret)

    def _connect(self, secret: Mapping[str, str]) -> pymysql.Connection[DictCursor]:
        if self._tls is None:
            self._tls = ssl.create_default_context(cafile=self._authorities)
        return pymysql.connect(
            host=self._host,
            port=self._port,
            user=secret["username"],
            password=secret["password"],
            database=self._database,
            ssl=self._tls,
            charset="utf8mb4",
            sql_mode="TRADITIONAL",
            init_command="SET time_zone = '+00:00'",
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=self._answer_timeout_s,
            write_timeout=self._answer_timeout_s,
            cursorclass=DictCursor,
        )


def _takes_writes(connection: pymysql.Connection[DictCursor]) -> bool:
    """Tell whether a server still answers, and is no reader: after a failover the cluster's name means another server."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT @@innodb_read_only + @@read_only AS read_only")
            row = cursor.fetchone()
    except (pymysql.err.MySQLError, OSError):
        return False
    return row is not None and not row["read_only"]
