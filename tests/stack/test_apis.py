"""The APIs: the gateway's model against the function's own rules, and deployments that know what they froze."""

import gzip
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from order_validator.domain import validate_order
from shared.refusals import RefusedError

from paritycheck.source.module import Module

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "tests" / "assets" / "stack" / "prod.json.gz"

FROZEN = {
    "aws_apigatewayv2_deployment.websocket": {
        "aws_apigatewayv2_api.websocket",
        "aws_apigatewayv2_integration.websocket",
        "local.websocket_routes",
    },
    "aws_api_gateway_deployment.rest": {
        "aws_api_gateway_gateway_response.error",
        "aws_api_gateway_integration.order",
        "aws_api_gateway_integration.pos",
        "aws_api_gateway_integration.preflight",
        "aws_api_gateway_integration_response.preflight",
        "aws_api_gateway_method.order",
        "aws_api_gateway_method.pos",
        "aws_api_gateway_method.preflight",
        "aws_api_gateway_method_response.preflight",
        "aws_api_gateway_request_validator.this",
        "aws_api_gateway_resource.orders",
        "aws_api_gateway_resource.pos",
        "aws_api_gateway_resource.restaurant",
        "local.order_schema",
    },
}
"""What a deployment copies: a change of any of these must make a new one."""


def planned(address: str) -> dict[str, Any]:
    changes = json.loads(gzip.decompress(RECORDED.read_bytes()))["resource_changes"]
    (after,) = [change["change"]["after"] for change in changes if change["address"] == address]
    return after


MODEL = Draft4Validator(json.loads(planned("aws_api_gateway_model.order")["schema"]))

TEXTS = st.one_of(st.text(max_size=5), st.text(alphabet="abc", min_size=198, max_size=202), st.none(), st.integers())
DEGREES = st.one_of(st.integers(-200, 200), st.floats(-200, 200), st.booleans(), st.sampled_from([90, -90, 180, -180, 1e999]))
WHOLES = st.one_of(st.integers(-2, 60), st.sampled_from([0, 1, 50, 51, 1_000_000, 1_000_001, 1.0, True]))
GOOD_ITEMS = st.fixed_dictionaries({"sku": st.just("a"), "quantity": st.just(1), "price_cents": st.just(0)})
ITEMS = st.one_of(GOOD_ITEMS, st.fixed_dictionaries({"sku": TEXTS, "quantity": WHOLES, "price_cents": WHOLES}))
ORDERS = st.fixed_dictionaries(
    {
        "customer_id": TEXTS,
        "restaurant_id": st.just("r"),
        "region": st.just("x"),
        "destination": st.fixed_dictionaries({"latitude": DEGREES, "longitude": DEGREES}),
        "items": st.one_of(st.lists(GOOD_ITEMS, min_size=99, max_size=101), st.lists(ITEMS, max_size=2)),
    }
)


def is_taken(order: dict[str, Any]) -> bool:
    """Tell whether the function takes an order of its customer."""
    try:
        validate_order(order, user_id=order["customer_id"], idempotency_key=None, random_id=uuid.uuid4, placed_at="now")
    except RefusedError:
        return False
    return True


def test_the_model_is_a_schema_of_the_draft_that_api_gateway_reads() -> None:
    Draft4Validator.check_schema(MODEL.schema)


@given(ORDERS)
def test_the_gateway_lets_every_order_pass_that_the_function_takes(order: dict[str, Any]) -> None:
    if is_taken(order):
        assert MODEL.is_valid(order)


@pytest.mark.parametrize("field", ["customer_id", "restaurant_id", "region", "destination", "items"])
def test_the_gateway_refuses_an_order_without_a_field(field: str) -> None:
    item = {"sku": "a", "quantity": 1, "price_cents": 0}
    order = {
        "customer_id": "c",
        "restaurant_id": "r",
        "region": "x",
        "destination": {"latitude": 0, "longitude": 0},
        "items": [item],
    }

    assert MODEL.is_valid(order)
    assert not MODEL.is_valid({name: value for name, value in order.items() if name != field})


@pytest.mark.parametrize("deployment", FROZEN)
def test_a_deployment_is_made_anew_when_what_it_copied_changes(deployment: str) -> None:
    triggers = Module(ROOT).blocks[deployment].attributes["triggers"].value.text

    assert set() == {name for name in FROZEN[deployment] if name not in triggers}


@pytest.mark.parametrize("deployment", FROZEN)
def test_what_a_deployment_was_made_of_is_known_before_apply(deployment: str) -> None:
    assert 40 == len(planned(deployment)["triggers"]["redeployment"])
