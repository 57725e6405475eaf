"""An API knows who asks, wherever API Gateway can find out."""

from _demands import Demand, ResourceCheck, Verdict, all_of, any_of, attribute, blocks, equals, verdict
from _planned import Planned
from paritycheck_checks import is_unknown


def _is_preflight(planned: Planned) -> Verdict:
    """Browsers ask without credentials whether they may ask."""
    key = planned.value("route_key")
    return verdict(holds=None if is_unknown(key) else str(key).upper().startswith("OPTIONS "))


def _is_within_connection(planned: Planned) -> Verdict:
    """Of a WebSocket API, `$connect` alone can be authorized: who gets no further says nothing else."""
    key = planned.value("route_key")
    protocols = [api.value("protocol_type") for api in planned.used("aws_apigatewayv2_api") if planned.means("api_id", api)]
    if is_unknown(key) or any(map(is_unknown, protocols)):
        return Verdict.OPEN
    return verdict(holds=key != "$connect" and protocols == ["WEBSOCKET"])


def _tells_users_apart(way: object) -> bool:
    """The key of an API is in the hands of all its clients."""
    return way != "API_KEY"


check = ResourceCheck(
    id="CKV_TAP_46",
    name="An API knows who asks",
    guideline="Choose `AWS_IAM`, Cognito, JWT or an authorizer of your own.",
    severity="HIGH",
    category="NETWORKING",
    demands={
        "aws_api_gateway_method": any_of(
            equals("authorization", "AWS_IAM", "COGNITO_USER_POOLS", "CUSTOM"),
            equals("http_method", "OPTIONS"),
        ),
        # A target is a route to it for everybody.
        "aws_apigatewayv2_api": attribute("target", lambda target: not target),
        "aws_apigatewayv2_route": any_of(
            equals("authorization_type", "AWS_IAM", "CUSTOM", "JWT"),
            Demand(_is_preflight, ("route_key",)),
            Demand(_is_within_connection, ("route_key",)),
        ),
        "aws_appsync_graphql_api": all_of(
            attribute("authentication_type", _tells_users_apart),
            blocks("additional_authentication_provider", attribute("authentication_type", _tells_users_apart)),
        ),
    },
)
