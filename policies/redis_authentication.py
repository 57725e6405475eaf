"""Redis asks for a token, or for a user and a password."""

from _demands import ResourceCheck, all_of, any_of, attribute, is_false, is_set, where
from _redis import HAS_NEITHER, IS_NODE, IS_REDIS

check = ResourceCheck(
    id="CKV_TAP_20",
    name="Redis asks who connects",
    guideline="Set `auth_token`, or `user_group_ids` with users of their own rights.",
    severity="HIGH",
    category="IAM",
    demands={
        "aws_elasticache_cluster": where(IS_NODE, HAS_NEITHER),
        "aws_elasticache_replication_group": any_of(is_set("auth_token"), is_set("user_group_ids")),
        "aws_elasticache_serverless_cache": where(IS_REDIS, is_set("user_group_id")),
        # Every group has a user called "default", who may be switched off.
        "aws_elasticache_user": any_of(
            all_of(
                is_false("no_password_required"), attribute("authentication_mode.type", lambda mode: str(mode) != "no-password-required")
            ),
            attribute("access_string", lambda access: "on" not in str(access).lower().split()),
        ),
        "aws_memorydb_cluster": attribute("acl_name", lambda name: name != "open-access"),
    },
)
