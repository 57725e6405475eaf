"""Planning recorded cases again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.cases import Case
from benchmarks.replay import Replayed, replay
from paritycheck.errors import ParityError


def run(root: Path, files: dict[str, str], directory: str = ".", *, tolerant: bool = True, **parts: Any) -> Replayed:
    """Replay a case of these files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return replay(Case(root / directory, {"resource_changes": [], **parts}), root, tolerant=tolerant)


def after(replayed: Replayed) -> dict[str, Any]:
    return {entry["address"]: entry["change"]["after"] for entry in replayed.plan["resource_changes"]}


@pytest.mark.parametrize("source", ["net", "nested\\/net"])
def test_local_modules_may_be_named_as_old_versions_took_them(tmp_path: Path, source: str) -> None:
    """That is, without a leading dot."""
    module = 'resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }'
    files = {"main.tf": f'module "net" {{\n  source = "{source}"\n}}', f"{source.replace(chr(92), '')}/main.tf": module}

    assert {"module.net.aws_vpc.v"} == after(run(tmp_path, files)).keys()


def test_old_syntax_is_mended(tmp_path: Path) -> None:
    """Quoted types, whatever else is called so, and outputs that nobody had to mark as sensitive."""
    text = """
variable "name" {
  type = "string"
}
variable "tags" {
  type    = "map"
  default = { type = "string" }
}
resource "aws_db_instance" "d" {
  identifier     = var.name
  tags           = var.tags
  instance_class = "db.t3.micro"
  password       = "made up"
}
output "d" {
  value = aws_db_instance.d
}
"""

    found = after(run(tmp_path, {"main.tf": text}, variables={"name": {"value": "ü"}}))

    assert ("ü", {"type": "string"}) == tuple(found["aws_db_instance.d"][name] for name in ("identifier", "tags"))


def test_files_above_the_folder_are_found_and_stood_in_for(tmp_path: Path) -> None:
    """Modules that are shared, and what a build had made for an archive, a template or a hash."""
    text = """
module "net" {
  source = "../../net"
}
data "archive_file" "a" {
  type        = "zip"
  source_dir  = "../src"
  output_path = "a.zip"
}
resource "aws_sqs_queue" "q" {
  name                      = yamldecode(file("q.yaml")) == {} ? "empty" : "full"
  delay_seconds             = length(templatefile("${path.module}/delay.tpl", {}))
  message_retention_seconds = filebase64sha256("../../../build.zip") == "" ? 60 : 90
}
"""
    files = {"envs/dev/main.tf": text, "net/main.tf": 'resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }'}

    found = after(run(tmp_path, files, "envs/dev"))

    assert {"aws_sqs_queue.q", "module.net.aws_vpc.v"} == found.keys()
    assert ("empty", 0, 90) == tuple(found["aws_sqs_queue.q"][name] for name in ("name", "delay_seconds", "message_retention_seconds"))


def test_a_missing_file_is_restored_from_what_was_made_of_it(tmp_path: Path) -> None:
    """As far as a recorded argument is its content."""
    text = """
resource "aws_iam_policy" "p" {
  policy = file("${path.module}/policy.json")
}
resource "aws_key_pair" "k" {
  count      = 1
  public_key = file("~/.ssh/id_rsa.pub")
}
resource "aws_launch_template" "t" {
  user_data = base64encode(file("boot.sh"))
}
"""
    policy = '{"Statement":[],"Version":"2012-10-17"}'
    recorded = {"aws_iam_policy.p": {"policy": policy}, "aws_key_pair.k[0]": {"public_key": "ssh-rsa AAAA"}}
    recorded["aws_launch_template.t"] = {"user_data": "IyEvYmluL3No"}
    changes = [{"address": address, "change": {"after": values}} for address, values in recorded.items()]

    found = after(run(tmp_path, {"main.tf": text}, resource_changes=changes))

    assert recorded == {address: {name: found[address][name] for name in values} for address, values in recorded.items()}


REFUSED = """
resource "aws_s3_bucket" "b" {
  bucket = "logs"
  acl    = "public"
}
resource "aws_autoscaling_group" "g" {
  min_size = 1
  max_size = 2
  tags     = [{ key = "Name", value = "g", propagate_at_launch = "true" }]
  old {
    name = "old"
  }
}
resource "aws_db_security_group" "d" {
  name = "db"
  dynamic "ingress" {
    for_each = ["10.0.0.0/8"]
    content {
      cidr = ingress.value
    }
  }
}
"""


def test_what_an_older_provider_took_is_planned(tmp_path: Path) -> None:
    """With a word about what today's refuses."""
    replayed = run(tmp_path, {"main.tf": REFUSED})

    found = after(replayed)
    assert "aws_db_security_group" in replayed.refusal
    assert ("public", "Name", "old") == (
        found["aws_s3_bucket.b"]["acl"],
        found["aws_autoscaling_group.g"]["tags"][0]["key"],
        found["aws_autoscaling_group.g"]["old"][0]["name"],
    )
    assert {"name": "db", "ingress": [{"cidr": "10.0.0.0/8"}]} == found["aws_db_security_group.d"]


def test_nothing_is_tolerated_where_it_must_not_be(tmp_path: Path) -> None:
    """The repository's own cases are of today's provider."""
    with pytest.raises(ParityError, match="aws_db_security_group"):
        run(tmp_path, {"main.tf": REFUSED}, tolerant=False)


def test_data_sources_read_what_was_recorded_for_their_arguments(tmp_path: Path) -> None:
    """The only one of its type whatever its arguments, and nothing that today's schema has no place for."""
    text = """
data "aws_ami" "a" {
  owners = ["self", "amazon"]
  filter {
    name   = "name"
    values = ["a"]
  }
}
data "aws_ami" "b" {
  filter {
    name   = "name"
    values = ["b"]
  }
}
data "aws_vpc" "v" { default = true }
resource "aws_sqs_queue" "q" { name = "${data.aws_ami.a.id}-${data.aws_ami.b.id}-${data.aws_vpc.v.id}" }
"""
    values = [
        ("aws_ami", {"id": "ami-a", "owners": ["amazon", "self"], "filter": [{"name": "name", "values": ["a"]}]}),
        ("aws_ami", {"id": "ami-b", "owners": None, "filter": [{"name": "name", "values": ["b"]}]}),
        ("aws_vpc", {"id": "vpc-1", "default": False, "gone": 1, "tags": 7}),
    ]
    recorded = {"values": {"root_module": {"resources": [{"mode": "data", "type": kind, "values": each} for kind, each in values]}}}

    assert "ami-a-ami-b-vpc-1" == after(run(tmp_path, {"main.tf": text}, prior_state=recorded))["aws_sqs_queue.q"]["name"]
