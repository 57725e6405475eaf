"""The settlement's lister: which drivers' days are open, in which groups, and how many of them."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import boto3
import pytest
from earnings_lister import handler
from earnings_lister.domain import DAYS_BACK, GROUP_SIZE, MAX_DRIVER_DAYS, Group, Profile, closed_days, list_groups
from earnings_lister.settings import Settings, read_settings
from earnings_lister.stores import DynamoProfiles, Profiles
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws
from shared.times import read_time

SCHEDULED_AT = "2026-03-02T03:00:00Z"
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
DAYS = closed_days(NOW)
MAX_PAYLOAD = 256 * 1024

PROFILES = st.lists(
    st.builds(Profile, st.text(min_size=1, max_size=8), st.frozensets(st.sampled_from(DAYS))),
    max_size=8,
    unique_by=lambda each: each.driver_id,
)


class ListedProfiles(Profiles):
    """Has the profiles in a list."""

    def __init__(self, *profiles: Profile) -> None:
        self.profiles = profiles

    def all(self) -> Iterator[Profile]:
        yield from self.profiles


def settled_but(*open_days: str) -> frozenset[str]:
    return frozenset(DAYS) - set(open_days)


class TestDomain:
    def test_the_days_before_that_of_the_schedule_are_closed(self) -> None:
        assert (DAYS_BACK, "2026-02-16", "2026-03-01") == (len(DAYS), DAYS[0], DAYS[-1])

    @pytest.mark.parametrize(("time", "last"), [("00:14:59", "2026-02-28"), ("00:15:00", "2026-03-01"), ("23:59:59", "2026-03-01")])
    def test_a_day_stays_open_for_a_moment_after_midnight(self, time: str, last: str) -> None:
        assert last == closed_days(read_time(f"2026-03-02T{time}Z"))[-1]

    def test_a_time_elsewhere_counts_as_that_in_utc(self) -> None:
        assert closed_days(read_time("2026-03-01T23:00:00Z")) == closed_days(read_time("2026-03-02T04:00:00+05:00"))

    def test_days_are_grouped_by_date_oldest_first(self) -> None:
        profiles = [
            Profile("b", settled_but("2026-03-01", "2026-02-20")),
            Profile("a", settled_but("2026-03-01")),
            Profile("c", settled_but()),
        ]

        assert (Group("2026-02-20", ("b",)), Group("2026-03-01", ("a", "b"))) == list_groups(profiles, NOW).groups

    def test_a_long_date_makes_several_groups(self) -> None:
        listing = list_groups([Profile(f"{number:03}", settled_but("2026-03-01")) for number in range(250)], NOW)

        assert [100, 100, 50] == [len(group.driver_ids) for group in listing.groups]

    def test_what_has_no_room_waits_for_the_next_run_and_the_newest_waits(self) -> None:
        profiles = [Profile(f"00000000-0000-4000-8000-{number:012}", settled_but(*DAYS[-2:])) for number in range(4_000)]
        listing = list_groups(profiles, NOW)

        assert 2_000 == listing.left
        assert {DAYS[-2]: 4_000, DAYS[-1]: 2_000} == {
            day: sum(len(group.driver_ids) for group in listing.groups if group.delivery_date == day) for day in DAYS[-2:]
        }
        assert MAX_PAYLOAD > len(json.dumps([group.to_json() for group in listing.groups]))

    @pytest.mark.parametrize("letter", ["x", "ü"])
    def test_long_ids_fit_as_well(self, letter: str) -> None:
        profiles = [Profile(f"{number:06}{letter * 194}", settled_but(DAYS[-1])) for number in range(3_000)]
        listing = list_groups(profiles, NOW)

        assert listing.left > 0
        assert 200_000 < len(json.dumps({"groups": [group.to_json() for group in listing.groups]})) < MAX_PAYLOAD

    @given(PROFILES)
    def test_every_open_day_is_listed_once_whatever_the_order(self, profiles: list[Profile]) -> None:
        listing = list_groups(profiles, NOW)
        listed = [(group.delivery_date, driver) for group in listing.groups for driver in group.driver_ids]

        assert sorted((day, profile.driver_id) for profile in profiles for day in DAYS if day not in profile.settled) == listed
        assert listing == list_groups(reversed(profiles), NOW)
        assert all(1 <= len(group.driver_ids) <= GROUP_SIZE for group in listing.groups)
        assert (0, True) == (listing.left, len(listed) <= MAX_DRIVER_DAYS)

    @given(st.datetimes(NOW.replace(year=2000, tzinfo=None), NOW.replace(year=2100, tzinfo=None)))
    def test_no_day_is_listed_before_it_is_over(self, time: datetime) -> None:
        last = date.fromisoformat(closed_days(time.replace(tzinfo=UTC))[-1])

        assert last < time.date() <= last + timedelta(days=2)


class TestHandler:
    def test_the_state_machine_gets_groups(self) -> None:
        answer = handler.list_driver_days({"scheduled_at": SCHEDULED_AT}, ListedProfiles(Profile("anna", settled_but("2026-03-01"))))

        assert {"groups": [{"delivery_date": "2026-03-01", "driver_ids": ["anna"]}]} == answer

    def test_days_that_wait_are_told(self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("earnings_lister.domain.MAX_DRIVER_DAYS", 3)
        with caplog.at_level("INFO"):
            handler.list_driver_days({"scheduled_at": SCHEDULED_AT}, ListedProfiles(Profile("anna")))

        told = [(record.event, record.driver_days) for record in caplog.records]  # type: ignore[attr-defined]
        assert [("driver_days_listed", 3), ("driver_days_left", 11)] == told

    def test_an_event_without_a_time_is_refused(self) -> None:
        with pytest.raises(KeyError, match="scheduled_at"):
            handler.list_driver_days({}, ListedProfiles())


class TestDynamoProfiles:
    @pytest.fixture(autouse=True)
    def table(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setenv("DRIVER_PROFILES_TABLE", "profiles")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        with mock_aws():
            self.profiles = boto3.resource("dynamodb").create_table(
                TableName="profiles",
                KeySchema=[{"AttributeName": "driver_id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "driver_id", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
            handler._connect.cache_clear()
            yield
            handler._connect.cache_clear()

    def test_all_pages_are_read_and_no_more_than_is_needed(self) -> None:
        with self.profiles.batch_writer() as batch:
            for number in range(8):
                batch.put_item(Item={"driver_id": f"d-{number}", "settled": {"2026-03-01"}, "blob": "x" * 300_000})

        assert [Profile(f"d-{number}", frozenset({"2026-03-01"})) for number in range(8)] == sorted(
            DynamoProfiles(self.profiles).all(), key=lambda each: each.driver_id
        )

    def test_the_entry_point_reads_its_settings_on_the_first_call(self) -> None:
        self.profiles.put_item(Item={"driver_id": "anna"})

        answer = handler.handle({"scheduled_at": SCHEDULED_AT}, None)
        assert [{"delivery_date": day, "driver_ids": ["anna"]} for day in DAYS] == answer["groups"]


def test_a_missing_setting_is_named() -> None:
    assert Settings("profiles") == read_settings({"DRIVER_PROFILES_TABLE": "profiles"})
    with pytest.raises(KeyError, match="DRIVER_PROFILES_TABLE"):
        read_settings({})
