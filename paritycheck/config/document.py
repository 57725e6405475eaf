"""The file's own form: a pydantic model that checks `parity.yaml`, and the JSON Schema made from it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema


def _date(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("must be a date such as 2030-12-31") from None


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")  # noqa: TRY004 - pydantic turns ValueError alone into a complaint
    return value


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
Text = Annotated[str, StringConstraints(pattern=r"\S")]
Number = Annotated[Any, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Day = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]


class Section(BaseModel):
    """A mapping of `parity.yaml` that has no other keys than these."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class EnvironmentSection(Section):
    """One environment; paths are relative to the directory of `parity.yaml`."""

    dir: Text | None = None
    """Directory of the root module; the directory of `parity.yaml` by default. Teams with one folder an environment name it here."""
    var_files: list[Text] = []
    """Variables files, in the order in which Terraform reads them with `-var-file`; later ones win."""
    variables: dict[Text, Any] = {}
    """Values of variables; they win over those in files, as `-var` does."""
    workspace: Text | None = None
    """Terraform workspace to plan in."""
    env: dict[Text, str] = {}
    """Environment variables for Terraform, such as `AWS_PROFILE`. Quote numbers."""
    backend_config: list[Text] = []
    """Arguments of `terraform init -backend-config`: `key=value`, or the path of a file."""
    plan: Text | None = None
    """A ready plan, as `terraform show -json PLANFILE` prints it, to be read instead of planning."""
    state: Text | None = None
    """For the `files` engine, a state to compare instead of a plan, as `terraform show -json` prints it.
    For the `offline` engine, a state file to plan against."""


class NormalizeSection(Section):
    """What stands for an environment in its own values, and is no difference there."""

    variable: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_-]*$")] | None = None
    """The variable that holds the environment's name, such as `env`; without one, the names under `environments` are used."""
    tokens: dict[Text, dict[Text, Text]] = {}
    """Further texts that differ by nature, such as account ids: a label, and under it the text of every environment."""


class RuleSection(Section):
    """What allow and protect rules have in common."""

    id: Name
    """Name of the rule in reports; unique in the file."""
    resources: Annotated[list[Text], Field(min_length=1)]
    """Patterns of resource addresses; `*` matches any text. `output.NAME` addresses an output."""
    reason: Text
    """Why, in words that the next reviewer understands."""


class ProtectSection(RuleSection):
    """Something that may never differ, whatever is allowed."""

    attributes: Annotated[list[Text], Field(min_length=1)] = ["*"]
    """Patterns of attribute paths; the whole resource by default."""


class AllowSection(RuleSection):
    """A difference that was reviewed and is allowed; everything else is not."""

    attributes: Annotated[list[Text], Field(min_length=1)]
    """Patterns of attribute paths; indexes may be left out, and a pattern covers everything below its match."""
    order: Literal["ascending", "descending"] | None = None
    """How values must run from the first environment to the last; equal neighbors are fine."""
    min: Number | None = None
    """Least value allowed."""
    max: Number | None = None
    """Greatest value allowed."""
    one_of: Annotated[list[Any], Field(min_length=1)] | None = None
    """The only values allowed."""
    environments: Annotated[list[Text], Field(min_length=1)] | None = None
    """The environments whose value may stand apart; any by default."""
    owner: Text | None = None
    """Who answers for the difference."""
    expires: Day | None = None
    """Last day on which the rule allows anything, such as 2030-12-31."""


class PoliciesSection(Section):
    """The policies that every planned resource must keep."""

    directory: Text
    """Directory of the checks."""


class ParitySection(Section):
    """Which environments a Terraform stack has, and which differences between them are agreed."""

    version: Literal[1]
    """Version of this file's format: 1."""
    engine: Literal["offline", "terraform", "files"] = "offline"
    """Where plans come from: `offline` needs no account and no network, `terraform` uses the real providers, `files` reads ready plans."""
    environments: dict[Name, EnvironmentSection | None]
    """The environments by name, from the smallest to the largest; two or more."""
    normalize: NormalizeSection = NormalizeSection()
    """What stands for an environment in its own values."""
    allow: list[AllowSection] = []
    """The differences that are allowed, each with its reason."""
    protect: list[ProtectSection] = []
    """What may never differ."""
    data_sources: dict[Text, dict[Text, Any]] = {}
    """The offline engine's answers by data source type or address: attribute values that replace its placeholders."""
    schemas: list[Text] = []
    """Further provider schemas for the offline engine, as `paritycheck schema import` writes them."""
    policies: PoliciesSection | None = None
    """The policies that every planned resource must keep."""
    terraform: Text | None = None
    """The Terraform or OpenTofu binary to use, by name or path; found by itself by default."""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of `parity.yaml`, with which editors complete and explain it."""
    schema = ParitySection.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "parity.yaml"}
