"""Edits of the stack's files: harmful ones with what must be found, and harmless ones."""

from __future__ import annotations

from dataclasses import dataclass

STACK = "tap_stack.tf"


@dataclass(frozen=True)
class Edit:
    """A change of one file of the stack, by a pattern that must match once, and what must be found."""

    kind: str
    pattern: str
    replacement: str
    expected: tuple[tuple[str, str, str], ...] = ()
    """Rule, address and path of what must be among the findings; none where the edit is harmless."""
    file: str = STACK
    marker: str = "var.env =="
    """What stands on a line that one of these findings must name, as its own or among those that lead to it."""


def appended(text: str) -> str:
    """Return a replacement for a file's end that adds a block there."""
    return f"\n{text}\n"


HARMFUL = (
    Edit(
        "a name is hard-coded",
        r"(function_name += )local\.function_names\[each\.key\]\n",
        '\\1each.key == "analytics" ? "tap-prod-analytics" : local.function_names[each.key]\n',
        (("environment-leak", 'aws_lambda_function.this["analytics"]', "function_name"),),
        marker="tap-prod-analytics",
    ),
    Edit(
        "a count follows the environment",
        r"\Z",
        appended('resource "aws_sns_topic" "sometimes" {\n  count = var.env == "prod" ? 1 : 0\n  name  = "${local.name}-sometimes"\n}'),
        (
            ("missing-resource", "aws_sns_topic.sometimes[0]", ""),
            ("environment-dependent-count", "aws_sns_topic.sometimes", "count"),
        ),
    ),
    Edit(
        "a count that agrees today follows the environment",
        r"\Z",
        appended('resource "aws_sns_topic" "today" {\n  count = var.env == "qa" ? 2 : 1\n  name  = "${local.name}-today"\n}'),
        (("environment-dependent-count", "aws_sns_topic.today", "count"),),
    ),
    Edit(
        "a for_each goes through a list that follows the environment",
        r"\Z",
        appended(
            'locals {\n  chosen = var.env == "dev" ? ["one"] : ["one", "two"]\n}\n\n'
            'resource "aws_sqs_queue" "chosen" {\n  for_each = toset(local.chosen)\n  name     = "${local.name}-${each.key}"\n}'
        ),
        (
            ("missing-resource", 'aws_sqs_queue.chosen["two"]', ""),
            ("environment-dependent-for-each", "aws_sqs_queue.chosen", "for_each"),
        ),
    ),
    Edit(
        "a reader is in production only",
        r"for_each = (\{ a = var\.availability_zones\[0\], b = var\.availability_zones\[1\] \})",
        'for_each = { for key, zone in \\1 : key => zone if key == "a" || var.env == "prod" }',
        (
            ("missing-resource", 'aws_rds_cluster_instance.this["b"]', ""),
            ("environment-dependent-for-each", "aws_rds_cluster_instance.this", "for_each"),
        ),
        marker='var.env == "prod"',
    ),
    Edit(
        "an alarm is in production only",
        r'(resource "aws_cloudwatch_metric_alarm" "math" \{\n(?:  #.*\n)*)  for_each = (.*?merge\(local\.math_alarm_defaults, alarm\)) \}',
        '\\1  for_each = \\2 if role != "restaurant_pos_failures" || var.env == "prod" }',
        (("environment-dependent-for-each", "aws_cloudwatch_metric_alarm.math", "for_each"),),
    ),
    Edit(
        "a route is there in one environment",
        r'route\.authorization == "NONE" \}',
        'route.authorization == "NONE" && (role != "websocket_disconnect" || var.env != "dev") }',
        (
            ("missing-resource", 'aws_apigatewayv2_route.connected["websocket_disconnect"]', ""),
            ("environment-dependent-for-each", "aws_apigatewayv2_route.connected", "for_each"),
        ),
        marker='var.env != "dev"',
    ),
    Edit(
        "a statement is wider in one environment",
        r'WriteOrders = \{ actions = \["kinesis:PutRecord"\]',
        'WriteOrders = { actions = var.env == "prod" ? ["kinesis:*"] : ["kinesis:PutRecord"]',
        (("value-difference", 'aws_iam_role_policy.function["order_validator"]', "policy"),),
        marker="data.aws_iam_policy_document.function[each.key].json",
    ),
    Edit(
        "a statement known after apply reaches everything in one environment",
        r"(RemoveStaleConnections = .*?)resources = \[local\.table_arns\.connections\]",
        '\\1resources = [var.env == "dev" ? "*" : local.table_arns.connections]',
        (("value-difference", 'data.aws_iam_policy_document.function["driver_consumer"]', "statement"),),
        marker="resources = statement.value.resources",
    ),
    Edit(
        "a stream is not encrypted in one environment",
        r'encryption_type  = "KMS"',
        'encryption_type  = var.env == "dev" ? "NONE" : "KMS"',
        (("value-difference", 'aws_kinesis_stream.this["orders"]', "encryption_type"),),
    ),
    Edit(
        "a message is tried more often in one environment",
        r"maxReceiveCount     = 5",
        'maxReceiveCount     = var.env == "prod" ? 5 : 50',
        (("value-difference", 'aws_sqs_queue.consumer["driver"]', "redrive_policy"),),
    ),
    Edit(
        "undelivered messages go to another queue in one environment",
        r'dead_letter\["external_notifications"\]\.arn',
        'dead_letter[var.env == "staging" ? "streams" : "external_notifications"].arn',
        (("value-difference", "aws_sns_topic_subscription.external", "redrive_policy"),),
    ),
    Edit(
        "a consumer hears of more in one environment",
        r'stages   = \["assigned"\]',
        'stages   = var.env == "staging" ? ["assigned", "placed"] : ["assigned"]',
        (("value-difference", 'aws_sns_topic_subscription.consumer["driver"]', "filter_policy"),),
    ),
    Edit(
        "drivers are settled more at once in one environment",
        r"max_concurrency = var\.max_concurrency",
        'max_concurrency = var.env == "prod" ? 20 : 1',
        (("protected-difference", "aws_sfn_state_machine.earnings", "definition"),),
        marker="definition = local.",
    ),
    Edit(
        "drivers are weighed otherwise in one environment",
        r"radius_km         = 5",
        'radius_km         = var.env == "prod" ? 5 : 50',
        (("protected-difference", 'aws_lambda_function.this["matcher"]', "environment"),),
    ),
    Edit(
        "a condition in a local changes what a function is told",
        r'(GEOHASH_INDEX +=) "geohash5"',
        "\\1 local.index",
        (("value-difference", 'aws_lambda_function.this["order_processor"]', "environment"),),
    ),
    Edit("(the local)", r"\Z", appended('locals {\n  index = var.env == "dev" ? "geohash4" : "geohash5"\n}')),
    Edit(
        "batches are smaller in one environment",
        r"parallelization_factor             = each\.value\.lanes",
        'parallelization_factor             = var.env == "prod" ? each.value.lanes : 1',
        (("value-difference", "aws_lambda_event_source_mapping.stream", "parallelization_factor"),),
    ),
    Edit(
        "objects are kept longer in one environment",
        r"noncurrent_days = 30\n",
        'noncurrent_days = var.env == "prod" ? 30 : 1\n',
        (("value-difference", "aws_s3_bucket_lifecycle_configuration", "rule"),),
    ),
    Edit(
        "a secret can be recovered in one environment",
        r"recovery_window_in_days = 0",
        'recovery_window_in_days = var.env == "prod" ? 7 : 0',
        (("value-difference", "aws_secretsmanager_secret.redis", "recovery_window_in_days"),),
    ),
    Edit(
        "a database can be deleted in one environment",
        r"(?<=\n)  deletion_protection       = true",
        '  deletion_protection       = var.env == "prod"',
        (("value-difference", "aws_rds_cluster.this", "deletion_protection"),),
    ),
    Edit(
        "a table can be deleted in one environment",
        r"deletion_protection_enabled = true",
        'deletion_protection_enabled = var.env == "prod"',
        (("value-difference", 'aws_dynamodb_table.this["orders"]', "deletion_protection_enabled"),),
    ),
    Edit(
        "a stream shows less in one environment",
        r'each\.value\.stream \? "NEW_AND_OLD_IMAGES"',
        'each.value.stream ? (var.env == "dev" ? "KEYS_ONLY" : "NEW_AND_OLD_IMAGES")',
        (("value-difference", 'aws_dynamodb_table.this["orders"]', "stream_view_type"),),
    ),
    Edit(
        "a security group reaches less in one environment",
        r'cidr_ipv4         = "0\.0\.0\.0/0"',
        'cidr_ipv4         = var.env == "dev" ? "10.0.0.0/8" : "0.0.0.0/0"',
        (("value-difference", "aws_vpc_security_group_egress_rule.internet", "cidr_ipv4"),),
    ),
    Edit(
        "anybody may order in one environment",
        r'(resource "aws_api_gateway_method" "order" \{\n(?:.*\n)*?  authorization +=) "AWS_IAM"',
        '\\1 var.env == "dev" ? "NONE" : "AWS_IAM"',
        (("value-difference", "aws_api_gateway_method.order", "authorization"),),
    ),
    Edit(
        "more may call a function in one environment",
        r'/POST/orders"',
        '${var.env == "dev" ? "/*" : "/POST/orders"}"',
        (("value-difference", "aws_lambda_permission.rest", "source_arn"),),
    ),
    Edit(
        "a variable is set for one environment only",
        r"\Z",
        "\nretention_hours = 72\n",
        (("value-difference", 'aws_kinesis_stream.this["orders"]', "retention_period"),),
        file="tfvars/staging.tfvars",
        marker="retention_hours = 72",
    ),
    Edit(
        "an allowed value falls from staging to prod",
        r"orders_shard_count    = \d+",
        "orders_shard_count    = 1",
        (("order-violation", 'aws_kinesis_stream.this["orders"]', "shard_count"),),
        file="tfvars/prod.tfvars",
        marker="orders_shard_count",
    ),
)

