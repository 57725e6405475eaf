"""Who may come in and go out by the rules of security groups, and to which ports."""

from __future__ import annotations

import ipaddress
from typing import Any

from _demands import Demand, Test, Verdict, all_of, attribute, equals, every, some, verdict, where
from _planned import Planned
from paritycheck_checks import is_unknown

RANGES = {
    "aws_default_security_group": ("ingress.cidr_blocks", "ingress.ipv6_cidr_blocks"),
    "aws_security_group": ("ingress.cidr_blocks", "ingress.ipv6_cidr_blocks"),
    "aws_security_group_rule": ("cidr_blocks", "ipv6_cidr_blocks"),
    "aws_vpc_security_group_ingress_rule": ("cidr_ipv4", "cidr_ipv6"),
}
"""Where the addresses are that may come in."""

LISTS = {
    "aws_default_security_group": "ingress.prefix_list_ids",
    "aws_security_group": "ingress.prefix_list_ids",
    "aws_security_group_rule": "prefix_list_ids",
    "aws_vpc_security_group_ingress_rule": "prefix_list_id",
}
"""Where lists of addresses are named."""


def ranges(test: Test) -> dict[str, Demand]:
    """Demand of every rule that lets somebody in that each of its ranges of addresses passes a test, those of this stack's lists too."""

    def judge(value: Any) -> bool:
        return all(test(each) for each in (value if isinstance(value, list) else [value]) if each)

    demands = {type_: all_of(*(attribute(path, judge) for path in paths), _listed(LISTS[type_], judge)) for type_, paths in RANGES.items()}
    demands["aws_security_group_rule"] = where(equals("type", "ingress"), demands["aws_security_group_rule"])
    return demands


def _listed(path: str, test: Test) -> Demand:
    """Demand that the addresses of each prefix list that an attribute names pass a test."""
    in_list, in_entry = attribute("entry.cidr", test), attribute("cidr", test)

    def judge(rule: Planned) -> Verdict:
        lists = [each for each in rule.used("aws_ec2_managed_prefix_list") if rule.means(path, each)]
        entries = (
            entry for each in lists for entry in each.users("aws_ec2_managed_prefix_list_entry") if entry.means("prefix_list_id", each)
        )
        return every([*map(in_list.judge, lists), *map(in_entry.judge, entries)])

    return Demand(judge, (path,))


def is_world(addresses: Any) -> bool:
    """Whether a range is wider than any network of somebody's own, so that several such halves of the world are one too."""
    try:
        network = ipaddress.ip_network(addresses, strict=False)
    except ValueError:
        return True
    return network.prefixlen < (8 if network.version == 4 else 16)


def reaches_world(*paths: str) -> Demand:
    """Demand of a rule that one of its ranges of addresses is the world."""

    def judge(rule: Planned) -> Verdict:
        values = (value for path in paths for value in rule.values(path))
        addresses = (
            each for value in values for each in (list.__iter__(value) if isinstance(value, list) else [value]) if each is not None
        )
        return some(Verdict.OPEN if is_unknown(each) else verdict(holds=is_world(each)) for each in addresses)

    return Demand(judge, paths)


EVERY_PROTOCOL = {"-1", "all"}
EVERY_PORT = 65534
"""From 0 or 1 to 65535; further apart than that no two ports are."""


def names_ports(protocol: str, first: str, last: str) -> Demand:
    """Demand of rules that they are about ports, by the attributes that say which."""

    def judge(planned: Planned) -> Verdict:
        rules = zip(*(planned.values(path) for path in (protocol, first, last)), strict=False)
        return every(_judge_ports(*rule) for rule in rules)

    return Demand(judge, (protocol, first, last))


def _judge_ports(protocol: Any, first: Any, last: Any) -> Verdict:
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
