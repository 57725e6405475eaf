"""The matcher: whom it chooses, that it chooses once, and what it does when nobody is there."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from matcher.domain import BATCH, Match, Prospect, find_prospects, measure_trip, multiplier_of, rank, score
from matcher.handler import Matcher, NoDriverError, _connect, handle, logger, match_event, match_order
from matcher.settings import read_settings
from matcher.stores import TRIES, Assignment, BusyError, Dispatch, DynamoDispatch, Outcome, RedisZones, Zones
from moto import mock_aws
from redis.cluster import RedisCluster
from shared.assignments import WORKLOAD
from shared.geo import Place, cell_of, distance_km
from shared.matching import Candidate, MatchRequest, read_request, read_rules
from shared.orders import PoisonError

from tests.servers import RedisServer

MATCHING = json.dumps(
    {
        "radius_km": 5,
        "max_active_orders": 3,
        "weights": {"distance": 0.5, "workload": 0.3, "price": 0.2},
        "surge": {"step": 0.25, "limit": 2.5},
    }
)
RULES = read_rules(MATCHING)
NOW = 1_767_323_045.678
NOW_MS = 1_767_323_045_678
ASSIGNED_AT = "2026-01-02T03:04:05.678+00:00"
PICKUP = Place(52.52, 13.405)
ZONE = cell_of(PICKUP)
DESTINATION = Place(52.53, 13.405)


def candidate(driver_id: str, north_km: float = 1.0, age_ms: int = 0) -> Candidate:
    """A driver so many kilometers north of the restaurant."""
    return Candidate(driver_id, PICKUP.latitude + north_km / 111.195, PICKUP.longitude, NOW_MS - age_ms)


def request(*candidates: Candidate) -> MatchRequest:
    return MatchRequest("o-1", "berlin", DESTINATION, PICKUP, candidates)


def choose(asked: MatchRequest, workloads: Mapping[str, int], multipliers: Mapping[str, Decimal] | None = None) -> list[Match]:
    """All matches, the best first."""
    prospects = find_prospects(asked, RULES, NOW_MS).prospects
    return list(rank(prospects, multipliers or {}, RULES, lambda ids: {name: workloads[name] for name in ids if name in workloads}))


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.sampled_from([f"d-{number}" for number in range(12)]),
        st.floats(PICKUP.latitude - 0.06, PICKUP.latitude + 0.06),
        st.floats(PICKUP.longitude - 0.1, PICKUP.longitude + 0.1),
        st.integers(NOW_MS - 400_000, NOW_MS),
    ),
    max_size=20,
)
WORKLOADS = st.dictionaries(st.sampled_from([f"d-{number}" for number in range(12)]), st.integers(0, 4))
MULTIPLIERS = st.decimals(1, Decimal("2.5"), places=2)
KILOMETERS = st.floats(0, 5)
COUNTS = st.integers(0, 2)


class TestScore:
    def test_it_is_the_documented_formula(self) -> None:
        found = score(2.5, 1, Decimal("1.75"), RULES)

        assert (250_000, 100_000, 100_000, 450_000) == (found.distance, found.workload, found.price, found.total)

    def test_best_and_worst_are_none_and_all(self) -> None:
        assert 0 == score(0, 0, Decimal(1), RULES).total
        assert 1_000_000 == score(5, 3, Decimal("2.5"), RULES).total

    @given(near=KILOMETERS, far=KILOMETERS, workload=COUNTS, multiplier=MULTIPLIERS)
    def test_nearer_is_never_worse(self, near: float, far: float, workload: int, multiplier: Decimal) -> None:
        near, far = sorted((near, far))

        assert score(near, workload, multiplier, RULES).total <= score(far, workload, multiplier, RULES).total

    @given(kilometers=KILOMETERS, workload=COUNTS, multiplier=MULTIPLIERS)
    def test_less_work_is_better(self, kilometers: float, workload: int, multiplier: Decimal) -> None:
        assert score(kilometers, workload, multiplier, RULES).total < score(kilometers, workload + 1, multiplier, RULES).total

    @given(kilometers=KILOMETERS, workload=COUNTS, low=MULTIPLIERS, high=MULTIPLIERS)
    def test_a_cheaper_zone_is_never_worse(self, kilometers: float, workload: int, low: Decimal, high: Decimal) -> None:
        low, high = sorted((low, high))

        assert score(kilometers, workload, low, RULES).total <= score(kilometers, workload, high, RULES).total


class TestProspects:
    def test_positions_up_to_five_minutes_old_count(self) -> None:
        search = find_prospects(request(candidate("d-1", age_ms=300_000), candidate("d-2", age_ms=300_001)), RULES, NOW_MS)

        assert (["d-1"], 1) == ([prospect.driver_id for prospect in search.prospects], search.stale)

    def test_drivers_beyond_the_radius_do_not_count(self) -> None:
        search = find_prospects(request(candidate("d-1", 4.99), candidate("d-2", 5.01)), RULES, NOW_MS)

        assert (["d-1"], 1) == ([prospect.driver_id for prospect in search.prospects], search.outside)

    def test_of_two_positions_the_newer_one_counts(self) -> None:
        search = find_prospects(request(candidate("d-1", 1, age_ms=0), candidate("d-1", 9, age_ms=1)), RULES, NOW_MS)

        assert ["d-1"] == [prospect.driver_id for prospect in search.prospects]


class TestRank:
    @given(candidates=CANDIDATES, workloads=WORKLOADS)
    def test_nobody_outside_the_radius_or_at_the_limit_is_chosen(self, candidates: list[Candidate], workloads: dict[str, int]) -> None:
        chosen = {match.prospect.driver_id for match in choose(request(*candidates), workloads)}
        near = {found.driver_id for found in candidates if distance_km(found.place, PICKUP) <= 5 and NOW_MS - found.recorded_at <= 300_000}

        assert chosen <= near
        assert chosen.isdisjoint(driver for driver, count in workloads.items() if count >= 3)

    @given(candidates=CANDIDATES, workloads=WORKLOADS, data=st.data())
    def test_the_order_of_candidates_does_not_matter(
        self, candidates: list[Candidate], workloads: dict[str, int], data: st.DataObject
    ) -> None:
        shuffled = data.draw(st.permutations(candidates))

        assert choose(request(*candidates), workloads) == choose(request(*shuffled), workloads)

    @given(candidates=CANDIDATES, workloads=WORKLOADS)
    def test_it_is_the_order_of_sorting_all(self, candidates: list[Candidate], workloads: dict[str, int]) -> None:
        matches = choose(request(*candidates), workloads)

        assert sorted(matches, key=lambda match: match.order) == matches

    @given(candidates=CANDIDATES, workloads=WORKLOADS, criterion=st.sampled_from(["distance", "workload"]))
    def test_the_winner_still_wins_when_something_speaks_less_against_him(
        self, candidates: list[Candidate], workloads: dict[str, int], criterion: str
    ) -> None:
        matches = choose(request(*candidates), workloads)
        if not matches:
            return
        winner = matches[0].prospect.driver_id
        if criterion == "workload":
            better = choose(request(*candidates), workloads | {winner: 0})
        else:
            prospects = find_prospects(request(*candidates), RULES, NOW_MS).prospects
            nearer = [replace(found, distance_km=found.distance_km / 2) if found.driver_id == winner else found for found in prospects]
            better = list(rank(nearer, {}, RULES, lambda ids: workloads))

        assert winner == better[0].prospect.driver_id

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (("d-2", 2.0, 0), ("d-1", 0.0, 2)),  # 0.2 each: less work wins
            (("d-1", 1.0, 1), ("d-2", 1.0, 1)),  # equal in all: the id decides
            (("d-2", 1.0, 0), ("d-1", 1.000001, 0)),  # the same millionths: nearer wins
        ],
    )
    def test_equal_scores_are_told_apart_as_documented(self, first: tuple[str, float, int], second: tuple[str, float, int]) -> None:
        prospects = [Prospect(driver_id, kilometers, ZONE) for driver_id, kilometers, _ in (second, first)]
        workloads = {driver_id: count for driver_id, _, count in (first, second)}

        matches = list(rank(prospects, {}, RULES, lambda ids: workloads))

        assert [first[0], second[0]] == [match.prospect.driver_id for match in matches]
        assert matches[0].score.total == matches[1].score.total

    def test_the_price_of_the_drivers_zone_counts(self) -> None:
        prospects = [Prospect("d-1", 1.0, "u33d8"), Prospect("d-2", 1.1, "u33dc")]

        matches = list(rank(prospects, {"u33d8": Decimal("2.00")}, RULES, lambda ids: {}))

        assert ["d-2", "d-1"] == [match.prospect.driver_id for match in matches]

    @given(
        drivers=st.lists(st.tuples(st.floats(0, 5), st.integers(0, 3), st.sampled_from("abc")), max_size=12),
        prices=st.dictionaries(st.sampled_from("abc"), st.decimals("1.00", "2.50", places=2)),
    )
    def test_the_ranking_is_by_score_whatever_the_zones_and_the_batches(
        self, drivers: list[tuple[float, int, str]], prices: dict[str, Decimal]
    ) -> None:
        prospects = [Prospect(f"d-{number:02}", kilometers, zone) for number, (kilometers, _, zone) in enumerate(drivers)]
        workloads = {f"d-{number:02}": workload for number, (_, workload, _) in enumerate(drivers)}
        expected = sorted(
            (score(each.distance_km, workload, multiplier_of(each.zone, prices, RULES), RULES).total, workload, each.distance_km, driver_id)
            for each in prospects
            if (workload := workloads[driver_id := each.driver_id]) < RULES.max_active_orders
        )

        with patch("matcher.domain.BATCH", 2):
            matches = list(rank(prospects, prices, RULES, lambda ids: {name: workloads[name] for name in ids}))

        assert expected == [match.order for match in matches]

    def test_few_of_many_are_asked_for_their_workload(self) -> None:
        asked: list[str] = []
        prospects = [Prospect(f"d-{number}", number / 1000, ZONE) for number in range(5000)]

        best = next(rank(prospects, {}, RULES, lambda ids: asked.extend(ids) or {}))  # type: ignore[func-returns-value]

        assert "d-0" == best.prospect.driver_id
        assert BATCH == len(asked)

    def test_those_are_asked_too_who_may_be_better_without_work(self) -> None:
        prospects = [Prospect(f"d-{number:03}", number / 100, ZONE) for number in range(250)]
        busy = {f"d-{number:03}": 2 for number in range(240)}

        matches = list(rank(prospects, {}, RULES, lambda ids: {name: busy.get(name, 0) for name in ids}))

        assert "d-000" == matches[0].prospect.driver_id
        assert sorted(matches, key=lambda match: match.order) == matches
        assert 250 == len(matches)

    @pytest.mark.parametrize(("found", "expected"), [("0.50", "1.00"), ("1.75", "1.75"), ("9.00", "2.5")])
    def test_a_multiplier_stays_within_its_limits(self, found: str, expected: str) -> None:
        assert Decimal(expected) == multiplier_of(ZONE, {ZONE: Decimal(found)}, RULES)


class TestTrip:
    def test_it_goes_over_the_restaurant_to_the_customer(self) -> None:
        (match,) = choose(request(candidate("d-1", 2.0)), {})

        assert Decimal("3.112") == measure_trip(match, request())


class TestRequest:
    @given(candidates=CANDIDATES)
    def test_it_is_read_as_it_was_written(self, candidates: list[Candidate]) -> None:
        assert request(*candidates) == read_request(json.loads(json.dumps(request(*candidates).to_event())))

    @pytest.mark.parametrize(
        "change",
        [
            {"order": None},
            {"order": {"order_id": "", "destination": {"latitude": 0, "longitude": 0}}},
            {"order": {"order_id": "o-1", "destination": {"latitude": 91, "longitude": 0}}},
            {"pickup": {"latitude": float("nan"), "longitude": 0}},
            {"pickup": {"latitude": True, "longitude": 0}},
            {"region": 7},
            {"candidates": {}},
            {"candidates": [{"driver_id": "d-1", "latitude": 0, "longitude": 0, "recorded_at": "now"}]},
            {"candidates": [7]},
        ],
    )
    def test_a_malformed_event_is_poison(self, change: dict[str, Any]) -> None:
        with pytest.raises(PoisonError):
            read_request(request(candidate("d-1")).to_event() | change)


class KnownZones(Zones):
    """Zones in a dictionary, and a list of the orders that stopped waiting."""

    def __init__(self, multipliers: Mapping[str, Decimal] | None = None) -> None:
        self.multipliers = dict(multipliers or {})
        self.stopped: list[tuple[str, str, str]] = []

    def read_multipliers(self, region: str, zones: Sequence[str]) -> Mapping[str, Decimal]:
        return {zone: self.multipliers[zone] for zone in zones if zone in self.multipliers}

    def stop_waiting(self, region: str, zone: str, order_id: str) -> None:
        self.stopped.append((region, zone, order_id))


class DownZones(KnownZones):
    """Zones whose Redis does not answer when it is asked to read, or to write."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self.method: str | None = method

    def read_multipliers(self, region: str, zones: Sequence[str]) -> Mapping[str, Decimal]:
        self.answer("read")
        return super().read_multipliers(region, zones)

    def stop_waiting(self, region: str, zone: str, order_id: str) -> None:
        self.answer("write")
        super().stop_waiting(region, zone, order_id)

    def answer(self, method: str) -> None:
        if self.method == method:
            raise ConnectionError("Redis is down")


