"""Redis, and what has become of it, as ElastiCache and MemoryDB run it."""

from __future__ import annotations

from _demands import all_of, attribute, equals

IS_REDIS = equals("engine", "redis", "valkey")

IS_NODE = all_of(IS_REDIS, attribute("replication_group_id", lambda group: not group))
"""Whether an `aws_elasticache_cluster` belongs to no replication group, and has nothing of what only those have: TLS, a token, a key."""

HAS_NEITHER = attribute("engine", lambda _: False)
