"""The settlement's settler: booked once, paid once, whenever it dies."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from earnings_settler import handler
from earnings_settler.domain import EarningsDifferError, EarningsUnknownError, read_group
from earnings_settler.settings import Settings, read_settings
from earnings_settler.stores import AuroraBooks, Balances, Books, DynamoBalances, UnknownDriverError
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from pymysql.err import DataError, OperationalError
from shared.aurora import Aurora
from shared.earnings import Earnings, InvalidEarningsError, UnknownEarnings

from tests.lambdas.settling import SECRET_ARN, create_profiles, create_tables
from tests.servers import AuroraServer

DAY = "2026-03-01"
ANNA = Earnings("anna", DAY, 2, 500, 320, 600, 150, 100)
BEN = Earnings("ben", DAY, 1, 250, 100, 300, 0, 0)
IDLE = Earnings("cleo", DAY, 0, 0, 0, 0, 0, 0)


def event(*earnings: Earnings | UnknownEarnings) -> dict[str, Any]:
    return {"delivery_date": DAY, "earnings": [each.to_json() for each in earnings]}


class DeadError(BaseException):
    """The function's environment is gone."""


class DictBooks(Books):
    """Keeps bookings in a dictionary."""

    def __init__(self) -> None:
        self.bookings: dict[str, Earnings] = {}

    def book(self, earnings: Sequence[Earnings]) -> None:
        self.bookings = {each.driver_id: each for each in earnings} | self.bookings

    def booked(self, delivery_date: str, driver_ids: Sequence[str]) -> list[Earnings]:
        return [self.bookings[driver] for driver in driver_ids if driver in self.bookings]


class DictBalances(Balances):
    """Keeps balances in a dictionary, and dies as often as it is told to, before or after a payment."""

    def __init__(self, *deaths: str) -> None:
        self.paid: dict[str, int] = {}
        self.deaths = list(deaths)

    def pay(self, earnings: Earnings) -> bool:
        death = self.deaths.pop(0) if self.deaths else ""
        if death == "before":
            raise DeadError
        first = earnings.driver_id not in self.paid
        self.paid.setdefault(earnings.driver_id, earnings.total_cents)
        if death == "after":
            raise DeadError
        return first


class TestDomain:
    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"delivery_date": DAY},
            {"delivery_date": 5, "earnings": []},
            {"delivery_date": DAY, "earnings": [5]},
            {"delivery_date": DAY, "earnings": [{**ANNA.to_json(), "total_cents": 1}]},
            event(ANNA, ANNA),
            event(ANNA, UnknownEarnings("anna", DAY, "why")),
            event(UnknownEarnings("anna", "2026-02-28", "why")),
            {"delivery_date": DAY, "earnings": [{"driver_id": "anna", "delivery_date": DAY, "unknown": None}]},
            {"delivery_date": DAY, "earnings": [{"driver_id": 5, "delivery_date": DAY, "unknown": "why"}]},
            event(replace(ANNA, delivery_date="2026-02-28")),
        ],
    )
    def test_what_must_not_be_paid_as_it_stands_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidEarningsError):
            read_group(wrong)

    @given(st.lists(st.sampled_from(["", "before", "after"]), max_size=12))
    def test_whenever_it_dies_everyone_is_paid_once(self, deaths: list[str]) -> None:
        books, balances = DictBooks(), DictBalances(*deaths)
        answer = None
        for _ in range(len(deaths) + 1):
            try:
                answer = handler.settle(event(ANNA, BEN, IDLE), books, balances)
            except DeadError:
                continue

        assert {"drivers": 3, "cents": 1670 + 650} == answer
        assert {"anna": 1670, "ben": 650, "cleo": 0} == balances.paid
        assert {"anna": ANNA, "ben": BEN} == books.bookings


