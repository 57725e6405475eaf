"""The plugin server, asked by real Terraform core."""

import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from paritycheck.process import Completed
from paritycheck.provider.aws.provider import AwsProvider
from paritycheck.provider.generic import GenericProvider
from paritycheck.provider.interface import Diagnostic, Function, Instance, Object, PlannedChange, Refused
from paritycheck.provider.plugin.server import ProviderServer
from paritycheck.provider.schemas.catalog import Catalog
from paritycheck.provider.schemas.schema_import import pack_provider

Stack = Callable[..., Path]
Plan = Callable[..., dict[str, Any]]
Refusal = Callable[..., str]

SCHEMAS = {
    "resource_schemas": {
        "acme_thing": {
            "version": 1,
            "block": {
                "attributes": {
                    "id": {"type": "string", "computed": True, "optional": True},
                    "name": {"type": "string", "required": True},
                    "size": {"type": "number", "optional": True},
                    "any": {"type": "dynamic", "optional": True},
                    "secret": {"type": "string", "optional": True, "sensitive": True, "write_only": True},
                    "parts": {
                        "optional": True,
                        "nested_type": {
                            "nesting_mode": "list",
                            "attributes": {"key": {"type": "string", "required": True}, "made": {"type": "string", "computed": True}},
                        },
                    },
                }
            },
        }
    },
    "data_source_schemas": {"acme_data": {"version": 0, "block": {"attributes": {"url": {"type": "string", "computed": True}}}}},
}
ACME = 'terraform {\n  required_providers {\n    acme = { source = "example/acme" }\n  }\n}\n'


class AcmeInstance(Instance):
    """Fails as it is told to by a resource's name."""

    def __init__(self, plain: Instance) -> None:
        self._plain = plain

    def plan(self, type_name: str, prior: Object | None, proposed: Object | None, config: Object | None) -> PlannedChange:
        name = (proposed or {}).get("name")
        if name == "refused":
            raise Refused(Diagnostic("No such size", "Sizes are even.", ("parts", 0, "key")))
        if name == "bug":
            raise ZeroDivisionError("division by zero")
        if name == "misfit":
            return PlannedChange({**(proposed or {}), "size": "big"})
        return self._plain.plan(type_name, prior, proposed, config)

    def read_data_source(self, type_name: str, config: Object) -> Object:
        return self._plain.read_data_source(type_name, config)

    def import_resource(self, type_name: str, identifier: str) -> Object:
        return self._plain.import_resource(type_name, identifier)


def join(separator: str, *words: str) -> str:
    if separator == "bug":
        raise ZeroDivisionError("division by zero")
    if not separator:
        raise ValueError("a separator is needed")
    return separator.join(words)


class AcmeProvider(GenericProvider):
    """An imported provider that can fail in every way, and has a function."""

    def __init__(self, **overrides: Any) -> None:
        super().__init__(Catalog(pack_provider("example/acme", SCHEMAS), Path("acme.catalog")), overrides={"acme_data": overrides})

    def functions(self) -> dict[str, Function]:
        return {"join": Function([("separator", "string")], "string", join, variadic=("words", "string"))}

    def configure(self, config: Object) -> Instance:
        return AcmeInstance(super().configure(config))


def acme(sockets: Path, **overrides: Any) -> ProviderServer:
    return ProviderServer([AcmeProvider(**overrides)], sockets, {"acme_thing", "acme_data"})


def changes(plan: dict[str, Any]) -> dict[str, Any]:
    return {each["address"]: each["change"] for each in plan["resource_changes"]}


def test_a_provider_known_by_its_schema_alone_plans(stack: Stack, plan: Plan, sockets: Path) -> None:
    """Nested attributes, dynamic and write-only values and data sources included."""
    text = 'resource "acme_thing" "a" {\n  name = data.acme_data.d.url\n  any = ["x", 1]\n  secret = "s"\n  parts = [{ key = "k" }]\n}\n'
    with acme(sockets, url="mine") as server:
        made = plan(stack(ACME + text + 'data "acme_data" "d" {}\n'), server)

    change = changes(made)["acme_thing.a"]
    assert {"name": "mine", "size": None, "any": ["x", 1], "secret": None, "parts": [{"key": "k"}]} == change["after"]
    assert ({"parts": [{"made": True}], "any": [False, False], "id": True}) == change["after_unknown"]