class PlannedDispatch(Dispatch):
    """Answers as it is told."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.tried: list[Assignment] = []

    def read_workloads(self, driver_ids: Sequence[str]) -> Mapping[str, int]:
        return {}

    def assign(self, assignment: Assignment, max_active_orders: int) -> Outcome:
        self.tried.append(assignment)
        return self.outcomes.pop(0)

    def note_unmatched(self, order_id: str, at: str) -> Outcome:
        return self.outcomes.pop(0)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, Any]]]:
    """The lines that the matcher has logged so far."""
    return lambda: [json.loads(logger.registered_formatter.format(record)) for record in caplog.records if record.name == "matcher"]


Lines = Callable[[], list[dict[str, Any]]]


class TestHandler:
    def match(self, dispatch: Dispatch, zones: Zones, *candidates: Candidate) -> None:
        match_event(request(*candidates).to_event(), Matcher(RULES, dispatch, zones, lambda: NOW))

    def test_the_best_driver_gets_the_order_at_the_restaurants_price(self) -> None:
        dispatch, zones = PlannedDispatch(Outcome.WRITTEN), KnownZones({ZONE: Decimal("1.25")})

        self.match(dispatch, zones, candidate("d-1", 2), candidate("d-2", 1))

        assert [Assignment("o-1", "d-2", Decimal("2.112"), Decimal("1.25"), ASSIGNED_AT)] == dispatch.tried
        assert [("berlin", ZONE, "o-1")] == zones.stopped

    def test_the_next_best_is_tried_where_one_has_no_room_any_more(self) -> None:
        dispatch = PlannedDispatch(Outcome.DRIVER_FULL, Outcome.DRIVER_FULL, Outcome.WRITTEN)

        self.match(dispatch, KnownZones(), candidate("d-3", 3), candidate("d-1", 1), candidate("d-2", 2))

        assert ["d-1", "d-2", "d-3"] == [assignment.driver_id for assignment in dispatch.tried]

    def test_an_order_that_has_a_driver_is_left_alone(self, lines: Lines) -> None:
        dispatch, zones = PlannedDispatch(Outcome.NOT_PLACED), KnownZones()

        self.match(dispatch, zones, candidate("d-1"), candidate("d-2"))

        assert 1 == len(dispatch.tried)
        assert [("berlin", ZONE, "o-1")] == zones.stopped
        assert [] == lines()

    def test_a_choice_is_explained_in_the_log(self, lines: Lines) -> None:
        self.match(PlannedDispatch(Outcome.WRITTEN), KnownZones(), candidate("d-1", 2.5), candidate("d-2", 9))

        (line,) = lines()
        assert {"event": "order_matched", "order_id": "o-1", "driver_id": "d-1", "outside_radius": 1}.items() <= line.items()
        assert line["score"]["distance"] == line["score"]["total"]

    def test_nobody_around_is_logged_once_and_raised_every_time(self, lines: Lines) -> None:
        dispatch, zones = PlannedDispatch(Outcome.WRITTEN, Outcome.KNOWN), KnownZones()

        for _ in range(2):
            with pytest.raises(NoDriverError):
                self.match(dispatch, zones)

        (line,) = lines()
        assert {"event": "no_driver_available", "order_id": "o-1", "region": "berlin", "level": "INFO"}.items() <= line.items()
        assert [] == zones.stopped

    def test_nobody_around_matters_no_more_once_the_order_has_a_driver(self) -> None:
        zones = KnownZones()

        self.match(PlannedDispatch(Outcome.NOT_PLACED), zones)

        assert [("berlin", ZONE, "o-1")] == zones.stopped

    def test_without_prices_nobody_is_assigned(self) -> None:
        dispatch = PlannedDispatch(Outcome.WRITTEN)

        with pytest.raises(ConnectionError):
            self.match(dispatch, DownZones("read"), candidate("d-1"))

        assert [] == dispatch.tried

    def test_a_crash_after_the_assignment_is_made_good_by_the_retry(self, dynamodb: Any) -> None:
        dispatch, zones = DynamoDispatch(dynamodb, "orders", "driver_orders"), DownZones("write")
        with pytest.raises(ConnectionError):
            self.match(dispatch, zones, candidate("d-1"))
        zones.method = None

        self.match(dispatch, zones, candidate("d-1"), candidate("d-2", 0))

        assert ("assigned", "d-1") == (order_of(dynamodb)["status"], order_of(dynamodb)["driver_id"])
        assert {"d-1": 1} == dispatch.read_workloads(["d-1", "d-2"])
        assert [("berlin", ZONE, "o-1")] == zones.stopped

    def test_poison_is_logged_with_its_reason_and_raised(self, lines: Lines) -> None:
        with pytest.raises(PoisonError):
            match_event({"order": 1}, Matcher(RULES, PlannedDispatch(), KnownZones()))

        (line,) = lines()
        assert ("poison_record", "order is not an object") == (line["event"], line["reason"])


ENVIRON = {"ORDERS_TABLE": "orders", "DRIVER_ORDERS_TABLE": "driver_orders", "MATCHING": MATCHING}


class TestSettings:
    def test_settings_are_read_from_the_environment(self) -> None:
        settings = read_settings(ENVIRON)

        assert ("orders", "driver_orders", RULES) == (settings.orders_table, settings.driver_orders_table, settings.rules)

    @pytest.mark.parametrize("name", ENVIRON)
    def test_a_missing_setting_is_named(self, name: str) -> None:
        with pytest.raises(KeyError, match=name):
            read_settings({key: value for key, value in ENVIRON.items() if key != name})

    def test_a_missing_rule_is_named(self) -> None:
        with pytest.raises(KeyError, match="max_active_orders"):
            read_rules('{"radius_km": 5, "weights": {}, "surge": {}}')


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A DynamoDB with both tables, and the order o-1 placed in it."""
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
        for table, keys in (("orders", ("order_id",)), ("driver_orders", ("driver_id", "order_id"))):
            client.create_table(
                TableName=table,
                KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                BillingMode="PAY_PER_REQUEST",
            )
        client.put_item(TableName="orders", Item={"order_id": {"S": "o-1"}, "status": {"S": "placed"}})
        yield client


