"""A private Redis and a private MariaDB: each process that asks for them has its own, as long as it wants.

They listen on free ports of the loopback interface, keep everything in a directory that the caller names, and talk TLS
only, with certificates of an authority that is made for them. Redis is a cluster of two shards and MariaDB stands in for
Aurora MySQL, as ``tap_stack.tf`` has them. TEST_REDIS_URL (rediss://:token@host:port, a cluster, whose data are lost) and
TEST_MYSQL_URL (mysql://user:password@host:port) name others to use instead, over TLS as well; TEST_REDIS_CA and
TEST_MYSQL_CA name the files of their authorities. A Redis is for one process at a time. ``.ci/servers`` installs what is missing.

Nothing here knows pytest but ``fixtures``.
"""

from tests.servers.mariadb import AuroraServer, provide_mariadb, start_mariadb
from tests.servers.processes import HOST, ServerError
from tests.servers.redis import RedisServer, provide_redis, start_redis

__all__ = ["HOST", "AuroraServer", "RedisServer", "ServerError", "provide_mariadb", "provide_redis", "start_mariadb", "start_redis"]
