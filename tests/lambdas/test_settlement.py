"""The settlement from end to end: the planned state machine runs the three functions on DynamoDB and a real database."""

from __future__ import annotations

import importlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pytest
from pymysql import Connection
from pymysql.cursors import DictCursor

from paritycheck.config import load_config
from paritycheck.engines import select_engine
from tests.lambda_runner import ACCOUNT_ID, REGION, Handler, Runner, running
from tests.lambdas.settling import ORDERS_INDEX, create_orders, create_profiles, create_tables
from tests.servers import AuroraServer

CONFIG = load_config(Path(__file__).parents[2] / "parity.yaml")
FUNCTIONS = ("earnings_lister", "earnings_calculator", "earnings_settler")
SCHEDULED_AT = "2026-03-02T03:00:00Z"
DAYS_BACK = 14

RULES = [
    ("berlin", date(2026, 1, 1), 250, 80, 15, Decimal("0.500")),
    ("berlin", date(2026, 3, 1), 300, 80, 15, Decimal("0.500")),
    ("oslo", date(2026, 1, 1), 400, 100, 20, Decimal("0.250")),
]
BERLIN_FEBRUARY, BERLIN_MARCH, OSLO = 1008, 1070, 1260
"""Cents for 3.2 km and 20 minutes at a surge of 1.5, by these rules."""


@pytest.fixture(scope="module")
def machine() -> dict[str, Any]:
    """The state machine as it is planned for production."""
    (production,) = [environment for environment in CONFIG.environments if environment.name == "prod"]
    (document,) = select_engine(CONFIG).documents([production])
    planned = {change["address"]: change["change"]["after"] for change in json.loads(document)["resource_changes"]}
    return planned["aws_sfn_state_machine.earnings"]


class Settlement:
    """The tables, and the state machine that settles what is in them."""

    def __init__(self, runner: Runner, machine: dict[str, Any], database: Connection[DictCursor], drivers: tuple[str, ...]) -> None:
        self.runner = runner
        self.orders = create_orders()
        self.profiles = create_profiles(*drivers)
        self.database = database
        self._client = boto3.client("stepfunctions", REGION)
        role = f"arn:aws:iam::{ACCOUNT_ID}:role/any"
        self._arn = self._client.create_state_machine(name=machine["name"], definition=machine["definition"], roleArn=role)[
            "stateMachineArn"
        ]

    def deliver(self, order_id: str, driver_id: str, day: str, region: str = "berlin") -> None:
        self.orders.put_item(
            Item={
                "order_id": order_id,
                "driver_id": driver_id,
                "region": region,
                "status": "delivered",
                "distance_km": Decimal("3.2"),
                "surge": Decimal("1.5"),
                "assigned_at": f"{day}T12:00:00.000+00:00",
                "delivered_at": f"{day}T12:20:00.000+00:00",
                "delivery_date": day,
            }
        )

    def run(self) -> tuple[str, Any]:
        # Without a name of its own, moto calls every execution the same.
        started = self._client.start_execution(
            stateMachineArn=self._arn, name=str(uuid.uuid4()), input=json.dumps({"scheduled_at": SCHEDULED_AT})
        )
        while (ended := self._client.describe_execution(executionArn=started["executionArn"]))["status"] == "RUNNING":
            time.sleep(0.01)
        return ended["status"], json.loads(ended.get("output", "null")) or ended.get("error")

    def balances(self) -> dict[str, int]:
        return {item["driver_id"]: int(item.get("balance_cents", 0)) for item in self.profiles.scan()["Items"]}

    def booked(self) -> dict[tuple[str, str], tuple[int, int]]:
        with self.database.cursor() as cursor:
            cursor.execute("SELECT driver_id, delivery_date, orders, total_cents FROM driver_earnings")
            return {(row["driver_id"], str(row["delivery_date"])): (row["orders"], row["total_cents"]) for row in cursor.fetchall()}


Begin = Callable[..., Settlement]