def order_of(dynamodb: Any, order_id: str = "o-1") -> dict[str, str]:
    item = dynamodb.get_item(TableName="orders", Key={"order_id": {"S": order_id}})["Item"]
    return {name: next(iter(value.values())) for name, value in item.items()}


def load(dynamodb: Any, driver_id: str, **counts: int) -> None:
    """Give a driver these counts."""
    item = {"driver_id": {"S": driver_id}, "order_id": {"S": WORKLOAD}, **{name: {"N": str(count)} for name, count in counts.items()}}
    dynamodb.put_item(TableName="driver_orders", Item=item)


class Flaky:
    """A DynamoDB client that answers some calls otherwise first."""

    def __init__(self, client: Any, method: str, *answers: Any) -> None:
        self.exceptions = client.exceptions
        self._client = client
        self._method = method
        self._answers = list(answers)

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Any:
            answer = self._answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call if name == self._method and self._answers else getattr(self._client, name)


def canceled(client: Any, *codes: str) -> ClientError:
    response = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": [{"Code": code} for code in codes]}
    error: ClientError = client.exceptions.TransactionCanceledException(response, "TransactWriteItems")
    return error


class TestDynamoDispatch:
    ASSIGNMENT = Assignment("o-1", "d-1", Decimal("2.112"), Decimal("1.25"), ASSIGNED_AT)

    def dispatch(self, client: Any) -> DynamoDispatch:
        return DynamoDispatch(client, "orders", "driver_orders", sleep=lambda seconds: None)

    def test_an_assignment_is_written_whole(self, dynamodb: Any) -> None:
        assert Outcome.WRITTEN is self.dispatch(dynamodb).assign(self.ASSIGNMENT, 3)

        assert {
            "order_id": "o-1",
            "status": "assigned",
            "driver_id": "d-1",
            "distance_km": "2.112",
            "surge": "1.25",
            "assigned_at": ASSIGNED_AT,
        } == order_of(dynamodb)
        assert {"d-1": 1} == self.dispatch(dynamodb).read_workloads(["d-1", "d-2"])

    @pytest.mark.parametrize("active", range(4))
    @pytest.mark.parametrize("reserved", range(4))
    def test_a_driver_has_room_while_both_counts_are_below_the_limit_together(self, dynamodb: Any, active: int, reserved: int) -> None:
        load(dynamodb, "d-1", active_order_count=active, reserved_count=reserved)

        outcome = self.dispatch(dynamodb).assign(self.ASSIGNMENT, 3)

        assert (Outcome.WRITTEN if active + reserved < 3 else Outcome.DRIVER_FULL) is outcome
        assert ("assigned" if active + reserved < 3 else "placed") == order_of(dynamodb)["status"]

    @pytest.mark.parametrize(
        ("name", "count", "outcome"), [("active_order_count", 2, Outcome.WRITTEN), ("reserved_count", 3, Outcome.DRIVER_FULL)]
    )
    def test_an_absent_count_is_none(self, dynamodb: Any, name: str, count: int, outcome: Outcome) -> None:
        load(dynamodb, "d-1", **{name: count})

        assert outcome is self.dispatch(dynamodb).assign(self.ASSIGNMENT, 3)

    def test_an_order_is_assigned_once_and_reserves_one_driver(self, dynamodb: Any) -> None:
        dispatch = self.dispatch(dynamodb)
        dispatch.assign(self.ASSIGNMENT, 3)

        assert Outcome.NOT_PLACED is dispatch.assign(replace(self.ASSIGNMENT, driver_id="d-2"), 3)
        assert {"d-1": 1} == dispatch.read_workloads(["d-1", "d-2"])

    def test_an_unknown_order_is_not_made(self, dynamodb: Any) -> None:
        assert Outcome.NOT_PLACED is self.dispatch(dynamodb).assign(replace(self.ASSIGNMENT, order_id="o-2"), 3)

    def test_a_transaction_that_meets_another_is_tried_again(self, dynamodb: Any) -> None:
        flaky = Flaky(dynamodb, "transact_write_items", *[canceled(dynamodb, "None", "TransactionConflict")] * (TRIES - 1))

        assert Outcome.WRITTEN is self.dispatch(flaky).assign(self.ASSIGNMENT, 3)

    def test_a_transaction_that_always_meets_others_is_busy(self, dynamodb: Any) -> None:
        flaky = Flaky(dynamodb, "transact_write_items", *[canceled(dynamodb, "TransactionConflict", "None")] * TRIES)

        with pytest.raises(BusyError):
            self.dispatch(flaky).assign(self.ASSIGNMENT, 3)

    def test_another_reason_is_raised(self, dynamodb: Any) -> None:
        flaky = Flaky(dynamodb, "transact_write_items", canceled(dynamodb, "ValidationError", "None"))

        with pytest.raises(ClientError):
            self.dispatch(flaky).assign(self.ASSIGNMENT, 3)

    def test_unprocessed_keys_are_asked_for_again(self, dynamodb: Any) -> None:
        load(dynamodb, "d-1", active_order_count=1, reserved_count=1)
        unprocessed = {"driver_orders": {"Keys": [{"driver_id": {"S": "d-1"}, "order_id": {"S": WORKLOAD}}]}}
        read = {"driver_id": {"S": "d-2"}, "active_order_count": {"N": "2"}}
        flaky = Flaky(dynamodb, "batch_get_item", {"Responses": {"driver_orders": [read]}, "UnprocessedKeys": unprocessed})

        assert {"d-1": 2, "d-2": 2} == self.dispatch(flaky).read_workloads(["d-1", "d-2"])

    def test_keys_that_stay_unprocessed_are_not_taken_for_no_work(self, dynamodb: Any) -> None:
        unprocessed = {"driver_orders": {"Keys": [{"driver_id": {"S": "d-1"}, "order_id": {"S": WORKLOAD}}]}}
        flaky = Flaky(dynamodb, "batch_get_item", *[{"Responses": {}, "UnprocessedKeys": unprocessed}] * TRIES)

        with pytest.raises(BusyError):
            self.dispatch(flaky).read_workloads(["d-1"])

    def test_that_nobody_was_found_is_noted_once(self, dynamodb: Any) -> None:
        dispatch = self.dispatch(dynamodb)

        assert [Outcome.WRITTEN, Outcome.KNOWN] == [dispatch.note_unmatched("o-1", ASSIGNED_AT) for _ in range(2)]
        assert {"order_id": "o-1", "status": "placed", "unmatched_at": ASSIGNED_AT} == order_of(dynamodb)

    def test_that_nobody_was_found_is_not_noted_on_another_order(self, dynamodb: Any) -> None:
        dispatch = self.dispatch(dynamodb)
        dispatch.assign(self.ASSIGNMENT, 3)

        assert [Outcome.NOT_PLACED] * 2 == [dispatch.note_unmatched(order_id, ASSIGNED_AT) for order_id in ("o-1", "o-2")]


