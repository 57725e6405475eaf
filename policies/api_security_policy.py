"""An API's domain takes TLS 1.2 at least."""

import re

from _demands import ResourceCheck, attribute

_MODERN = re.compile(r"TLS_1_[23]|SecurityPolicy_TLS1[23]_\w+")


def _is_modern(policy: object) -> bool:
    return isinstance(policy, str) and _MODERN.fullmatch(policy) is not None


check = ResourceCheck(
    id="CKV_TAP_22",
    name="An API's domain takes TLS 1.2 at least",
    guideline="Set `security_policy` to `TLS_1_2`. What is not set may be old where the domain is.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_api_gateway_domain_name": attribute("security_policy", _is_modern),
        "aws_apigatewayv2_domain_name": attribute("domain_name_configuration.security_policy", _is_modern),
    },
)
