"""Whom a security group lets in, it lets in to the ports that are meant."""

from _demands import ResourceCheck, equals, where
from _network import names_ports

check = ResourceCheck(
    id="CKV_TAP_58",
    slug="security-group-ports",
    name="A security group lets in to ports that it names",
    severity="LOW",
    category="NETWORKING",
    demands={
        "aws_security_group": names_ports("ingress.protocol", "ingress.from_port", "ingress.to_port"),
        "aws_security_group_rule": where(equals("type", "ingress"), names_ports("protocol", "from_port", "to_port")),
        "aws_vpc_security_group_ingress_rule": names_ports("ip_protocol", "from_port", "to_port"),
    },
)