class TestRedisZones:
    def test_multipliers_are_exact_and_absent_ones_are_left_out(self, redis_client: RedisCluster) -> None:
        redis_client.zadd("surge:{berlin}", {"u33d8": 1.1, "u33dc": 2.5})

        found = RedisZones(redis_client).read_multipliers("berlin", ["u33d8", "u33d9", "u33dc"])

        assert {"u33d8": Decimal("1.10"), "u33dc": Decimal("2.50")} == found

    def test_no_zones_ask_nothing(self, redis_client: RedisCluster) -> None:
        assert {} == RedisZones(redis_client).read_multipliers("berlin", [])

    def test_an_order_stops_waiting_as_often_as_it_is_said(self, redis_client: RedisCluster) -> None:
        redis_client.zadd("waiting:{berlin}:u33d8", {"o-1": 1, "o-2": 2})

        for _ in range(2):
            RedisZones(redis_client).stop_waiting("berlin", "u33d8", "o-1")

        assert ["o-2"] == redis_client.zrange("waiting:{berlin}:u33d8", 0, -1)


class Serial:
    """A DynamoDB client whose calls wait for one another: moto's transactions see each other half done, DynamoDB's do not."""

    def __init__(self, client: Any) -> None:
        self.exceptions = client.exceptions
        self._client = client
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Any:
            with self._lock:
                return getattr(self._client, name)(**arguments)

        return call


