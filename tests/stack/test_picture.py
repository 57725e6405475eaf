"""The picture in the documentation is the stack's."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.commands.invoke import paritycheck

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "images" / "topology.svg"
PAGE = ROOT / "docs" / "graph.md"


def test_the_documented_picture_is_what_is_drawn(request: pytest.FixtureRequest) -> None:
    done = paritycheck("graph", "--quiet", cwd=ROOT)
    if request.config.getoption("--update-snapshots"):
        PICTURE.write_text(done.out, encoding="utf-8")

    assert PICTURE.read_text(encoding="utf-8") == done.out, "pytest --update-snapshots draws it"
    assert len(done.out) < 400_000


def test_services_stand_in_the_order_of_the_data_flow() -> None:
    services = re.findall(r'class="cards" data-service="([^"]*)"', PICTURE.read_text(encoding="utf-8"))

    assert "API Gateway" == services[0]
    assert services.index("Kinesis") < services.index("Lambda") < services.index("ElastiCache")
    assert services.index("SNS") < services.index("SQS") < services.index("Lambda") < services.index("S3")
    assert {"CloudWatch", "IAM", "KMS", "VPC"} <= set(services[services.index("S3") + 1 :])


def test_orders_flow_from_the_api_to_the_stores() -> None:
    root = ET.parse(PICTURE).getroot()
    names = {str(each.get("id")).removeprefix("node-"): each.get("data-address") for each in root.iter() if each.get("data-address")}
    curves = {(names[str(each.get("data-source"))], names[str(each.get("data-target"))]) for each in root.iter() if each.get("data-source")}

    assert {
        ("aws_api_gateway_integration.order", 'aws_lambda_function.this["order_validator"]'),
        ('aws_lambda_function.this["order_validator"]', 'aws_kinesis_stream.this["orders"]'),
        ('aws_kinesis_stream.this["orders"]', 'aws_lambda_function.this["order_processor"]'),
        ('aws_lambda_function.this["order_processor"]', 'aws_dynamodb_table.this["orders"]'),
        ('aws_sqs_queue.consumer["restaurant"]', 'aws_lambda_function.this["restaurant_consumer"]'),
        ("aws_sfn_state_machine.earnings", 'aws_lambda_function.this["earnings_calculator"]'),
    } <= curves
    assert ('aws_lambda_function.this["order_processor"]', 'aws_kinesis_stream.this["orders"]') not in curves


def test_the_documented_flowchart_is_what_is_written(request: pytest.FixtureRequest) -> None:
    done = paritycheck("graph", "--quiet", "--format", "mermaid", "--by", "service", cwd=ROOT)
    text = PAGE.read_text(encoding="utf-8")
    block = re.compile(r"(?ms)(?<=^```mermaid\n).*?(?=^```$)")
    if request.config.getoption("--update-snapshots"):
        PAGE.write_text(block.sub(lambda _: done.out, text), encoding="utf-8")

    assert [done.out] == block.findall(text), "pytest --update-snapshots writes it"