HARMLESS = (
    Edit("a comment", r"\A", "# Another comment.\n"),
    Edit("other white space", r'  encryption_type  = "KMS"', '  encryption_type = "KMS"'),
    Edit("a new resource everywhere", r"\Z", appended('resource "aws_sns_topic" "extra" {\n  name = "${local.name}-extra"\n}')),
    Edit("a constant in place of a variable", r"retention_period = var\.retention_hours", "retention_period = 24"),
    Edit("a new tag for all", r"ManagedBy   = \"terraform\"", 'ManagedBy   = "terraform"\n    Stage       = "${var.env}-stage"'),
    Edit("a renamed local", r"\blocal\.order_stages\b", "local.stages_of_orders"),
    Edit("(the local)", r"(?<=\n)  order_stages =", "  stages_of_orders ="),
    Edit("a moved resource", r"\Z", appended("moved {\n  from = aws_eip.old\n  to   = aws_eip.nat\n}")),
    Edit(
        "actions in another order",
        r'(actions +=) \["dynamodb:PutItem", "dynamodb:UpdateItem"\]',
        '\\1 ["dynamodb:UpdateItem", "dynamodb:PutItem"]',
    ),
    Edit("the environment in a host's name", r'"\$\{local\.name\}-functions-dlq"', '"${local.name}-functions-${var.env}-dlq"'),
    Edit("a value chosen by nothing", r"recovery_window_in_days = 0", "recovery_window_in_days = var.ttl_enabled ? 0 : 7"),
    Edit("more of what may grow", r"orders_shard_count    = \d+", "orders_shard_count    = 5", file="tfvars/prod.tfvars"),
)