class SimultaneousDispatch(DynamoDispatch):
    """Lets every matcher read before any of them writes."""

    def __init__(self, client: Any, matchers: int) -> None:
        super().__init__(Serial(client), "orders", "driver_orders")
        self._all_have_read = threading.Barrier(matchers, timeout=10)

    def read_workloads(self, driver_ids: Sequence[str]) -> Mapping[str, int]:
        workloads = super().read_workloads(driver_ids)
        self._all_have_read.wait()
        return workloads


class TestRace:
    def run(self, dynamodb: Any, orders: Sequence[str], *candidates: Candidate) -> list[str]:
        """Match these orders all at once, and return what came of each."""
        matcher = Matcher(RULES, SimultaneousDispatch(dynamodb, len(orders)), KnownZones(), lambda: NOW)

        def match(order_id: str) -> str:
            try:
                match_order(replace(request(*candidates), order_id=order_id), matcher)
            except NoDriverError:
                return "nobody"
            return "done"

        with ThreadPoolExecutor(len(orders)) as pool:
            return sorted(pool.map(match, orders))

    def test_matchers_of_one_order_assign_it_once(self, dynamodb: Any) -> None:
        assert ["done"] * 6 == self.run(dynamodb, ["o-1"] * 6, candidate("d-1"), candidate("d-2", 2))

        workloads = DynamoDispatch(dynamodb, "orders", "driver_orders").read_workloads(["d-1", "d-2"])
        assert {order_of(dynamodb)["driver_id"]: 1} == workloads

    def test_matchers_of_many_orders_load_nobody_beyond_the_limit(self, dynamodb: Any) -> None:
        orders = [f"o-{number}" for number in range(1, 9)]
        for order_id in orders:
            dynamodb.put_item(TableName="orders", Item={"order_id": {"S": order_id}, "status": {"S": "placed"}})

        outcomes = self.run(dynamodb, orders, candidate("d-1"), candidate("d-2", 2))

        workloads = DynamoDispatch(dynamodb, "orders", "driver_orders").read_workloads(["d-1", "d-2"])
        assert {"d-1": 3, "d-2": 3} == workloads
        assert ["assigned"] * 6 + ["placed"] * 2 == sorted(order_of(dynamodb, order_id)["status"] for order_id in orders)
        assert ["done"] * 6 + ["nobody"] * 2 == outcomes


class TestEntryPoint:
    @pytest.fixture(autouse=True)
    def _disconnected(self) -> Iterator[None]:
        _connect.cache_clear()
        yield
        _connect.cache_clear()

    def test_an_event_is_matched_by_what_the_environment_names(
        self, dynamodb: Any, redis_cluster: RedisServer, redis_client: RedisCluster, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        secrets = boto3.client("secretsmanager")
        secret = secrets.create_secret(Name="redis", SecretString=redis_cluster.secret)["ARN"]
        for name, value in (ENVIRON | redis_cluster.environ(secret)).items():
            monkeypatch.setenv(name, value)
        redis_client.zadd("surge:{berlin}", {ZONE: 1.5})
        redis_client.zadd(f"waiting:{{berlin}}:{ZONE}", {"o-1": NOW_MS})
        fresh = replace(candidate("d-1", 2.0), recorded_at=int(time.time() * 1000))

        handle(request(fresh).to_event(), None)

        order = order_of(dynamodb)
        assert ("assigned", "d-1", "3.112", "1.50") == tuple(order[name] for name in ("status", "driver_id", "distance_km", "surge"))
        assert [] == redis_client.zrange(f"waiting:{{berlin}}:{ZONE}", 0, -1)
