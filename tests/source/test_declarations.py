"""Types, providers, modules, variables and backends are told from the files alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paritycheck.errors import ConfigError, Location
from paritycheck.source import RemoteModule, Variable, declarations

Write = Callable[..., Path]


def test_types_and_providers_of_a_module(write: Write) -> None:
    """A provider is required, configured, chosen by a resource, or implied by a type's first word."""
    root = write(
        main="""
        terraform {
          required_providers {
            dog = { source = "DataDog/datadog" }
            own = { source = "registry.terraform.io/Acme/Own", version = "1.0" }
            far = { source = "example.com/acme/far" }
            old = "~> 1.0"
          }
        }
        provider "tls" {}
        resource "aws_sqs_queue" "q" {}
        resource "dog_monitor" "m" {}
        resource "mixed_thing" "t" { provider = own.west }
        resource "terraform_data" "d" {}
        data "random_id" "i" {}
        ephemeral "vault_secret" "s" {}
        """
    )

    found = declarations([root])

    assert {"aws_sqs_queue", "dog_monitor", "mixed_thing", "terraform_data"} == found.resource_types
    assert {"random_id"} == found.data_source_types
    assert {"vault_secret"} == found.ephemeral_types
    assert {
        "acme/own",
        "datadog/datadog",
        "example.com/acme/far",
        "hashicorp/aws",
        "hashicorp/old",
        "hashicorp/random",
        "hashicorp/tls",
        "hashicorp/vault",
    } == found.provider_sources


def test_local_modules_are_followed_and_remote_ones_named(write: Write) -> None:
    """A relative source is read, each directory once; anything else is named with its place."""
    root = write(
        main='module "a" {\n  source = "./m"\n}\nmodule "b" {\n  source = "./m"\n}\nmodule "gone" {\n  source = "./gone"\n}\n',
        **{"m/main.tf": 'module "up" {\n  source = "../"\n}\nmodule "far" {\n  source = "acme/vpc/aws"\n}\nresource "a_b" "c" {}\n'},
    )

    found = declarations([root, root])

    assert (root, root / "m") == found.directories
    assert {"a_b"} == found.resource_types
    assert (RemoteModule("far", "acme/vpc/aws", Location("m/main.tf", 4, 1)),) == found.remote_modules


def test_variables_and_backends_are_those_of_the_root(write: Write) -> None:
    """A variable says whether it is sensitive and whether a value must be given."""
    root = write(
        main='terraform {\n  backend "s3" {}\n}\nvariable "a" {}\nvariable "b" {\n  default = null\n  sensitive = true\n}\n'
        'module "m" {\n  source = "./m"\n}\n',
        **{"m/main.tf": 'variable "inner" {}\n'},
    )

    found = declarations([root])

    assert (
        Variable("a", root, Location("main.tf", 4, 1), sensitive=False, required=True),
        Variable("b", root, Location("main.tf", 5, 1), sensitive=True, required=False),
    ) == found.variables
    assert (Location("main.tf", 2, 3),) == found.backends


def test_json_configuration_declares_too(write: Write) -> None:
    root = write(
        **{
            "main.tf.json": '{"terraform": {"cloud": {}, "required_providers": {"x": {"source": "foo/x"}}},'
            ' "resource": {"x_y": {"z": {"provider": "x.west"}}}, "variable": {"v": {"sensitive": true}},'
            ' "module": {"m": {"source": "./m"}}}',
            "m/main.tf": 'data "aws_region" "r" {}',
        }
    )

    found = declarations([root])

    assert ({"x_y"}, {"aws_region"}, {"foo/x", "hashicorp/aws"}) == (found.resource_types, found.data_source_types, found.provider_sources)
    assert [True] == [variable.sensitive for variable in found.variables]
    assert 1 == len(found.backends)


def test_override_files_are_laid_over(write: Write) -> None:
    """An override changes what a block says, and adds none; hidden and backup files do not count."""
    root = write(
        main='variable "v" {}\nmodule "m" {\n  source = "./a"\n}\n',
        main_override='variable "v" {\n  sensitive = true\n}\nmodule "m" {\n  source = "./b"\n}\n',
        **{"a/main.tf": 'resource "a_a" "x" {}', "b/main.tf": 'resource "b_b" "x" {}', ".hidden.tf": 'resource "c_c" "x" {}'},
    )

    found = declarations([root])

    assert {"b_b"} == found.resource_types
    assert [True] == [variable.sensitive for variable in found.variables]


def test_a_missing_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the directory"):
        declarations([tmp_path / "gone"])
