"""The Redis cluster, over TLS, with the AUTH token from Secrets Manager."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from redis.backoff import ExponentialWithJitterBackoff
from redis.cluster import RedisCluster
from redis.credentials import CredentialProvider
from redis.exceptions import AuthenticationError, RedisClusterException, RedisError
from redis.retry import Retry

from shared.secrets import ReadSecret, read_secret

UNAVAILABLE = (RedisError, RedisClusterException)
"""What a command raises when the cluster, or the shard of its keys, does not answer; the second is no kind of the first."""

CONNECT_TIMEOUT_S = 1.0
ANSWER_TIMEOUT_S = 2.0
RETRIES = 2


def connect_redis(environ: Mapping[str, str], secrets: ReadSecret | None = None) -> RedisCluster:
    """Return a client, which answers texts; raise one of `UNAVAILABLE` if no shard answers, and `KeyError` by a variable's name.

    REDIS_HOST, REDIS_PORT and REDIS_SECRET_ARN say where the cluster is. REDIS_CA_FILE may name the authority of its
    certificates; without it they are from one that everybody trusts, as ElastiCache's are. Keep the client: connecting
    costs several round trips, and a client looks for the shards again by itself after a failover.
    """
    return _Cluster(
        token=_Token(functools.partial(secrets or read_secret, environ["REDIS_SECRET_ARN"])),
        host=environ["REDIS_HOST"],
        port=int(environ["REDIS_PORT"]),
        ca_file=environ.get("REDIS_CA_FILE") or None,
    )


def surge_key(region: str) -> str:
    """Return the key of a region's price multipliers: a sorted set, scored by them, of zones."""
    return f"surge:{{{region}}}"


def waiting_key(region: str, zone: str) -> str:
    """Return the key of a zone's orders without drivers: a sorted set, scored by the times they were placed, of their ids."""
    return f"waiting:{{{region}}}:{zone}"


class _Token(CredentialProvider):
    """The AUTH token, read when it is first needed."""

    def __init__(self, read: functools.partial[Mapping[str, str]]) -> None:
        self._read = read
        self._token: str | None = None

    def get_credentials(self) -> tuple[str]:
        if self._token is None:
            self._token = self._read()["auth_token"]
        return (self._token,)

    def renew(self) -> bool:
        """Read the token again, and return whether it is another one now."""
        before, self._token = self._token, self._read()["auth_token"]
        return self._token != before


class _Cluster(RedisCluster):
    """A client that reads its token once more when Redis refuses it: it may have been replaced since it was read."""

    def __init__(self, *, token: _Token, host: str, port: int, ca_file: str | None) -> None:
        self._token = token
        super().__init__(
            host=host,
            port=port,
            credential_provider=token,
            ssl=True,
            ssl_ca_certs=ca_file,
            ssl_check_hostname=True,
            decode_responses=True,
            # The protocol whose answers do not depend on the server's version.
            protocol=2,
            socket_connect_timeout=CONNECT_TIMEOUT_S,
            socket_timeout=ANSWER_TIMEOUT_S,
            socket_keepalive=True,
            retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.5), RETRIES),
            # The configuration endpoint names the nodes there are; those of an hour ago may all be gone.
            dynamic_startup_nodes=False,
            # A shard that is down takes its own regions with it, not those of the others.
            require_full_coverage=False,
        )

    def on_connect(self, connection: Any) -> None:
        """Sign in on a new connection."""
        try:
            super().on_connect(connection)  # type: ignore[no-untyped-call]  # redis-py does not say its types
        except AuthenticationError:
            if not self._token.renew():
                raise
            # A refused connection is closed: this opens it anew, and signs in again.
            connection.disconnect()
            connection.connect()
