"""Whom a security group lets in, it lets in to the ports that are meant."""

from _demands import ResourceCheck, equals, where
from _network import names_ports

check = ResourceCheck(
    id="CKV_TAP_58",
    name="A security group lets in to ports that it names",
    guideline="Name the protocol, and the ports with `from_port` and `to_port`; a rule for each, where there are several.",
    severity="LOW",
    category="NETWORKING",
    demands={
        "aws_security_group": names_ports("ingress.protocol", "ingress.from_port", "ingress.to_port"),
        "aws_security_group_rule": where(equals("type", "ingress"), names_ports("protocol", "from_port", "to_port")),
        "aws_vpc_security_group_ingress_rule": names_ports("ip_protocol", "from_port", "to_port"),
    },
)
