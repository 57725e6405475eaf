"""Who may come in by the rules of security groups."""

from __future__ import annotations

import ipaddress
from typing import Any

from _demands import Demand, Test, all_of, attribute, equals, where

RANGES = {
    "aws_default_security_group": ("ingress.cidr_blocks", "ingress.ipv6_cidr_blocks"),
    "aws_security_group": ("ingress.cidr_blocks", "ingress.ipv6_cidr_blocks"),
    "aws_security_group_rule": ("cidr_blocks", "ipv6_cidr_blocks"),
    "aws_vpc_security_group_ingress_rule": ("cidr_ipv4", "cidr_ipv6"),
}
"""Where the addresses are that may come in."""


def ranges(test: Test) -> dict[str, Demand]:
    """Demand of every rule that lets somebody in that each of its ranges of addresses passes a test."""

    def judge(value: Any) -> bool:
        return all(test(each) for each in (value if isinstance(value, list) else [value]) if each)

    demands = {type_: all_of(*(attribute(path, judge) for path in paths)) for type_, paths in RANGES.items()}
    demands["aws_security_group_rule"] = where(equals("type", "ingress"), demands["aws_security_group_rule"])
    return demands


def is_world(addresses: Any) -> bool:
    """Whether a range is wider than any network of somebody's own, so that several such halves of the world are one too."""
    try:
        network = ipaddress.ip_network(addresses, strict=False)
    except ValueError:
        return True
    return network.prefixlen < (8 if network.version == 4 else 16)
