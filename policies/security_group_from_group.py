"""A security group lets in what is in another group, wherever its addresses are."""

from _demands import ResourceCheck
from _network import ranges

check = ResourceCheck(
    id="CKV_TAP_40",
    name="A security group lets groups in, not addresses",
    guideline="Set `referenced_security_group_id`, or a prefix list where there are no groups.",
    severity="MEDIUM",
    category="NETWORKING",
    demands=ranges(lambda _: False),
)
