"""A security group lets in what is in another group, wherever its addresses are."""

from _demands import ResourceCheck
from _network import ranges

check = ResourceCheck(
    id="CKV_TAP_40",
    slug="security-group-from-group",
    name="A security group lets groups in, not addresses",
    severity="MEDIUM",
    category="NETWORKING",
    demands=ranges(lambda _: False),
)
