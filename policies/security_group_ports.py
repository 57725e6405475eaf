"""Whom a security group lets in, it lets in to the ports that are meant."""

from typing import Any

from _demands import Demand, ResourceCheck, Verdict, equals, every, verdict, where
from _planned import Planned
from paritycheck_checks import is_unknown

EVERY_PROTOCOL = {"-1", "all"}
EVERY_PORT = 65534
"""From 0 or 1 to 65535; further apart than that no two ports are."""


def _names_ports(protocol: str, first: str, last: str) -> Demand:
    def judge(planned: Planned) -> Verdict:
        rules = zip(*(planned.values(path) for path in (protocol, first, last)), strict=False)
        return every(_judge(*rule) for rule in rules)

    return Demand(judge, (protocol, first, last))


def _judge(protocol: Any, first: Any, last: Any) -> Verdict:
    if protocol is None:
        return Verdict.ABSENT
    if is_unknown(protocol):
        return Verdict.OPEN
    if str(protocol).lower() in EVERY_PROTOCOL:
        return Verdict.FAILS
    if is_unknown(first) or is_unknown(last):
        return Verdict.OPEN
    return verdict(holds=_port(last) - _port(first) < EVERY_PORT)


def _port(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return 0


check = ResourceCheck(
    id="CKV_TAP_58",
    slug="security-group-ports",
    name="A security group lets in to ports that it names",
    severity="LOW",
    category="NETWORKING",
    demands={
        "aws_security_group": _names_ports("ingress.protocol", "ingress.from_port", "ingress.to_port"),
        "aws_security_group_rule": where(equals("type", "ingress"), _names_ports("protocol", "from_port", "to_port")),
        "aws_vpc_security_group_ingress_rule": _names_ports("ip_protocol", "from_port", "to_port"),
    },
)