def test_functions_are_called(stack: Stack, plan: Plan, sockets: Path) -> None:
    """With as many arguments as they take."""
    with acme(sockets) as server:
        made = plan(stack(ACME + 'output "o" { value = provider::acme::join("-", "a", "b") }\n'), server)

    assert "a-b" == made["planned_values"]["outputs"]["o"]["value"]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('join("", "a")', "a separator is needed"),
        ('join("bug", "a")', "This is a bug in paritycheck: CallFunction failed: ZeroDivisionError"),
    ],
)
def test_a_function_that_fails_says_why(stack: Stack, refusal: Refusal, sockets: Path, call: str, expected: str) -> None:
    """What the user did wrong, or that we did."""
    with acme(sockets) as server:
        said = refusal(stack(ACME + f'output "o" {{ value = provider::acme::{call} }}\n'), server)

    assert expected in said


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("refused", 'No such size on main.tf line 8, in resource "acme_thing" "a": 8: parts = [{ key = "k" }] Sizes are even.'),
        ("bug", "This is a bug in paritycheck"),
        ("misfit", "A value does not fit its schema"),
    ],
)
def test_a_failure_is_a_diagnostic(stack: Stack, refusal: Refusal, sockets: Path, name: str, expected: str) -> None:
    """Never a traceback of the transport, and with the place where there is one."""
    with acme(sockets) as server:
        said = refusal(stack(ACME + f'resource "acme_thing" "a" {{\n  name = "{name}"\n  parts = [{{ key = "k" }}]\n}}\n'), server)

    assert expected in said.replace("with acme_thing.a, ", "")
    assert "Traceback" not in said


REGIONS = """
provider "aws" {
  region = "%(region)s"
  default_tags { tags = { Env = "%(env)s" } }
}
provider "aws" {
  alias  = "other"
  region = "us-west-2"
  default_tags { tags = { Env = "%(env)s-other" } }
}
data "aws_region" "main" {}
data "aws_region" "other" { provider = aws.other }
resource "aws_sqs_queue" "main" {
  count = 20
  name  = "${data.aws_region.main.name}-${count.index}"
}
resource "aws_sqs_queue" "other" {
  count    = 20
  provider = aws.other
  name     = "${data.aws_region.other.name}-${count.index}"
}
"""


def test_each_alias_of_each_environment_has_a_configuration_of_its_own(stack: Stack, plan: Plan, sockets: Path) -> None:
    """One server plans all of them at once."""
    regions = {"dev": "eu-west-1", "staging": "eu-central-1", "prod": "us-east-1"}
    directories = {env: stack(REGIONS % {"env": env, "region": region}, env) for env, region in regions.items()}
    with ProviderServer([AwsProvider()], sockets, {"aws_sqs_queue", "aws_region"}) as server, ThreadPoolExecutor() as pool:
        plans = dict(zip(regions, pool.map(lambda env: plan(directories[env], server), regions), strict=True))

    for env, region in regions.items():
        found = {address: (change["after"]["name"], change["after"]["tags_all"]) for address, change in changes(plans[env]).items()}
        expected = {f"aws_sqs_queue.main[{index}]": (f"{region}-{index}", {"Env": env}) for index in range(20)}
        expected |= {f"aws_sqs_queue.other[{index}]": (f"us-west-2-{index}", {"Env": f"{env}-other"}) for index in range(20)}
        assert expected == found


def test_an_environment_may_attach_providers_of_its_own(stack: Stack, plan: Plan, sockets: Path) -> None:
    """Such as one with its own environment variables."""
    directory = stack('data "aws_region" "r" {}\noutput "o" { value = data.aws_region.r.name }\n')
    with ProviderServer([AwsProvider({})], sockets, {"aws_region"}) as server:
        other = server.attach([AwsProvider({"AWS_REGION": "eu-north-1"})])
        found = [plan(directory, server, reattach)["planned_values"]["outputs"]["o"]["value"] for reattach in (None, other)]

    assert ["us-east-1", "eu-north-1"] == found


