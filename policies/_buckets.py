"""Buckets that S3 itself writes to."""

from __future__ import annotations

from _demands import Demand, Verdict, named_by, some
from _planned import Planned

TAKES_ACCESS_LOGS = named_by(("aws_s3_bucket_logging", "target_bucket"))
"""Whether other buckets' access logs go to an `aws_s3_bucket`: S3 can write them with no other key than its own.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""


def _of_the_bucket(planned: Planned) -> Verdict:
    buckets = (bucket for bucket in planned.used("aws_s3_bucket") if planned.means("bucket", bucket))
    return some(TAKES_ACCESS_LOGS.judge(bucket) for bucket in buckets)


IS_FOR_ACCESS_LOGS = Demand(_of_the_bucket)
"""The same of the bucket that a resource names in its `bucket`."""
