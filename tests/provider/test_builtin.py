import json
import shutil
from pathlib import Path

import pytest

from paritycheck.engines.core import child_environment, find_core
from paritycheck.provider.builtin import builtin_providers
from paritycheck.provider.plugin.server import ProviderServer
from paritycheck.source import declarations

ASSET = Path(__file__).parents[1] / "assets" / "companions"


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return shutil.copytree(ASSET, tmp_path_factory.mktemp("companions") / "root")


@pytest.fixture(scope="module")
def plan(directory, tmp_path_factory):
    """The plan that Terraform makes with all companions at once."""
    scratch = tmp_path_factory.mktemp("scratch")
    found = declarations([directory])
    with ProviderServer(builtin_providers(directory, {}), scratch / "s", {*found.resource_types, *found.data_source_types}) as server:
        core = find_core()
        env = child_environment({}, {"TF_REATTACH_PROVIDERS": server.reattach, "TF_DATA_DIR": str(scratch / "data")})
        for arguments in (["init", "-backend=false"], ["plan", "-refresh=false", f"-out={scratch / 'plan'}"]):
            core.run([*arguments, "-input=false"], cwd=directory, env=env)
        return json.loads(core.run(["show", "-json", str(scratch / "plan")], cwd=directory, env=env).stdout)


def planned(plan, address):
    return next(change["change"] for change in plan["resource_changes"] if change["address"] == address)


def read(plan, address):
    return next(each["values"] for each in plan["prior_state"]["values"]["root_module"]["resources"] if each["address"] == address)


def test_every_resource_is_created(plan):
    assert {("create",)} == {tuple(change["change"]["actions"]) for change in plan["resource_changes"]}
    assert 8 == len(plan["resource_changes"])


def test_secrets_are_marked_as_such(plan):
    change = planned(plan, "random_password.this")

    assert {"bcrypt_hash": True, "result": True} == change["after_sensitive"]
    assert True is change["after_unknown"]["result"]
    assert (False, False, True) == tuple(change["after"][name] for name in ("number", "numeric", "special"))


def test_what_is_not_known_spreads(plan):
    assert {"id": True, "triggers": {"password": True}} == planned(plan, "null_resource.this")["after_unknown"]
    assert "content" not in planned(plan, "local_sensitive_file.key")["after"]


def test_the_archive_is_in_place_and_its_hash_in_the_plan(plan, directory):
    function = planned(plan, "aws_lambda_function.this")["after"]

    assert (directory / "build" / "code.zip").stat().st_size == read(plan, "data.archive_file.code")["output_size"]
    assert read(plan, "data.archive_file.code")["output_base64sha256"] == function["source_code_hash"]
    assert "arn:aws:iam::123456789012:role/companion" == function["role"]


def test_zones_are_those_of_the_region(plan):
    assert ["eu-west-1a", "eu-west-1b", "eu-west-1c"] == planned(plan, "random_shuffle.zones")["after"]["input"]


def test_documents_and_templates_are_rendered(plan):
    assert "hello\n" in read(plan, "data.cloudinit_config.this")["rendered"]
    assert ["hello world", "192.0.2.1"] == plan["planned_values"]["outputs"]["rendered"]["value"]


def test_functions_are_called(plan):
    expected = {"arn": "role/companion", "directory": True, "duration": 1.5}
    assert expected == plan["planned_values"]["outputs"]["called"]["value"]


def test_each_source_is_served_once():
    sources = [provider.source for provider in builtin_providers(Path(), {})]

    assert len(sources) == len(set(sources))
    assert {"hashicorp/aws", "hashicorp/archive", "hashicorp/random", "hashicorp/time", "hashicorp/tls"} <= set(sources)
