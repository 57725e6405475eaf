"""The settlement's calculator: what deliveries bring, by which rule, and what it is told of them."""

import ast
import json
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import earnings_calculator
import pytest
from earnings_calculator import handler
from earnings_calculator.domain import (
    Delivery,
    InvalidDeliveryError,
    Pay,
    Rule,
    UnknownRegionError,
    choose_rules,
    pay_day,
    pay_delivery,
    read_delivery,
)
from earnings_calculator.settings import Settings, read_settings
from earnings_calculator.stores import AuroraRules, Deliveries, DynamoDeliveries, Rules
from hypothesis import assume, given
from hypothesis import strategies as st
from moto import mock_aws
from shared.aurora import Aurora
from shared.earnings import COMPONENTS, Earnings, InvalidEarningsError, read_earnings

from tests.lambdas.settling import ORDERS_INDEX, SECRET_ARN, create_orders, create_tables
from tests.servers import AuroraServer

DAY = "2026-03-01"
RULE = Rule("berlin", "2026-01-01", base_cents=250, per_km_cents=80, per_minute_cents=15, surge_share=Decimal("0.50"))
DELIVERY = Delivery("berlin", Decimal("3.2"), Decimal("1.5"), timedelta(minutes=20), tip_cents=100)

NUMBERS = {"allow_nan": False, "allow_infinity": False}
RULES = st.builds(
    Rule,
    st.just("berlin"),
    st.just("2026-01-01"),
    *[st.integers(0, 100_000)] * 3,
    st.decimals(0, 1, places=3, **NUMBERS),
)
DELIVERIES = st.builds(
    Delivery,
    st.just("berlin"),
    st.decimals(0, 1_000, places=4, **NUMBERS),
    st.decimals(1, 10, places=2, **NUMBERS),
    st.timedeltas(timedelta(), timedelta(days=2)),
    st.integers(0, 100_000),
)


def total(delivery: Delivery, rule: Rule) -> int:
    return pay_day("d", DAY, [delivery], {"berlin": rule}).total_cents


def item(**changes: Any) -> dict[str, Any]:
    """A delivered order as the table holds it, but for the changes."""
    return {
        "order_id": "o-1",
        "driver_id": "anna",
        "region": "berlin",
        "status": "delivered",
        "distance_km": Decimal("3.2"),
        "surge": Decimal("1.5"),
        "assigned_at": "2026-03-01T23:40:00.000+00:00",
        "delivered_at": "2026-03-02T00:00:00.000+00:00",
        "delivery_date": DAY,
        "tip_cents": Decimal(100),
    } | changes


class TestPay:
    def test_each_component_is_as_documented(self) -> None:
        # 3.2 km * 80 = 256; 20 min * 15 = 300; half of 0.5 * (250 + 256 + 300) = 201.5, up.
        assert Pay(base_cents=250, distance_cents=256, time_cents=300, surge_cents=202, tip_cents=100) == pay_delivery(DELIVERY, RULE)

    @pytest.mark.parametrize(("km", "cents"), [("0.00624", 0), ("0.00625", 1), ("0.01874", 1), ("0.01875", 2)])
    def test_half_a_cent_is_rounded_up(self, km: str, cents: int) -> None:
        assert cents == pay_delivery(replace(DELIVERY, distance_km=Decimal(km)), RULE).distance_cents

    def test_the_surge_counts_on_the_exact_components(self) -> None:
        third = Delivery("berlin", Decimal(0), Decimal(3), timedelta(seconds=1), 0)
        rule = replace(RULE, base_cents=0, per_minute_cents=29, surge_share=Decimal(1))

        assert (0, 1) == (pay_delivery(third, rule).time_cents, pay_delivery(third, rule).surge_cents)

    @given(DELIVERIES, RULES)
    def test_nothing_is_negative_and_every_number_is_whole(self, delivery: Delivery, rule: Rule) -> None:
        pay = pay_delivery(delivery, rule)
        values = [getattr(pay, name) for name in COMPONENTS]

        assert [int] * len(values) == [type(value) for value in values]
        assert min(values) >= 0

    @given(st.lists(DELIVERIES, max_size=6), st.lists(DELIVERIES, max_size=6), RULES)
    def test_days_are_additive(self, some: list[Delivery], others: list[Delivery], rule: Rule) -> None:
        all_of_them, one_part, other_part = (pay_day("d", DAY, day, {"berlin": rule}) for day in (some + others, some, others))

        for name in ("orders", "total_cents", *COMPONENTS):
            assert getattr(all_of_them, name) == getattr(one_part, name) + getattr(other_part, name)

    @given(DELIVERIES, RULES, st.decimals(0, 100, places=3, **NUMBERS), st.timedeltas(timedelta(), timedelta(hours=9)), st.integers(0, 999))
    def test_more_never_brings_less(self, delivery: Delivery, rule: Rule, more: Decimal, longer: timedelta, tip: int) -> None:
        least = total(delivery, rule)

        assert least <= total(replace(delivery, distance_km=delivery.distance_km + more), rule)
        assert least <= total(replace(delivery, surge=delivery.surge + more), rule)
        assert least <= total(replace(delivery, duration=delivery.duration + longer), rule)
        assert least + tip == total(replace(delivery, tip_cents=delivery.tip_cents + tip), rule)

    def test_no_number_is_a_float(self) -> None:
        trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(*earnings_calculator.__path__).glob("*.py")]
        nodes = [node for tree in trees for node in ast.walk(tree)]

        assert [] == [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, float)]
        assert [] == [node for node in nodes if isinstance(node, ast.Name) and node.id == "float"]