@pytest.fixture
def begin(machine: dict[str, Any], aurora: AuroraServer, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Makes a settlement of some drivers, whose functions may be wrapped, by their roles."""
    create_tables(aurora, database)
    modules = {role: importlib.import_module(f"{role}.handler") for role in FUNCTIONS}
    wrappers: dict[str, Callable[[Handler], Handler]] = {}

    # An environment of Lambda serves one event at a time, and here there is one of each function.
    turns = {role: threading.Lock() for role in FUNCTIONS}

    def call(role: str) -> Handler:
        def handle(event: Any, context: Any) -> Any:
            with turns[role]:
                return wrappers.get(role, lambda handle: handle)(modules[role].handle)(event, context)

        return handle

    def forget() -> None:
        for module in modules.values():
            module._connect.cache_clear()

    with (
        running({f"tap-prod-{role.replace('_', '-')}": call(role) for role in FUNCTIONS}) as runner,
        aurora.connect(database) as connection,
    ):
        secret = boto3.client("secretsmanager", REGION).create_secret(Name="rds!cluster-any", SecretString=aurora.secret)["ARN"]
        names = {"ORDERS_TABLE": "orders", "DRIVER_DELIVERY_DATE": ORDERS_INDEX, "DRIVER_PROFILES_TABLE": "profiles"}
        for name, value in {**aurora.environ(secret, database), **names, "AWS_DEFAULT_REGION": REGION}.items():
            monkeypatch.setenv(name, value)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO pricing_rules (region, valid_from, base_cents, per_km_cents, per_minute_cents, surge_share) "
                "VALUES (%s, %s, %s, %s, %s, %s)",
                RULES,
            )
        forget()

        def make(*drivers: str, **wrapped: Callable[[Handler], Handler]) -> Settlement:
            wrappers.update(wrapped)
            return Settlement(runner, machine, connection, drivers)

        yield make
        forget()


def test_everyone_is_paid_once_however_often_it_runs(begin: Begin) -> None:
    settlement = begin("anna", "ben", "idle")
    settlement.deliver("o-1", "anna", "2026-02-28")
    settlement.deliver("o-2", "anna", "2026-03-01")
    settlement.deliver("o-3", "anna", "2026-03-01")
    settlement.deliver("o-4", "ben", "2026-03-01", "oslo")
    settlement.deliver("o-5", "ben", "2026-03-02")

    outcomes = [settlement.run() for _ in range(2)]

    cents = BERLIN_FEBRUARY + 2 * BERLIN_MARCH + OSLO
    nothing = {"groups": 0, "failed": 0, "drivers": 0, "cents": 0}
    assert [
        ("SUCCEEDED", {"groups": DAYS_BACK, "failed": 0, "drivers": 3 * DAYS_BACK, "cents": cents}),
        ("SUCCEEDED", nothing),
    ] == outcomes
    assert {"anna": BERLIN_FEBRUARY + 2 * BERLIN_MARCH, "ben": OSLO, "idle": 0} == settlement.balances()
    assert {
        ("anna", "2026-02-28"): (1, BERLIN_FEBRUARY),
        ("anna", "2026-03-01"): (2, 2 * BERLIN_MARCH),
        ("ben", "2026-03-01"): (1, OSLO),
    } == settlement.booked()


def test_a_region_without_a_rule_stops_its_drivers_only_and_they_are_settled_once_there_is_one(begin: Begin) -> None:
    settlement = begin("anna", "ben")
    settlement.deliver("o-1", "anna", "2026-03-01")
    settlement.deliver("o-2", "ben", "2026-03-01", "rome")

    assert ("FAILED", "SettlementIncomplete") == settlement.run()
    assert {"anna": BERLIN_MARCH, "ben": 0} == settlement.balances()
    with settlement.database.cursor() as cursor:
        cursor.execute("UPDATE pricing_rules SET region = 'rome' WHERE region = 'oslo'")

    assert ("SUCCEEDED", {"groups": 1, "failed": 0, "drivers": 1, "cents": OSLO}) == settlement.run()
    assert {"anna": BERLIN_MARCH, "ben": OSLO} == settlement.balances()


def test_a_settler_that_dies_after_its_work_pays_nobody_twice(begin: Begin) -> None:
    deaths = ["once", "twice"]

    def dying(handle: Handler) -> Handler:
        def call(event: Any, context: Any) -> Any:
            answer = handle(event, context)
            if event["delivery_date"] == "2026-03-01" and deaths:
                raise TimeoutError(deaths.pop())
            return answer

        return call

    settlement = begin("anna", earnings_settler=dying)
    settlement.deliver("o-1", "anna", "2026-03-01")

    assert ("FAILED", "SettlementIncomplete") == settlement.run()
    assert "SUCCEEDED" == settlement.run()[0]
    assert ({"anna": BERLIN_MARCH}, {("anna", "2026-03-01"): (1, BERLIN_MARCH)}) == (settlement.balances(), settlement.booked())
