"""The drivers' settlement: the planned state machine, run by an interpreter, with small functions behind its Lambda tasks."""

import itertools
import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from paritycheck.config import load_config
from paritycheck.engines import select_engine
from tests.lambda_runner import ACCOUNT_ID, REGION, Handler, Runner, ServiceError, running

ROOT = Path(__file__).parents[2]
CONFIG = load_config(ROOT / "parity.yaml")

MAX_PAYLOAD = 256 * 1024
"""Bytes that Step Functions carries from state to state."""
MAX_EVENTS = 25_000
"""Entries of an execution's history."""
CENTS = 1250
"""What each driver earned here."""
SCHEDULED_AT = "2026-03-02T03:00:00Z"

LISTER, CALCULATOR, SETTLER = (f"tap-prod-earnings-{step}" for step in ("lister", "calculator", "settler"))

Group = dict[str, Any]


class AuroraIsDownError(Exception):
    """An error of a function's own code."""


@dataclass(frozen=True)
class Outcome:
    """How an execution ended."""

    status: str
    output: Any
    error: str | None
    cause: str | None
    events: list[dict[str, Any]]
    """Its history."""

    def entered(self, state: str) -> Any:
        """What a state was given when the execution last came to it."""
        inputs = [event["stateEnteredEventDetails"] for event in self.events if "stateEnteredEventDetails" in event]
        return json.loads([details["input"] for details in inputs if details["name"] == state][-1])


def group(date: str, *drivers: str) -> Group:
    return {"delivery_date": date, "driver_ids": list(drivers)}


GROUPS = [group("2026-02-28", "anna", "ben"), group("2026-03-01", "anna"), group("2026-03-01", "cleo", "dan", "eve")]
DRIVER_DAYS = sum(len(each["driver_ids"]) for each in GROUPS)


def earned(drivers: Group) -> list[dict[str, Any]]:
    """What the calculator says of a group."""
    return [{"driver_id": driver, "cents": CENTS} for driver in drivers["driver_ids"]]


def functions(groups: list[Group], spoil: Mapping[str, Handler] | None = None) -> dict[str, Handler]:
    """The three functions, as small as they can be; `spoil` has, by function, what is called before it, and may raise."""
    handlers: dict[str, Handler] = {
        LISTER: lambda event, context: {"groups": groups},
        CALCULATOR: lambda event, context: {"earnings": earned(event)},
        SETTLER: lambda event, context: {"drivers": len(event["earnings"]), "cents": sum(each["cents"] for each in event["earnings"])},
    }
    return handlers | {name: one_after_another(first, handlers[name]) for name, first in (spoil or {}).items()}


def one_after_another(first: Handler, then: Handler) -> Handler:
    return lambda event, context: (first(event, context), then(event, context))[1]


def failing(error: Callable[[], Exception], times: int | None = None, when: Callable[[Any], bool] = lambda event: True) -> Handler:
    """A function that raises for some events, the first times or always."""
    turns: Iterator[int] = itertools.count() if times is None else iter(range(times))

    def handle(event: Any, context: Any) -> None:
        if when(event) and next(turns, None) is not None:
            raise error()

    return handle


@pytest.fixture(scope="module")
def planned() -> dict[str, Any]:
    """The resources of production as they are planned, by address."""
    (production,) = [environment for environment in CONFIG.environments if environment.name == "prod"]
    (document,) = select_engine(CONFIG).documents([production])
    return {change["address"]: change["change"]["after"] for change in json.loads(document)["resource_changes"]}


@pytest.fixture(scope="module")
def definition(planned: dict[str, Any]) -> dict[str, Any]:
    return json.loads(planned["aws_sfn_state_machine.earnings"]["definition"])


Settle = Callable[[dict[str, Handler]], tuple[Outcome, Runner]]


