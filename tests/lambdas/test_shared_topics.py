"""Topics: what they are given, and which of their refusals are final."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from shared.orders import PoisonError
from shared.topics import Topic


class TestTopic:
    def sns(self) -> Any:
        return boto3.client("sns", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")

    @pytest.mark.parametrize("code", ["InvalidParameter", "InvalidParameterValue"])
    def test_a_message_that_the_topic_never_takes_is_poison(self, code: str) -> None:
        client = self.sns()
        with Stubber(client) as stubber:
            stubber.add_client_error("publish", code)

            with pytest.raises(PoisonError):
                Topic(client, "arn:t").publish({"order_id": "o-1"}, {})

    def test_a_throttled_topic_is_a_passing_fault(self) -> None:
        client = self.sns()
        with Stubber(client) as stubber:
            stubber.add_client_error("publish", "Throttled")

            with pytest.raises(ClientError):
                Topic(client, "arn:t").publish({"order_id": "o-1"}, {})

    def test_what_json_cannot_hold_is_poison(self) -> None:
        with pytest.raises(PoisonError):
            Topic(None, "arn:t").publish({"order_id": "o-1", "photo": b"x"}, {})

    def test_a_message_is_json_and_its_attributes_are_texts(self) -> None:
        client = self.sns()
        with Stubber(client) as stubber:
            expected = {
                "TopicArn": "arn:t",
                "Message": '{"order_id":"o-1"}',
                "MessageAttributes": {"order_stage": {"DataType": "String", "StringValue": "placed"}},
            }
            stubber.add_response("publish", {"MessageId": "m-1"}, expected)

            Topic(client, "arn:t").publish({"order_id": "o-1"}, {"order_stage": "placed"})

            stubber.assert_no_pending_responses()