class TestRules:
    def test_the_rule_that_became_valid_last_counts(self) -> None:
        old, new, future = (replace(RULE, valid_from=day) for day in ("2026-01-01", DAY, "2026-03-02"))

        assert {"berlin": new} == choose_rules([future, new, old], DAY)

    def test_a_region_without_a_rule_is_named(self) -> None:
        with pytest.raises(UnknownRegionError, match="'oslo' on 2026-03-01"):
            pay_day("d", DAY, [replace(DELIVERY, region="oslo")], {"berlin": RULE})

    def test_a_rule_of_tomorrow_is_none(self) -> None:
        assert {} == choose_rules([replace(RULE, valid_from="2026-03-02")], DAY)


class TestReading:
    def test_an_item_becomes_a_delivery(self) -> None:
        assert DELIVERY == read_delivery(item())

    def test_an_order_without_a_tip_has_none(self) -> None:
        assert 0 == read_delivery({name: value for name, value in item().items() if name != "tip_cents"}).tip_cents

    def test_clocks_that_differ_make_no_negative_time(self) -> None:
        assert timedelta() == read_delivery(item(delivered_at="2026-03-01T23:39:59.999+00:00")).duration

    @pytest.mark.parametrize(
        "changes",
        [
            {"distance_km": Decimal("-0.1")},
            {"distance_km": 3.2},
            {"distance_km": None},
            {"surge": Decimal("0.99")},
            {"surge": "1"},
            {"tip_cents": Decimal("1.5")},
            {"tip_cents": Decimal(-1)},
            {"tip_cents": "1"},
            {"assigned_at": None},
            {"assigned_at": "yesterday"},
            {"delivered_at": "2026-03-02T00:00:00"},
        ],
    )
    def test_an_order_that_no_pay_can_be_made_of_is_named(self, changes: dict[str, Any]) -> None:
        with pytest.raises(InvalidDeliveryError, match="order o-1: "):
            read_delivery(item(**changes))

    @pytest.mark.parametrize("name", ["region", "distance_km", "surge", "assigned_at", "delivered_at"])
    def test_what_an_order_lacks_is_named(self, name: str) -> None:
        with pytest.raises(InvalidDeliveryError, match=name):
            read_delivery({key: value for key, value in item().items() if key != name})


class TestEarnings:
    @given(st.lists(DELIVERIES, max_size=3), RULES)
    def test_what_is_handed_on_comes_back(self, deliveries: list[Delivery], rule: Rule) -> None:
        earnings = pay_day("d", DAY, deliveries, {"berlin": rule})

        assert earnings == read_earnings(json.loads(json.dumps(earnings.to_json())))

    @pytest.mark.parametrize(
        "changes",
        [{"total_cents": 1}, {"base_cents": -1}, {"base_cents": 1.0}, {"orders": True}, {"orders": 0}, {"driver_id": ""}, {"more": 1}],
    )
    def test_what_does_not_add_up_is_refused(self, changes: dict[str, Any]) -> None:
        with pytest.raises(InvalidEarningsError):
            read_earnings(pay_day("d", DAY, [DELIVERY], {"berlin": RULE}).to_json() | changes)


class ListedDeliveries(Deliveries):
    """Has deliveries by driver."""

    def __init__(self, **days: list[Delivery]) -> None:
        self.days = days

    def of_day(self, driver_id: str, delivery_date: str) -> Iterator[Delivery]:
        yield from self.days.get(driver_id, [])


class ListedRules(Rules):
    """Has the rules in a list."""

    def __init__(self, *rules: Rule) -> None:
        self.rules = rules

    def of_regions(self, regions: Iterable[str]) -> list[Rule]:
        asked = set(regions)
        return [rule for rule in self.rules if rule.region in asked]