@pytest.fixture
def settle(planned: dict[str, Any]) -> Settle:
    """Runs the state machine with what the schedule sends it, and these functions."""
    machine = planned["aws_sfn_state_machine.earnings"]
    (transformer,) = planned["aws_cloudwatch_event_target.earnings"]["input_transformer"]
    started = transformer["input_template"].replace("<scheduled_at>", json.dumps(SCHEDULED_AT))

    def run(handlers: dict[str, Handler]) -> tuple[Outcome, Runner]:
        with running(handlers) as runner:
            client = boto3.client("stepfunctions", REGION)
            role = f"arn:aws:iam::{ACCOUNT_ID}:role/any"
            arn = client.create_state_machine(name=machine["name"], definition=machine["definition"], roleArn=role)["stateMachineArn"]
            return follow(client, client.start_execution(stateMachineArn=arn, input=started)["executionArn"]), runner

    return run


def follow(client: Any, execution: str) -> Outcome:
    """Wait for an execution's end."""
    while (ended := client.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(0.01)
    events = client.get_execution_history(executionArn=execution, maxResults=1000)["events"]
    return Outcome(ended["status"], json.loads(ended.get("output", "null")), ended.get("error"), ended.get("cause"), events)


def test_every_group_is_calculated_settled_and_added_up(settle: Settle) -> None:
    outcome, runner = settle(functions(GROUPS))

    assert ("SUCCEEDED", {"groups": 3, "failed": 0, "drivers": DRIVER_DAYS, "cents": DRIVER_DAYS * CENTS}) == (
        outcome.status,
        outcome.output,
    )
    assert [{"scheduled_at": SCHEDULED_AT}] == runner.asked(LISTER)
    assert sorted(map(str, GROUPS)) == sorted(map(str, runner.asked(CALCULATOR)))
    assert sorted(str((each["delivery_date"], earned(each))) for each in GROUPS) == sorted(
        str((event["delivery_date"], event["earnings"])) for event in runner.asked(SETTLER)
    )


def test_nothing_to_settle_is_a_success(settle: Settle) -> None:
    outcome, runner = settle(functions([]))

    assert ("SUCCEEDED", {"groups": 0, "failed": 0, "drivers": 0, "cents": 0}) == (outcome.status, outcome.output)
    assert [LISTER] == [name for name, _ in runner.events]


@pytest.mark.parametrize("function", [CALCULATOR, SETTLER])
def test_a_group_that_fails_stops_no_other_one_and_fails_the_execution_in_the_end(settle: Settle, function: str) -> None:
    spoil = failing(lambda: AuroraIsDownError("cleo is owed 1250"), when=lambda event: "cleo" in json.dumps(event))
    outcome, runner = settle(functions(GROUPS, {function: spoil}))
    incomplete = outcome.entered("Incomplete")

    assert ("FAILED", "SettlementIncomplete") == (outcome.status, outcome.error)
    assert "1 of 3 groups of drivers are not settled; the results in the input of this state say which." == outcome.cause
    assert {"groups": 3, "failed": 1, "drivers": 3, "cents": 3 * CENTS} == incomplete["totals"]
    assert [
        {"failed": 0, "drivers": 2, "cents": 2 * CENTS},
        {"failed": 0, "drivers": 1, "cents": CENTS},
        {"group": 2, "failed": 1, "drivers": 0, "cents": 0, "delivery_date": "2026-03-01", "error": "AuroraIsDownError"},
    ] == incomplete["results"]
    assert 3 == len(runner.asked(CALCULATOR))


def test_all_groups_may_fail(settle: Settle) -> None:
    outcome, runner = settle(functions(GROUPS, {CALCULATOR: failing(lambda: AuroraIsDownError("no connection"))}))

    assert ("FAILED", "SettlementIncomplete") == (outcome.status, outcome.error)
    assert {"groups": 3, "failed": 3, "drivers": 0, "cents": 0} == outcome.entered("Incomplete")["totals"]
    assert [] == runner.asked(SETTLER)


@pytest.mark.parametrize(
    ("function", "error"), [(LISTER, "ServiceException"), (CALCULATOR, "TooManyRequestsException"), (SETTLER, "AWSLambdaException")]
)
def test_what_lambda_gets_wrong_for_a_moment_is_tried_again(settle: Settle, function: str, error: str) -> None:
    outcome, runner = settle(functions(GROUPS[:1], {function: failing(lambda: ServiceError(error), times=3)}))

    assert ("SUCCEEDED", {"groups": 1, "failed": 0, "drivers": 2, "cents": 2 * CENTS}) == (outcome.status, outcome.output)
    assert 4 == len(runner.asked(function))
    assert [True] * 3 == [0 <= wait <= longest for wait, longest in zip(runner.waits, (2, 4, 8), strict=True)]


def test_retries_come_to_an_end(settle: Settle) -> None:
    outcome, runner = settle(functions(GROUPS[:1], {SETTLER: failing(lambda: ServiceError("ServiceException"))}))

    assert ("FAILED", "SettlementIncomplete") == (outcome.status, outcome.error)
    assert ["Lambda.ServiceException"] == [result["error"] for result in outcome.entered("Incomplete")["results"]]
    assert (7, 6) == (len(runner.asked(SETTLER)), len(runner.waits))


def test_an_error_of_the_code_is_not_tried_again(settle: Settle) -> None:
    outcome, runner = settle(functions(GROUPS, {LISTER: failing(lambda: AuroraIsDownError("no connection"))}))

    assert ("FAILED", "AuroraIsDownError") == (outcome.status, outcome.error)
    assert ([LISTER], []) == ([name for name, _ in runner.events], runner.waits)


def test_as_many_drivers_as_the_comment_allows_stay_within_the_limits(settle: Settle) -> None:
    """6,000 drivers' days in groups of a hundred: every payload fits, and the history has room for retries besides."""
    ids = [str(uuid.UUID(int=number)) for number in range(6_000)]
    outcome, _ = settle(functions([group("2026-03-01", *ids[start : start + 100]) for start in range(0, len(ids), 100)]))
    payloads = [text for event in outcome.events for text in texts(event)]

    assert {"groups": 60, "failed": 0, "drivers": 6_000, "cents": 6_000 * CENTS} == outcome.output
    assert MAX_PAYLOAD > max(len(text.encode()) for text in payloads)
    assert 15 + 60 * 16 == len(outcome.events) < MAX_EVENTS


def texts(event: dict[str, Any]) -> list[str]:
    """The inputs and outputs that an entry of the history holds."""
    details = [value for key, value in event.items() if key.endswith("EventDetails")]
    return [detail[key] for detail in details for key in ("input", "output") if key in detail]


def test_the_state_machine_may_call_what_it_calls_and_nothing_else(planned: dict[str, Any], definition: dict[str, Any]) -> None:
    policy = json.loads(planned["aws_iam_role_policy.earnings"]["policy"])
    allowed = [statement["Resource"] for statement in policy["Statement"] if statement["Action"] == "lambda:InvokeFunction"]

    assert [{task["Parameters"]["FunctionName"] for task in tasks(definition)}] == [set(resources) for resources in allowed]


def test_every_task_ends_after_its_function_and_is_tried_again_at_random_times(planned: dict[str, Any], definition: dict[str, Any]) -> None:
    timeouts = {
        change["function_name"]: change["timeout"] for address, change in planned.items() if address.startswith("aws_lambda_function.")
    }

    assert 3 == len(tasks(definition))
    for task in tasks(definition):
        assert task["TimeoutSeconds"] > timeouts[task["Parameters"]["FunctionName"].rpartition(":")[2]]
        assert ["FULL"] == [retry["JitterStrategy"] for retry in task["Retry"]]


def tasks(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """All tasks, those of the Map state too."""
    inner = definition["States"]["SettleGroups"]["ItemProcessor"]["States"]
    return [state for state in [*definition["States"].values(), *inner.values()] if state["Type"] == "Task"]
