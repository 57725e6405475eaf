"""What goes out to the world goes to the ports that are meant, and nothing does from what only answers."""

from _demands import Demand, ResourceCheck, Verdict, all_of, blocks, equals, every, named_by, verdict, where
from _network import names_ports, reaches_world
from _planned import Planned

SERVERS = (
    ("aws_db_instance", "vpc_security_group_ids"),
    ("aws_docdb_cluster", "vpc_security_group_ids"),
    ("aws_elasticache_cluster", "security_group_ids"),
    ("aws_elasticache_replication_group", "security_group_ids"),
    ("aws_elasticache_serverless_cache", "security_group_ids"),
    ("aws_memorydb_cluster", "security_group_ids"),
    ("aws_neptune_cluster", "vpc_security_group_ids"),
    ("aws_rds_cluster", "vpc_security_group_ids"),
    ("aws_vpc_endpoint", "security_group_ids"),
)
"""What answers and never asks, and which attribute names its groups."""

_SERVES = named_by(*SERVERS)


def _only_asks(group: Planned) -> Verdict:
    return verdict(holds=_SERVES.judge(group) is not Verdict.HOLDS)


def _is_of_who_asks(rule: Planned) -> Verdict:
    groups = (group for group in rule.used("aws_security_group") if rule.means("security_group_id", group))
    return every(map(_only_asks, groups))


_RULE = all_of(names_ports("ip_protocol", "from_port", "to_port"), Demand(_is_of_who_asks))
_OLD_RULE = all_of(names_ports("protocol", "from_port", "to_port"), Demand(_is_of_who_asks))
_WORLD = reaches_world("cidr_blocks", "ipv6_cidr_blocks")

check = ResourceCheck(
    id="CKV_TAP_60",
    name="A security group lets out to the world by ports that it names",
    guideline=(
        "Name the protocol and the ports, or the group or prefix list that is asked. Take the rule away where the group belongs to a "
        "database, a cache or an endpoint."
    ),
    severity="LOW",
    category="NETWORKING",
    demands={
        "aws_security_group": all_of(
            blocks("egress", where(_WORLD, names_ports("protocol", "from_port", "to_port"))),
            where(reaches_world("egress.cidr_blocks", "egress.ipv6_cidr_blocks"), Demand(_only_asks)),
        ),
        "aws_security_group_rule": where(all_of(equals("type", "egress"), _WORLD), _OLD_RULE),
        "aws_vpc_security_group_egress_rule": where(reaches_world("cidr_ipv4", "cidr_ipv6"), _RULE),
    },
)
