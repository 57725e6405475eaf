"""No security group lets the world in."""

from _demands import ResourceCheck
from _network import is_world, ranges

check = ResourceCheck(
    id="CKV_TAP_39",
    name="A security group does not let the world in",
    guideline="Name the group that may come in. What the internet must reach belongs behind API Gateway, CloudFront or a load balancer.",
    severity="CRITICAL",
    category="NETWORKING",
    demands=ranges(lambda addresses: not is_world(addresses)),
)
