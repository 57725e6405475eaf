"""Every rule: what is checked, why it matters, how to mend it. `docs/rules.md` says the same at more length."""

from __future__ import annotations

from dataclasses import dataclass

from paritycheck.findings import Area, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding."""

    slug: str
    """Name everywhere: in reports, in `docs/rules.md`, as an id in other formats."""
    severity: Severity
    """How much a finding weighs, unless its case is milder."""
    what: str
    """What is wrong, in one sentence."""
    why: str
    """Why that matters."""
    fix: str
    """How to mend it."""
    before: str
    """A configuration that has the defect."""
    after: str
    """The same without it."""
    allowable: bool = False
    """Whether an allow rule can permit it."""
    deferrable: bool = True
    """Whether a baseline can hold it for a while."""
    area: Area = Area.COMPARISON
    """What it belongs to."""

    @property
    def of_policies(self) -> bool:
        """Whether it is about policies and privileges, and not about what differs."""
        return self.area in {Area.POLICIES, Area.PRIVILEGES}


_RULES = (
    Rule(
        "missing-resource",
        ERROR,
        "A resource, a data source or an output exists in some environments only.",
        "What is not there cannot be tested there: an environment without it proves nothing about one that has it.",
        "Declare it for every environment, and let a variable size it rather than decide whether it exists.",
        'count = var.env == "prod" ? 1 : 0',
        "count = 1",
        allowable=True,
    ),
    Rule(
        "value-difference",
        ERROR,
        "An attribute has different values, and no rule allows it.",
        "A difference that nobody reviewed is where 'it worked in staging' stops being true.",
        "Give all environments one value, or allow the difference with a reason.",
        "timeout = 30  # and 3 in prod.tfvars",
        "timeout = 30",
        allowable=True,
    ),
    Rule(
        "environment-leak",
        ERROR,
        "A value names another environment than its own.",
        "An environment that writes to another one's queue, bucket or log is the worst kind of drift: it damages both.",
        "Build the name from the environment's variable. If it is meant, an allow rule must list the value itself in `one_of`.",
        'name = "tap-dev-orders"',
        'name = "tap-${var.env}-orders"',
        allowable=True,
    ),
    Rule(
        "undecidable-value",
        ERROR,
        "A value is known in one environment and known only after apply in another.",
        "Whether the two will agree cannot be proven before apply, and what is not proven does not pass.",
        "Write the same expression for all environments, or apply the environment that is behind.",
        'kms_key_id = var.env == "prod" ? aws_kms_key.this.arn : "alias/aws/sqs"',
        "kms_key_id = aws_kms_key.this.arn",
        allowable=True,
    ),
    Rule(
        "edge-difference",
        ERROR,
        "An expression refers to different resources.",
        "The same resources, wired otherwise, are another system.",
        "Write the same references in every environment's configuration.",
        "target_arn = aws_sqs_queue.test.arn  # in dev/main.tf",
        "target_arn = aws_sqs_queue.orders.arn",
        allowable=True,
    ),
    Rule(
        "provider-difference",
        ERROR,
        "A resource is planned by different providers, or a provider is configured differently.",
        "Another provider, or another setting of it, gives the same configuration another meaning.",
        "Use one provider configuration for all environments, and variables for what must differ.",
        'provider "aws" { max_retries = 1 }  # in dev/provider.tf',
        'provider "aws" {}',
        allowable=True,
    ),
    Rule(
        "action-difference",
        ERROR,
        "Different actions are planned for a resource, and no prior state explains it.",
        "A change that replaces in one environment what it updates in another was not rehearsed.",
        "Apply the environments in turn, or find out why Terraform plans another action.",
        "# dev: create, prod: replace",
        "# dev: create, prod: create",
        allowable=True,
    ),
    Rule(
        "protected-difference",
        ERROR,
        "Something that a protect rule covers differs.",
        "Protected things carry the meaning of the system; nobody may vary them, whatever is allowed.",
        "Give all environments the same; a protect rule can be changed only in review.",
        'route_key = "sendOrder"  # and "order" in prod',
        'route_key = "sendOrder"',
        deferrable=False,
    ),
    Rule(
        "order-violation",
        ERROR,
        "Values that a rule allows to differ do not run in the order that it demands.",
        "A smaller prod than staging is a load test that proves nothing.",
        "Correct the values, or the rule's `order`.",
        "shard_count: dev 1, staging 8, prod 4  # order: ascending",
        "shard_count: dev 1, staging 4, prod 8",
    ),
    Rule(
        "limit-violation",
        ERROR,
        "A value that a rule allows to differ is beyond what it permits.",
        "The reviewer agreed to a range, or to some values, and not to this one.",
        "Correct the value, or the rule's `min`, `max`, `one_of` or `environments`.",
        "memory_size: prod 20480  # max: 10240",
        "memory_size: prod 10240",
    ),
    Rule(
        "failed-check",
        ERROR,
        "A check block or condition fails.",
        "A check that fails in one environment says that the others' pass means something else than one thinks.",
        "Mend what the check asserts, in the environments where it fails.",
        'check "capacity" { assert { condition = var.shards >= 2 ... } }  # dev: 1',
        "shards = 2",
    ),
    Rule(
        "version-difference",
        ERROR,
        "Plans were made by different Terraform versions, or with other versions of providers or modules.",
        "Another version plans other defaults; what was tested with one was not tested with the other.",
        "Pin the versions, and plan every environment with the same ones.",
        "dev: Terraform 1.11.4, prod: Terraform 1.9.8",
        "dev: Terraform 1.11.4, prod: Terraform 1.11.4",
        allowable=True,
    ),
    Rule(
        "partial-plan",
        ERROR,
        "Plans leave out resources that the configuration declares.",
        "A plan made with `-target` or `-refresh-only` shows a part of the environment, and parity of a part proves little.",
        "Plan the whole configuration.",
        "terraform plan -target=aws_sqs_queue.orders",
        "terraform plan",
        deferrable=False,
    ),
    Rule(
        "stale-allowance",
        WARNING,
        "An allow rule permitted nothing.",
        "A rule that nobody needs is a door left open for a difference that nobody reviewed.",
        "Remove the rule, or correct its patterns.",
        "resources: [aws_kinesis_steam.*]",
        "resources: [aws_kinesis_stream.*]",
        area=Area.ALLOWANCES,
    ),
    Rule(
        "broad-allowance",
        WARNING,
        "An allow rule covers far more than what differs.",
        "A pattern that is wider than its reason permits tomorrow what nobody has seen today.",
        "Name the resources and attributes that differ.",
        'attributes: ["*"]',
        "attributes: [shard_count]",
        area=Area.ALLOWANCES,
    ),
    Rule(
        "expired-allowance",
        WARNING,
        "An allow rule has passed its last day, and permits nothing any more.",
        "A transition that never ends is a permanent difference without a review.",
        "Finish the transition and remove the rule, or review it and move its date.",
        "expires: 2024-01-31",
        "# the rule is gone: prod has followed",
        area=Area.ALLOWANCES,
    ),
    Rule(
        "unexplained-allowance",
        WARNING,
        "An allow rule has no reason yet, and permits nothing.",
        "A proposal becomes an agreement when somebody writes down why; without a reason nobody can tell whether it still holds.",
        "Write the reason, or remove the rule.",
        "reason:",
        "reason: Shards follow the load.",
        area=Area.ALLOWANCES,
    ),
    Rule(
        "stale-protection",
        WARNING,
        "A protect rule matches nothing in any plan.",
        "A protection with a misspelled pattern protects nothing, and looks as if it did.",
        "Correct its patterns, or remove it.",
        "resources: [aws_apigatewayv2_rout.*]",
        "resources: [aws_apigatewayv2_route.*]",
        area=Area.ALLOWANCES,
    ),
    Rule(
        "policy-violation",
        ERROR,
        "A resource violates a policy.",
        "What a policy demands, such as encryption with a key of one's own, was agreed for every resource; one without it is a gap.",
        "Change the resource as the policy's guideline says, or suppress it with a reason in a comment in its block.",
        'resource "aws_sqs_queue" "orders" { name = "orders" }',
        'resource "aws_sqs_queue" "orders" { kms_master_key_id = aws_kms_key.this.arn ... }',
        area=Area.POLICIES,
    ),
    Rule(
        "policy-difference",
        ERROR,
        "A policy has different verdicts in different environments.",
        "A gap that is in one environment alone is what nobody finds by testing in the others.",
        "Give all environments the setting that the policy demands.",
        'policy = var.env == "prod" ? local.tls_only : null',
        "policy = local.tls_only",
        area=Area.POLICIES,
    ),
    Rule(
        "undecided-policy",
        ERROR,
        "Whether a resource keeps a policy depends on a value that is known only after apply.",
        "What cannot be proven before apply does not pass.",
        "Write a value that is known, or refer to a resource that the policy accepts.",
        "kms_master_key_id = terraform_data.key.output",
        "kms_master_key_id = aws_kms_key.this.arn",
        area=Area.POLICIES,
    ),
    Rule(
        "unexplained-suppression",
        WARNING,
        "A suppression has no reason, and suppresses nothing.",
        "Without a reason nobody can tell whether it still holds.",
        "Write the reason after a colon, or remove the comment.",
        "#checkov:skip=CKV_TAP_3",
        "#checkov:skip=CKV_TAP_3:Access logs hold no personal data",
        area=Area.POLICIES,
    ),
    Rule(
        "expired-suppression",
        WARNING,
        "A suppression has passed its last day, and suppresses nothing any more.",
        "An exception that never ends is a policy that does not hold.",
        "Mend the resource and remove the comment, or review it and move its date.",
        "#checkov:skip=CKV_TAP_3:Until the key is there (until: 2024-01-31)",
        "# the comment is gone: the resource keeps the policy",
        area=Area.POLICIES,
    ),
    Rule(
        "missing-grant",
        ERROR,
        "A function needs something that its role is not granted.",
        "It fails with AccessDenied, and only when that code runs: perhaps first in production.",
        "Grant the action on the resource, or remove the call.",
        'actions = ["dynamodb:GetItem"]  # and the code calls PutItem',
        'actions = ["dynamodb:GetItem", "dynamodb:PutItem"]',
        area=Area.PRIVILEGES,
    ),
    Rule(
        "unused-grant",
        ERROR,
        "A function's role is granted something that the function never needs.",
        "What nobody needs serves only who breaks in.",
        "Remove the action or the resource from the statement.",
        'actions = ["dynamodb:GetItem", "dynamodb:DeleteItem"]  # and the code deletes nothing',
        'actions = ["dynamodb:GetItem"]',
        area=Area.PRIVILEGES,
    ),
    Rule(
        "wide-resource",
        ERROR,
        "A function's role is granted an action on more resources than the function needs.",
        "One function that is broken into then exposes what belongs to the others.",
        "Name the resources that the function needs.",
        'resources = ["arn:aws:dynamodb:*:*:table/*"]',
        "resources = [aws_dynamodb_table.orders.arn]",
        area=Area.PRIVILEGES,
    ),
    Rule(
        "undecided-grant",
        ERROR,
        "What a function needs, or what it is granted, cannot be told.",
        "A proof with a gap is none, and what is not proven does not pass.",
        "Write the code so that the call can be followed, let the tests observe it, or put the policy into the plan.",
        'boto3.client(event["service"])',
        'boto3.client("dynamodb")',
        area=Area.PRIVILEGES,
    ),
    Rule(
        "excess-grant",
        ERROR,
        "An environment grants something that the environment before it does not, or denies no longer what that one denies.",
        "What production alone may do was never tried elsewhere, and nobody missed it there.",
        "Grant the same in every environment, with the environment's own names.",
        'actions = var.env == "prod" ? ["s3:*"] : ["s3:GetObject"]',
        'actions = ["s3:GetObject"]',
        area=Area.PRIVILEGES,
    ),
    Rule(
        "stale-suppression",
        WARNING,
        "A suppression suppresses nothing.",
        "A comment that nobody needs is a door left open for a violation that nobody reviewed.",
        "Remove the comment, move it into the block that it is about, or name fewer environments.",
        "#checkov:skip=CKV_TAP_3:No key yet  # in a block that has one",
        "# the comment is gone",
        area=Area.POLICIES,
    ),
    Rule(
        "unknown-suppression",
        WARNING,
        "A suppression names a policy or an environment that there is not, or is not understood.",
        "A misspelled suppression suppresses nothing, and looks as if it did.",
        "Correct the id, the names of environments, or the date.",
        "#checkov:skip=CKV_TAPP_3:Access logs hold no personal data (environments: developmnt)",
        "#checkov:skip=CKV_TAP_3:Access logs hold no personal data (environments: dev)",
        area=Area.POLICIES,
    ),
    Rule(
        "stale-baseline",
        WARNING,
        "The baseline holds findings that are found no more.",
        "What is mended and still held would go unnoticed when it comes back.",
        "Write the baseline anew: paritycheck baseline",
        '"fingerprint": "0f3a9c1e5b7d2468"  # and nothing is found that has it',
        "# the entry is gone",
        deferrable=False,
        area=Area.BASELINE,
    ),
    Rule(
        "environment-dependent-count",
        WARNING,
        "`count` depends on the environment.",
        "Whether a resource exists depends on the environment's name, even where today's values happen to agree.",
        "Use a constant, or a variable that every environment sets alike.",
        'count = var.env == "prod" ? 1 : 0',
        "count = 1",
        area=Area.SOURCES,
    ),
    Rule(
        "environment-dependent-for-each",
        WARNING,
        "`for_each` depends on the environment.",
        "Which instances exist depends on the environment's name, even where today's values happen to agree.",
        "Iterate over a set that is the same everywhere.",
        'for_each = var.env == "prod" ? local.all : local.some',
        "for_each = local.all",
        area=Area.SOURCES,
    ),
    Rule(
        "environment-dependent-dynamic",
        WARNING,
        "A `dynamic` block depends on the environment.",
        "Which nested blocks exist depends on the environment's name, even where today's values happen to agree.",
        "Iterate over a set that is the same everywhere.",
        'dynamic "rule" { for_each = var.env == "prod" ? [1] : [] ... }',
        "rule { ... }",
        area=Area.SOURCES,
    ),
    Rule(
        "environment-dependent-module",
        WARNING,
        "A module's source depends on the environment.",
        "Which module is planned depends on the environment's name: other code is another system, even where it agrees today.",
        "Call the same module everywhere, and let its inputs differ.",
        'source = "./modules/${var.env}"',
        'source = "./modules/stack"',
        area=Area.SOURCES,
    ),
)

RULES = {rule.slug: rule for rule in _RULES}
"""Every rule by its slug, the weightiest kinds first."""