def state(**attributes: Any) -> str:
    secret = [{"type": "get_attr", "value": "secret"}]
    instance = {"schema_version": 0, "attributes": attributes, "sensitive_attributes": [secret]}
    resource = {
        "mode": "managed",
        "type": "acme_thing",
        "name": "a",
        "provider": 'provider["registry.terraform.io/example/acme"]',
        "instances": [instance],
    }
    return json.dumps({"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "l", "outputs": {}, "resources": [resource]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('resource "acme_thing" "a" { name = "n" }', ["no-op"]),
        ('resource "acme_thing" "a" { name = "other" }', ["update"]),
        ('moved {\n  from = acme_thing.a\n  to = acme_thing.b\n}\nresource "acme_thing" "b" { name = "n" }', ["no-op"]),
        ("", ["delete"]),
    ],
)
def test_an_existing_state_is_planned_against(stack: Stack, plan: Plan, sockets: Path, text: str, expected: list[str]) -> None:
    """Also one of an earlier schema, with attributes that are gone."""
    directory = stack(ACME + text)
    (directory / "terraform.tfstate").write_text(state(id="i", name="n", gone=[1]), encoding="utf-8")
    with acme(sockets) as server:
        (change,) = changes(plan(directory, server)).values()

    assert expected == change["actions"]


def test_a_resource_is_imported_by_its_identifier(stack: Stack, plan: Plan, sockets: Path) -> None:
    """What else it holds cannot be known offline."""
    with acme(sockets) as server:
        made = plan(stack(ACME + 'import {\n  to = acme_thing.a\n  id = "i-1"\n}\nresource "acme_thing" "a" { name = "n" }\n'), server)

    change = changes(made)["acme_thing.a"]
    assert ("i-1", "i-1", ["update"]) == (change["before"]["id"], change["after"]["id"], change["actions"])


def test_an_imported_resource_is_not_replaced_by_what_is_not_known_of_it(stack: Stack, plan: Plan, sockets: Path) -> None:
    """What the real provider would read stays unknown."""
    text = 'import {\n  to = aws_s3_bucket.a\n  id = "b"\n}\nprovider "aws" {\n  region = "eu-west-1"\n}\n'
    with ProviderServer([AwsProvider()], sockets, {"aws_s3_bucket"}) as server:
        made = plan(stack(text + 'resource "aws_s3_bucket" "a" {\n  bucket = "b"\n}\n'), server)

    change = changes(made)["aws_s3_bucket.a"]
    assert (["update"], "b", True) == (change["actions"], change["after"]["id"], change["after_unknown"]["arn"])


def test_nothing_is_ever_applied(stack: Stack, terraform: Callable[..., Completed], sockets: Path) -> None:
    """The refusal says so."""
    directory = stack(ACME + 'resource "acme_thing" "a" { name = "n" }\n')
    with acme(sockets) as server:
        done = terraform(directory, "apply", "-auto-approve", "-no-color", reattach=server.reattach, accept=(1,))

    assert "The offline engine only plans" in done.stderr


def test_a_type_that_is_not_described_is_unknown_to_terraform(stack: Stack, refusal: Refusal, sockets: Path) -> None:
    """Only the types that configurations use are described."""
    with ProviderServer([AwsProvider()], sockets, set()) as server:
        said = refusal(stack('resource "aws_sqs_queue" "q" {}\n'), server)

    assert 'does not support resource type "aws_sqs_queue"' in said


def test_sockets_are_private_and_for_both_registries(sockets: Path) -> None:
    """Nobody else can connect, and nothing listens after the end."""
    with acme(sockets) as server:
        addresses = json.loads(server.reattach)
        paths = {Path(each["Addr"]["String"]) for each in addresses.values()}

        assert {"registry.terraform.io/example/acme", "registry.opentofu.org/example/acme"} == set(addresses)
        assert ({sockets}, 0o700) == ({path.parent for path in paths}, stat.S_IMODE(sockets.stat().st_mode))


def test_a_provider_of_a_private_registry_keeps_its_host(sockets: Path) -> None:
    """Its source names it."""
    catalog = Catalog(pack_provider("app.example.com/acme/x", SCHEMAS), Path("x.catalog"))
    with ProviderServer([GenericProvider(catalog)], sockets, set()) as server:
        assert ["app.example.com/acme/x"] == list(json.loads(server.reattach))
