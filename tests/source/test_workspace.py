"""What a configuration chooses by its workspace is followed to the line of each environment."""

from __future__ import annotations

from pathlib import Path

from paritycheck.config import Environment
from paritycheck.source import explain, load_all

ROOT = """\
module "queue" {
  source = "./queue"
  size   = local.sizes[terraform.workspace]
}

locals {
  sizes = {
    dev  = 1
    prod = 4
  }
}
"""

QUEUE = """\
variable "size" {}

resource "terraform_data" "queue" {
  input = var.size
  triggers_replace = (
    terraform.workspace == "prod" ?
    "a" :
    "b"
  )
}
"""


def lines(root: Path, path: str) -> list[str]:
    (root / "queue").mkdir()
    (root / "main.tf").write_text(ROOT)
    (root / "queue" / "main.tf").write_text(QUEUE)
    sources = load_all([Environment(name, root, workspace=name) for name in ("dev", "prod")])
    trace = explain(sources, "module.queue.terraform_data.queue", path)
    return [f"{Path(each.location.file).name}:{each.location.line} {each.message}" for each in trace.steps]


def test_a_map_by_workspace_leads_to_each_environments_line(tmp_path: Path) -> None:
    assert ["main.tf:8 local.sizes in dev", "main.tf:9 local.sizes in prod"] == lines(tmp_path, "input")[-2:]


def test_a_condition_on_the_workspace_leads_to_what_each_environment_gets(tmp_path: Path) -> None:
    found = lines(tmp_path, "triggers_replace")

    assert ["main.tf:8", "main.tf:7"] == [line.split()[0] for line in found if line.endswith((" in dev", " in prod"))]