class TestHandler:
    def test_every_driver_of_the_group_is_answered_for(self) -> None:
        event = {"delivery_date": DAY, "driver_ids": ["anna", "ben"]}
        answer = handler.calculate(event, ListedDeliveries(anna=[DELIVERY, DELIVERY]), ListedRules(RULE))

        assert [("anna", 2, 2 * 1108), ("ben", 0, 0)] == [
            (each["driver_id"], each["orders"], each["total_cents"]) for each in answer["earnings"]
        ]

    def test_a_day_in_a_region_without_a_rule_is_unknown_and_the_others_are_not(self, caplog: pytest.LogCaptureFixture) -> None:
        event = {"delivery_date": DAY, "driver_ids": ["anna", "ben"]}
        deliveries = ListedDeliveries(anna=[replace(DELIVERY, region="rome")], ben=[DELIVERY])

        unknown, known = handler.calculate(event, deliveries, ListedRules(RULE))["earnings"]

        assert {"driver_id": "anna", "delivery_date": DAY, "unknown": "pricing_rules has none for 'rome' on 2026-03-01"} == unknown
        assert ("ben", 1108) == (known["driver_id"], known["total_cents"])
        assert [("earnings_unknown", "anna")] == [
            (line.event, line.driver_id)  # type: ignore[attr-defined]
            for line in caplog.records
            if line.levelname == "ERROR"
        ]

    def test_a_day_with_an_order_that_no_pay_can_be_made_of_is_unknown_and_the_others_are_not(self) -> None:
        class BrokenDeliveries(ListedDeliveries):
            def of_day(self, driver_id: str, delivery_date: str) -> Iterator[Delivery]:
                yield DELIVERY
                if driver_id == "anna":
                    yield read_delivery(item(distance_km=None))

        answer = handler.calculate({"delivery_date": DAY, "driver_ids": ["anna", "ben"]}, BrokenDeliveries(), ListedRules(RULE))

        assert ["order o-1: ValueError: distance_km must be a number, at least 0", None] == [
            each.get("unknown") for each in answer["earnings"]
        ]


class TestStores:
    @pytest.fixture(autouse=True)
    def stores(self, aurora: AuroraServer, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        create_tables(aurora, database)
        settings = {"ORDERS_TABLE": "orders", "DRIVER_DELIVERY_DATE": ORDERS_INDEX, "AWS_DEFAULT_REGION": "us-east-1"}
        for name, value in {**aurora.environ(SECRET_ARN, database), **settings}.items():
            monkeypatch.setenv(name, value)
        self.aurora = Aurora(aurora.environ(SECRET_ARN, database), lambda arn: json.loads(aurora.secret))
        with mock_aws():
            monkeypatch.setattr("shared.aurora.read_secret", lambda arn: json.loads(aurora.secret))
            self.orders = create_orders()
            handler._connect.cache_clear()
            yield
            handler._connect.cache_clear()
        self.aurora.close()

    def test_all_pages_of_a_drivers_day_are_read_and_nothing_else(self) -> None:
        with self.orders.batch_writer() as batch:
            for number in range(8):
                batch.put_item(Item=item(order_id=f"o-{number}", blob="x" * 300_000))
            batch.put_item(Item=item(order_id="o-other-day", delivery_date="2026-03-02"))
            batch.put_item(Item=item(order_id="o-other-driver", driver_id="ben"))
            batch.put_item(Item=item(order_id="o-not-yet", status="picked_up"))

        assert [DELIVERY] * 8 == list(DynamoDeliveries(self.orders, ORDERS_INDEX).of_day("anna", DAY))

    def test_rules_are_read_as_they_are_written(self) -> None:
        self.write(RULE, replace(RULE, region="oslo"), replace(RULE, region="rome"))

        assert [RULE, replace(RULE, region="oslo")] == sorted(
            AuroraRules(self.aurora).of_regions(["oslo", "berlin", "atlantis"]), key=lambda rule: rule.region
        )
        assert [] == AuroraRules(self.aurora).of_regions([])

    def test_a_group_without_deliveries_asks_for_no_rule(self) -> None:
        event = {"delivery_date": DAY, "driver_ids": ["anna"]}

        assert [Earnings("anna", DAY, 0, 0, 0, 0, 0, 0).to_json()] == handler.calculate(
            event, ListedDeliveries(), AuroraRules(self.aurora)
        )["earnings"]

    def write(self, *rules: Rule) -> None:
        columns = [field.name for field in fields(Rule)]
        statement = f"INSERT INTO pricing_rules ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
        with self.aurora.connection().cursor() as cursor:
            cursor.executemany(statement, [[getattr(rule, column) for column in columns] for rule in rules])


def test_settings_are_read_and_a_missing_one_is_named() -> None:
    assert Settings("orders", "by_day") == read_settings({"ORDERS_TABLE": "orders", "DRIVER_DELIVERY_DATE": "by_day"})
    with pytest.raises(KeyError, match="DRIVER_DELIVERY_DATE"):
        read_settings({"ORDERS_TABLE": "orders"})


@given(DELIVERIES, RULES)
def test_surge_brings_nothing_where_there_is_none(delivery: Delivery, rule: Rule) -> None:
    assume(rule.surge_share)

    assert 0 == pay_delivery(replace(delivery, surge=Decimal(1)), rule).surge_cents
