"""A service takes a role on for this account alone, where it says for whom it acts."""

import re

from _demands import ResourceCheck
from _documents import SOURCE, TRUST, in_documents, no_grant, restricts, services
from paritycheck_checks.iam import Statement

TELLING = re.compile(
    r"(bedrock|cloudtrail|codebuild|comprehend|config|datasync|ecs-tasks|events|glue|kinesisanalytics|logs(\.[\w-]+)?|monitoring\.rds|pipes"
    r"|sagemaker|scheduler|states(\.[\w-]+)?|transcribe|transfer|vpc-flow-logs)\.amazonaws\.com(\.cn)?"
)
"""Services that send a source when they take a role on; Lambda, EC2 and API Gateway send none, and a condition would lock them out.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""


def _trusts_any_source(statement: Statement) -> bool:
    return any(map(TELLING.fullmatch, services(statement))) and not restricts(statement, SOURCE)


check = ResourceCheck(
    id="CKV_TAP_32",
    name="A service takes a role on for this account alone",
    guideline="Add a condition on `aws:SourceAccount`, or better on `aws:SourceArn`; without `IfExists`, and not with `*`.",
    severity="MEDIUM",
    category="IAM",
    demands=in_documents(TRUST, no_grant(_trusts_any_source)),
)
