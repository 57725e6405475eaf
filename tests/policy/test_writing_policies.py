"""The policies that `docs/writing-policies.md` shows do what it says of them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.commands.invoke import paritycheck
from tests.commands.stack import write

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "writing-policies.md").read_text(encoding="utf-8")
POLICIES = {found["name"]: found["text"] for found in re.finditer(r"(?ms)^`(?P<name>\S+)`:\n\n```\w+\n(?P<text>.*?)^```$", DOCUMENT)}
(SUPPRESSED,) = re.findall(r"(?ms)^```terraform\n(.*?)^```$", DOCUMENT)

PARITY = """\
version: 1
environments:
  dev: {}
  prod: {}
policies: policies
"""
BAD = """\
resource "aws_s3_bucket" "photos" {}

resource "aws_sqs_queue" "photos" {}
"""
GOOD = """\
resource "aws_kms_key" "this" {}

resource "aws_sqs_queue" "photos" {
  kms_master_key_id = aws_kms_key.this.arn
}

resource "aws_s3_bucket" "photos" {}

resource "aws_s3_bucket_versioning" "photos" {
  bucket = aws_s3_bucket.photos.id

  versioning_configuration {
    status = "Enabled"
  }
}
"""


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        (GOOD, {}),
        (BAD, {"CKV_OWN_1": ["fail", "fail"], "CKV2_OWN_1": ["fail", "fail"]}),
        (SUPPRESSED, {"CKV_OWN_1": ["suppressed", "fail"]}),
    ],
)
def test_documented_policies_judge_as_documented(main: str, expected: dict[str, list[str]], tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    write(tmp_path, POLICIES | {"parity.yaml": PARITY, "main.tf": main})
    done = paritycheck("policy", "--checkov", str(ROOT / ".checkov"), "--format", "json", cwd=tmp_path, env={"PATH": os.environ["PATH"]})
    findings = json.loads(done.out)["findings"]

    assert "" == done.err
    assert expected == {finding["policy"]: list(finding["values"].values()) for finding in findings}
