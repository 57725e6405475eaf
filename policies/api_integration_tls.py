"""An API calls what is behind it over TLS, and looks at the certificate."""

from _demands import Demand, ResourceCheck, all_of, attribute, equals, is_false, where


def _over_tls(kind: str, address: str) -> Demand:
    return where(
        equals(kind, "HTTP", "HTTP_PROXY"),
        all_of(
            attribute(address, lambda uri: not str(uri).lower().startswith("http://")),
            is_false("tls_config.insecure_skip_verification"),
        ),
    )


check = ResourceCheck(
    id="CKV_TAP_23",
    name="An API calls its backend over TLS",
    guideline="Call an address that begins with `https://`, and leave `insecure_skip_verification` off.",
    severity="HIGH",
    category="ENCRYPTION",
    demands={
        "aws_api_gateway_integration": _over_tls("type", "uri"),
        "aws_apigatewayv2_integration": _over_tls("integration_type", "integration_uri"),
    },
)
