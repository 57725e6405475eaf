"""What is wrong in the plan breaks the run: an order gets no further than the plan carries it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.pipeline.changes import Change, Plan, Start, setting
from tests.pipeline.refusals import RefusedPlanError
from tests.pipeline.simple_order import ORDER, enter, picture, place, statuses

STAGES = 'aws_lambda_event_source_mapping.stream["stages"]'


@pytest.mark.parametrize(
    ("address", "change", "status"),
    [
        pytest.param(
            STAGES,
            setting(filter_criteria=[{"filter": [{"pattern": '{"eventName": ["REMOVE"]}'}]}]),
            "assigned",
            id="a filter that nothing passes",
        ),
        pytest.param(STAGES, setting(enabled=False), "assigned", id="a source that is off"),
        pytest.param(STAGES, setting(starting_position="LATEST"), "accepted", id="nothing: the stream was empty"),
        pytest.param(
            'aws_sns_topic_subscription.consumer["restaurant"]',
            setting(filter_policy='{"order_stage": ["delivered"]}'),
            "assigned",
            id="a filter policy of another stage",
        ),
        pytest.param(
            'aws_sns_topic_subscription.consumer["restaurant"]',
            setting(raw_message_delivery=False),
            "assigned",
            id="messages in envelopes",
        ),
        pytest.param(
            'aws_lambda_function.this["order_processor"]',
            lambda function: function["environment"][0]["variables"].pop("MATCHING"),
            None,
            id="a variable that is missing",
        ),
        pytest.param(
            'aws_lambda_function.this["order_processor"]',
            lambda function: function["environment"][0]["variables"].update(MATCHER_FUNCTION="tap-staging-other"),
            "placed",
            id="a function of another name",
        ),
        pytest.param(
            'aws_lambda_function.this["restaurant_consumer"]',
            lambda function: function["environment"][0]["variables"].update(
                POS_URL=function["environment"][0]["variables"]["POS_URL"].replace("/v1/", "/v2/")
            ),
            "assigned",
            id="a stage that is not there",
        ),
    ],
)
def test_an_order_gets_only_as_far_as_the_plan_carries_it(start: Start, address: str, change: Change, status: str | None) -> None:
    pipeline = start(address, change)
    enter(pipeline)

    place(pipeline)

    assert ([] if status is None else [status]) == statuses(pipeline)


@pytest.mark.parametrize(
    ("address", "change", "problem"),
    [
        pytest.param(
            'aws_sqs_queue.consumer["driver"]',
            setting(visibility_timeout_seconds=29),
            "tap-staging-driver-assignments is visible after 29 s, and tap-staging-driver-consumer may take 30 s",
            id="a visibility timeout shorter than the function's",
        ),
        pytest.param(
            'aws_sns_topic_subscription.consumer["driver"]',
            setting(endpoint="arn:aws:sqs:us-east-1:123456789012:tap-staging-streams-dlq"),
            "tap-staging-streams-dlq takes nothing from arn:aws:sns:us-east-1:123456789012:tap-staging-order-events",
            id="a queue that does not let the topic in",
        ),
        pytest.param(
            "aws_lambda_permission.delivery_photos",
            setting(source_account="210987654321"),
            "tap-staging-delivery-photos-123456789012 may not call "
            "arn:aws:lambda:us-east-1:123456789012:function:tap-staging-image-validator",
            id="a bucket that may not call its function",
        ),
        pytest.param(
            STAGES,
            setting(filter_criteria=[{"filter": [{"pattern": '{"eventName": [{"starts-with": "I"}]}'}]}]),
            "the filter of arn:aws:dynamodb:us-east-1:123456789012:table/tap-staging-orders/stream/2024-01-01T00:00:00.000: "
            '$.eventName: {"starts-with": "I"} is no comparison',
            id="a filter of no known form",
        ),
    ],
)
def test_a_plan_that_aws_would_refuse_does_not_start(start: Start, address: str, change: Change, problem: str) -> None:
    with pytest.raises(RefusedPlanError) as refused:
        start(address, change)

    assert problem == str(refused.value)


def test_an_api_that_may_not_call_its_function_answers_for_it(start: Start) -> None:
    pipeline = start("aws_lambda_permission.rest", setting(source_arn="arn:aws:execute-api:us-east-1:123456789012:other/v1/POST/orders"))

    answer = pipeline.place_order("carla", ORDER)

    assert (500, {"message": "Internal server error"}) == (answer.status, answer.body)


def test_a_photo_outside_the_notified_prefix_is_never_looked_at(start: Start) -> None:
    def move(notification: Plan) -> None:
        notification["lambda_function"][0]["filter_prefix"] = "pictures/"

    pipeline = start('aws_s3_bucket_notification.this["delivery_photos"]', move)
    driver = enter(pipeline)
    order_id = place(pipeline)
    pipeline.say(driver, {"type": "picked_up", "order_id": order_id})
    pipeline.upload(pipeline.say(driver, {"type": "photo_url", "order_id": order_id, "content_type": "image/jpeg"})["url"], picture())
    pipeline.settle_down()

    assert [False] == ["proof_of_delivery" in order for order in pipeline.items("orders")]


def test_a_schedule_that_is_off_settles_nothing(start: Start) -> None:
    pipeline = start("aws_cloudwatch_event_rule.earnings", setting(state="DISABLED"))

    assert "NEVER_STARTED" == pipeline.settle_day(datetime.now(UTC).date() - timedelta(days=1))