class TestStores:
    @pytest.fixture(autouse=True)
    def stores(self, aurora: AuroraServer, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        create_tables(aurora, database)
        environ = aurora.environ(SECRET_ARN, database)
        for name, value in {**environ, "DRIVER_PROFILES_TABLE": "profiles", "AWS_DEFAULT_REGION": "us-east-1"}.items():
            monkeypatch.setenv(name, value)
        with mock_aws():
            boto3.client("secretsmanager", "us-east-1").create_secret(Name="any", SecretString=aurora.secret)
            self.profiles = create_profiles("anna", "ben", "cleo")
            self.aurora = Aurora(environ, lambda arn: json.loads(aurora.secret))
            self.books, self.balances = AuroraBooks(self.aurora), DynamoBalances(self.profiles)
            yield
        self.aurora.close()

    def rows(self) -> list[dict[str, Any]]:
        with self.aurora.connection().cursor() as cursor:
            cursor.execute("SELECT driver_id, orders, total_cents FROM driver_earnings ORDER BY driver_id")
            return list(cursor.fetchall())

    def balance(self, driver: str) -> tuple[int, set[str]]:
        item = self.profiles.get_item(Key={"driver_id": driver})["Item"]
        return int(item.get("balance_cents", 0)), item.get("settled", set())

    def settle(self, *earnings: Earnings) -> dict[str, int]:
        return handler.settle(event(*earnings), self.books, self.balances)

    def test_earnings_are_booked_and_added_to_the_balance_once(self) -> None:
        self.profiles.put_item(Item={"driver_id": "anna", "balance_cents": 1000, "settled": {"2026-02-28"}, "name": "kept"})
        answers = [self.settle(ANNA, BEN) for _ in range(2)]

        assert [{"drivers": 2, "cents": 1670 + 650}] * 2 == answers
        assert [("anna", 2, 1670), ("ben", 1, 650)] == [tuple(row.values()) for row in self.rows()]
        assert (2670, {"2026-02-28", DAY}) == self.balance("anna")
        assert "kept" == self.profiles.get_item(Key={"driver_id": "anna"})["Item"]["name"]

    def test_a_day_without_orders_is_settled_and_not_booked(self) -> None:
        assert {"drivers": 1, "cents": 0} == self.settle(IDLE)
        assert ([], (0, {DAY})) == (self.rows(), self.balance("cleo"))

    def test_an_empty_group_is_settled(self) -> None:
        assert {"drivers": 0, "cents": 0} == self.settle()

    def test_whoever_dies_before_booking_has_done_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(type(self.aurora.connection()), "commit", lambda connection: (_ for _ in ()).throw(DeadError()))
            with pytest.raises(DeadError):
                self.settle(ANNA, BEN)

        assert ([], (0, set())) == (self.rows(), self.balance("anna"))
        assert {"drivers": 2, "cents": 2320} == self.settle(ANNA, BEN)
        assert (1670, 650) == (self.balance("anna")[0], self.balance("ben")[0])

    def test_whoever_dies_between_booking_and_paying_pays_the_next_time(self) -> None:
        with pytest.raises(DeadError):
            handler.settle(event(ANNA, BEN), self.books, DictBalances("before"))
        assert (["anna", "ben"], (0, set())) == ([row["driver_id"] for row in self.rows()], self.balance("anna"))

        assert {"drivers": 2, "cents": 2320} == self.settle(ANNA, BEN)
        assert (2, 1670, 650) == (len(self.rows()), self.balance("anna")[0], self.balance("ben")[0])

    def test_whoever_dies_after_paying_one_pays_the_others_the_next_time(self) -> None:
        self.books.book([ANNA, BEN])
        self.balances.pay(ANNA)

        self.settle(ANNA, BEN)
        assert (1670, 650) == (self.balance("anna")[0], self.balance("ben")[0])

    def test_a_day_that_is_booked_otherwise_is_not_paid_and_stops_nobody_else(self) -> None:
        self.books.book([replace(ANNA, tip_cents=0), replace(IDLE, orders=1, base_cents=1)])

        with pytest.raises(EarningsDifferError, match="2026-03-01 is booked otherwise for anna, cleo"):
            self.settle(ANNA, BEN, IDLE)
        assert [(0, set()), (650, {DAY}), (0, set())] == [self.balance(driver) for driver in ("anna", "ben", "cleo")]

    def test_a_day_that_is_not_known_is_not_paid_and_stops_nobody_else(self) -> None:
        unknown = UnknownEarnings("anna", DAY, "order o-1: KeyError: 'surge'")

        with pytest.raises(EarningsUnknownError, match="2026-03-01 is not known for anna"):
            handler.settle(event(unknown, BEN), self.books, self.balances)
        assert [(0, set()), (650, {DAY})] == [self.balance(driver) for driver in ("anna", "ben")]
        assert ["ben"] == [row["driver_id"] for row in self.rows()]

    def test_a_driver_without_a_profile_is_named_and_gets_none(self) -> None:
        with pytest.raises(UnknownDriverError, match="nobody"):
            self.settle(replace(ANNA, driver_id="nobody"))
        assert "Item" not in self.profiles.get_item(Key={"driver_id": "nobody"})

    def test_what_does_not_fit_is_refused_and_nothing_is_booked(self) -> None:
        with pytest.raises(DataError):
            self.settle(BEN, replace(ANNA, driver_id="x" * 1000))
        assert [] == self.rows()

    def test_a_database_that_is_down_fails_the_group(self) -> None:
        nowhere = {"AURORA_HOST": "127.0.0.1", "AURORA_PORT": "9", "AURORA_DATABASE": "any", "AURORA_SECRET_ARN": "any"}
        down = Aurora(nowhere, lambda arn: {"username": "any", "password": "any"})

        with pytest.raises(OperationalError):
            handler.settle(event(ANNA), AuroraBooks(down), self.balances)
        assert (0, set()) == self.balance("anna")

    def test_a_throttled_table_fails_the_group(self) -> None:
        with Stubber(self.profiles.meta.client) as stubber:
            stubber.add_client_error("update_item", "ProvisionedThroughputExceededException")
            with pytest.raises(ClientError, match="ProvisionedThroughputExceededException"):
                self.settle(ANNA)

        assert {"drivers": 1, "cents": 1670} == self.settle(ANNA)

    def test_a_payment_is_logged_once_as_the_metric_filter_counts_it(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level("INFO"):
            self.settle(ANNA, IDLE)
            self.settle(ANNA, IDLE)

        (record,) = caplog.records
        keys = ("event", "driver_id", "delivery_date", "amount_cents")
        assert ["driver_settled", "anna", DAY, 1670] == [getattr(record, key) for key in keys]


def test_a_missing_setting_is_named() -> None:
    assert Settings("profiles") == read_settings({"DRIVER_PROFILES_TABLE": "profiles"})
    with pytest.raises(KeyError, match="DRIVER_PROFILES_TABLE"):
        read_settings({})
