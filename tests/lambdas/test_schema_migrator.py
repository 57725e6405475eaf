"""The tables of Aurora, made by the schema migrator on a real MariaDB."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pymysql
import pytest
from moto import mock_aws
from schema_migrator import handler
from schema_migrator.domain import SchemaError, Version, find_missing
from schema_migrator.handler import VERSIONS, migrate
from schema_migrator.stores import Schema, lock_schema, read_versions
from shared import secrets
from shared.aurora import Aurora

from tests.servers import AuroraServer

TABLES = ["analytics_orders", "driver_earnings", "pricing_rules", "restaurant_profiles", "schema_migrations"]
NAMES = ["001_restaurant_profiles", "002_pricing_rules", "003_driver_earnings", "004_analytics_orders"]
FIRST = Version("001_a", "CREATE TABLE IF NOT EXISTS a (id INT PRIMARY KEY)")
SECOND = Version("002_b", "ALTER TABLE a ADD COLUMN b INT")
EARNINGS = {"orders": 2, "base_cents": 1, "distance_cents": 2, "time_cents": 3, "surge_cents": 4, "tip_cents": 5, "total_cents": 15}


class Remembering(Schema):
    """A database that only remembers."""

    def __init__(self, applied: Mapping[str, str]) -> None:
        self.versions = dict(applied)

    def applied(self) -> Mapping[str, str]:
        return dict(self.versions)

    def apply(self, version: Version) -> None:
        self.versions[version.name] = version.checksum


@pytest.fixture
def db(aurora: AuroraServer, database: str) -> Iterator[Aurora]:
    """An empty database."""
    connected = connect(aurora, database)
    yield connected
    connected.close()


def connect(aurora: AuroraServer, database: str) -> Aurora:
    return Aurora(aurora.environ("arn", database), lambda arn: json.loads(aurora.secret))


def bring(db: Aurora, *versions: Version) -> dict[str, list[str]]:
    with lock_schema(db) as schema:
        return migrate(versions, schema)


def execute(db: Aurora, statement: str, *values: object) -> list[dict[str, Any]]:
    with db.connection().cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def tables(db: Aurora) -> list[str]:
    return sorted(str(name) for row in execute(db, "SHOW TABLES") for name in row.values())


def insert(db: Aurora, table: str, **values: object) -> None:
    execute(db, f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})", *values.values())


def test_the_function_makes_the_tables_once(aurora: AuroraServer, database: str, db: Aurora, monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_aws():
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        secrets._connect.cache_clear()
        arn = boto3.client("secretsmanager").create_secret(Name="rds!cluster-any", SecretString=aurora.secret)["ARN"]
        for name, value in aurora.environ(arn, database).items():
            monkeypatch.setenv(name, value)
        answers = [handler.handle({}, None) for _ in range(2)]
    secrets._connect.cache_clear()

    assert [{"applied": NAMES, "present": []}, {"applied": [], "present": NAMES}] == answers
    assert TABLES == tables(db)


def test_invocations_at_the_same_time_apply_every_version_once(aurora: AuroraServer, database: str) -> None:
    databases = [connect(aurora, database) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: bring(each, *read_versions(VERSIONS)), databases))

    assert NAMES == sorted(name for answer in answers for name in answer["applied"])


def test_gives_up_when_somebody_else_holds_the_lock_for_long(
    aurora: AuroraServer, database: str, db: Aurora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schema_migrator.stores.LOCK_WAIT_S", 0.1)
    other = connect(aurora, database)
    with lock_schema(other), pytest.raises(SchemaError, match="somebody else"):
        bring(db, FIRST)

    assert ["001_a"] == bring(db, FIRST)["applied"]


def test_a_version_that_fails_leaves_those_before_it_and_is_tried_again(db: Aurora) -> None:
    with pytest.raises(pymysql.err.ProgrammingError):
        bring(db, FIRST, replace(SECOND, statement="DROP a"))

    assert {"applied": ["002_b"], "present": ["001_a"]} == bring(db, FIRST, SECOND)


def test_a_version_is_one_statement(db: Aurora) -> None:
    with pytest.raises(pymysql.err.ProgrammingError):
        bring(db, replace(FIRST, statement=f"{FIRST.statement}; CREATE TABLE c (id INT)"))

    assert ["schema_migrations"] == tables(db)


def test_a_version_that_was_applied_but_not_remembered_is_applied_again(db: Aurora) -> None:
    bring(db, *read_versions(VERSIONS))
    execute(db, "DELETE FROM schema_migrations WHERE name = %s", NAMES[-1])

    assert {"applied": NAMES[-1:], "present": NAMES[:-1]} == bring(db, *read_versions(VERSIONS))


def test_an_edited_version_is_named_and_nothing_is_applied(db: Aurora) -> None:
    bring(db, FIRST)
    with pytest.raises(SchemaError, match="edited after they were applied: 001_a"):
        bring(db, replace(FIRST, statement="CREATE TABLE other (id INT)"), SECOND)

    assert [] == execute(db, "SHOW COLUMNS FROM a LIKE 'b'")


@pytest.mark.parametrize(
    ("versions", "applied", "complaint"),
    [
        ([SECOND], [FIRST], "applied, but not here: 001_a"),
        ([FIRST, SECOND], [SECOND], "to be applied before 002_b, which is applied already: 001_a"),
        ([FIRST, replace(SECOND, name="001_b")], [], "001_a and 001_b have the same number"),
        ([replace(FIRST, name="1_a")], [], "1_a is not a number of three digits"),
        ([replace(FIRST, name="001-a")], [], "001-a is not a number of three digits"),
    ],
)
def test_contradictions_are_named(versions: list[Version], applied: list[Version], complaint: str) -> None:
    schema = Remembering({version.name: version.checksum for version in applied})
    with pytest.raises(SchemaError, match=complaint):
        migrate(versions, schema)

    assert len(applied) == len(schema.versions)


def test_versions_are_applied_in_the_order_of_their_numbers() -> None:
    assert [FIRST, SECOND] == find_missing([SECOND, FIRST], {})
    assert [SECOND] == find_missing([SECOND, FIRST], {FIRST.name: FIRST.checksum})


def test_the_ends_of_lines_are_no_edit() -> None:
    assert Version("001_a", "a\nb\n").checksum == Version("001_a", "a\r\nb\r\n").checksum
    assert Version("001_a", "a\nb").checksum != Version("001_a", "a b").checksum


def test_every_file_is_one_statement_that_may_be_repeated(db: Aurora) -> None:
    for version in read_versions(VERSIONS):
        for _ in range(2):
            execute(db, version.statement)
        assert version.statement.endswith(";\n")
        assert 1 == version.statement.count(";\n")


class TestTables:
    @pytest.fixture(autouse=True)
    def schema(self, db: Aurora) -> None:
        bring(db, *read_versions(VERSIONS))

    def test_names_are_kept_in_all_scripts_and_told_apart_by_case(self, db: Aurora) -> None:
        place = {"region": "berlin", "latitude": "52.520008", "longitude": "13.404954", "open": True, "preparation_minutes": 15}
        insert(db, "restaurant_profiles", restaurant_id="r", name="Größe 訂單 🚚", **place)
        insert(db, "restaurant_profiles", restaurant_id="R", name="other", **place)
        (row,) = execute(db, "SELECT * FROM restaurant_profiles WHERE restaurant_id = 'r'")

        assert ("Größe 訂單 🚚", 1, Decimal("52.520008")) == (row["name"], row["open"], row["latitude"])

    @pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (-91, 0), (0, -181)])
    def test_a_restaurant_lies_on_the_earth(self, db: Aurora, latitude: int, longitude: int) -> None:
        with pytest.raises(pymysql.err.OperationalError, match="restaurant_profiles_place"):
            insert(
                db,
                "restaurant_profiles",
                restaurant_id="r",
                name="n",
                region="x",
                preparation_minutes=1,
                latitude=latitude,
                longitude=longitude,
            )

    @pytest.mark.parametrize("share", ["-0.1", "1.1"])
    def test_a_surge_share_is_a_part(self, db: Aurora, share: str) -> None:
        cents = {"base_cents": 1, "per_km_cents": 1, "per_minute_cents": 1}
        with pytest.raises(pymysql.err.OperationalError, match="pricing_rules_surge_share"):
            insert(db, "pricing_rules", region="berlin", valid_from="2026-01-01", surge_share=share, **cents)

    def test_a_drivers_day_is_there_once_and_adds_up(self, db: Aurora) -> None:
        insert(db, "driver_earnings", driver_id="anna", delivery_date="2026-03-01", **EARNINGS)
        with pytest.raises(pymysql.err.IntegrityError):
            insert(db, "driver_earnings", driver_id="anna", delivery_date="2026-03-01", **EARNINGS)
        with pytest.raises(pymysql.err.OperationalError, match="driver_earnings_total"):
            insert(db, "driver_earnings", driver_id="anna", delivery_date="2026-03-02", **{**EARNINGS, "total_cents": 16})

    @pytest.mark.parametrize(("rating", "taken"), [(None, True), (1, True), (5, True), (0, False), (6, False)])
    def test_a_rating_is_one_to_five_stars_or_missing(self, db: Aurora, rating: int | None, taken: bool) -> None:
        ids = dict.fromkeys(("order_id", "restaurant_id", "region", "driver_id"), "x")
        numbers = {"delivery_minutes": "31.25", "total_cents": 1, "tip_cents": 0, "surge": "1.25"}
        times = {"placed_at": "2026-03-01T12:00:00.123", "delivered_at": "2026-03-01T12:31:15.123"}
        with contextlib.nullcontext() if taken else pytest.raises(pymysql.err.OperationalError, match="analytics_orders_rating"):
            insert(db, "analytics_orders", **ids, **numbers, **times, rating=rating)


def test_the_archive_finds_its_versions() -> None:
    assert NAMES == [path.stem for path in sorted(Path(VERSIONS).iterdir())]
