"""Redis asks for a token, or for a user and a password."""

from _demands import ResourceCheck, any_of, is_set

check = ResourceCheck(
    id="CKV_TAP_20",
    slug="redis-authentication",
    name="Redis asks who connects",
    severity="HIGH",
    category="IAM",
    demands={
        "aws_elasticache_replication_group": any_of(is_set("auth_token"), is_set("user_group_ids")),
    },
)
