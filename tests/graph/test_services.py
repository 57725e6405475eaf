"""Resource types belong to services by the names that people use."""

from __future__ import annotations

import pytest

from paritycheck.graph.services import service_of
from paritycheck.topology import Band


@pytest.mark.parametrize(
    ("type_name", "name", "band"),
    [
        ("aws_sqs_queue", "SQS", Band.FLOW),
        ("aws_sqs_queue_policy", "SQS", Band.FLOW),
        ("aws_apigatewayv2_route", "API Gateway", Band.ENTRY),
        ("aws_api_gateway_method", "API Gateway", Band.ENTRY),
        ("aws_cloudwatch_event_rule", "EventBridge", Band.FLOW),
        ("aws_cloudwatch_metric_alarm", "CloudWatch", Band.SUPPORT),
        ("aws_kinesis_stream", "Kinesis", Band.FLOW),
        ("aws_kinesis_firehose_delivery_stream", "Data Firehose", Band.FLOW),
        ("aws_iam_role", "IAM", Band.SUPPORT),
        ("aws_route", "VPC", Band.SUPPORT),
        ("aws_route53_record", "Route 53", Band.SUPPORT),
        ("aws_subnet", "VPC", Band.SUPPORT),
        ("aws_brandnew_thing", "Brandnew", Band.FLOW),
        ("google_pubsub_topic", "Pubsub", Band.FLOW),
        ("google_sql_database", "SQL", Band.FLOW),
        ("azurerm_storage_account", "Storage", Band.FLOW),
        ("kubernetes_deployment", "Kubernetes", Band.FLOW),
        ("random_password", "Terraform helpers", Band.SUPPORT),
        ("terraform_data", "Terraform helpers", Band.SUPPORT),
        ("aws_", "AWS", Band.FLOW),
        ("", "", Band.FLOW),
    ],
)
def test_a_type_belongs_to_a_service(type_name: str, name: str, band: Band) -> None:
    found = service_of(type_name)

    assert (name, band) == (found.name, found.band)
