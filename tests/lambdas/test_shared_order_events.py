"""Order events: what a message of a queue says, and how an order becomes JSON."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.order_events import OrderEvent, read_json, read_order_event, write_json
from shared.orders import STAGES, PoisonError, Status

NUMBERS = st.integers(-(10**15), 10**15) | st.decimals(-(10**6), 10**6, places=4).map(Decimal.normalize)


def message(body: str = '{"order_id":"o-1"}', stage: str = "placed") -> dict[str, Any]:
    """A message as Lambda hands it over, raw from the topic."""
    return {"messageId": "m-1", "body": body, "messageAttributes": {"order_stage": {"stringValue": stage, "dataType": "String"}}}


class TestReading:
    @pytest.mark.parametrize("stage", STAGES)
    def test_a_message_is_an_order_at_a_stage(self, stage: Status) -> None:
        assert OrderEvent(stage, {"order_id": "o-1"}) == read_order_event(message(stage=stage))

    @pytest.mark.parametrize("stage", ["accepted", "", "PLACED", "cooked"])
    def test_what_is_not_a_stage_is_poison(self, stage: str) -> None:
        with pytest.raises(PoisonError, match="order_stage"):
            read_order_event(message(stage=stage))

    def test_a_message_without_attributes_is_poison(self) -> None:
        with pytest.raises(PoisonError, match="order_stage"):
            read_order_event({"body": "{}", "messageAttributes": {}})

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "{",
            "[" * 100_000,
            '{"distance_km":NaN}',
            '{"distance_km":Infinity}',
            "9" * 5000,
            "1e" + "9" * 30,
            '{"surge":1e999999999}',
            "1e126",
            '{"sku":"\\ud800"}',
            '{"\\ud800":1}',
            '{"sku":"\ud800"}',
        ],
    )
    def test_what_is_not_json_is_poison(self, body: str) -> None:
        with pytest.raises(PoisonError, match="the body is not JSON"):
            read_order_event(message(body))

    @pytest.mark.parametrize("body", ["null", "[]", '"order"', "1"])
    def test_what_is_no_object_is_poison(self, body: str) -> None:
        with pytest.raises(PoisonError, match="the body is not an order"):
            read_order_event(message(body))

    @pytest.mark.parametrize("value", [None, "", 7, True, [], "a\nb", "x" * 201])
    def test_what_is_no_id_is_poison(self, value: object) -> None:
        with pytest.raises(PoisonError, match="order_id is not an id"):
            OrderEvent(Status.PLACED, {"order_id": value}).identify("order_id")

    def test_a_missing_id_is_poison(self) -> None:
        with pytest.raises(PoisonError, match="driver_id is not an id"):
            OrderEvent(Status.PLACED, {}).identify("driver_id")


class TestWriting:
    def test_an_order_is_written_with_numbers_as_numbers(self) -> None:
        order = {"total_cents": Decimal(900), "surge": Decimal("1.25"), "dates": {"b", "a"}, "name": "Käse"}

        assert '{"dates":["a","b"],"name":"Käse","surge":1.25,"total_cents":900}' == write_json(order)

    @given(numbers=st.lists(NUMBERS))
    def test_numbers_arrive_as_they_were(self, numbers: list[int | Decimal]) -> None:
        body = write_json({"numbers": numbers})

        assert numbers == read_order_event(message(body)).order["numbers"]

    def test_characters_beyond_the_basic_plane_are_read(self) -> None:
        assert "🍜" == read_json('"\\ud83c\\udf5c"')

    @pytest.mark.parametrize("text", ["9.9e125", "1e-130", "0.0"])
    def test_numbers_that_dynamodb_keeps_are_read(self, text: str) -> None:
        assert Decimal(text) == read_json(text)

    @pytest.mark.parametrize("value", [b"bytes", object()])
    def test_what_json_cannot_hold_is_refused(self, value: object) -> None:
        with pytest.raises(TypeError):
            write_json({"value": value})

    def test_whole_numbers_have_no_point(self) -> None:
        assert {"cents": 100} == json.loads(write_json({"cents": Decimal("1E+2")}))
