"""The retired provider ``hashicorp/template``, as of 2.2: templates that only insert variables, and cloud-init documents."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from paritycheck.provider.companions.cloudinit import read_config
from paritycheck.provider.declared import TEXT_MAP, DeclaredProvider, Type, block, computed, declare, optional, required
from paritycheck.provider.generic import Overrides
from paritycheck.provider.interface import Diagnostic, Object, Refused

_MARK = re.compile(r"(?P<escape>\$\$\{|%%\{)|\$\{\s*(?P<name>[A-Za-z_][\w-]*)\s*\}|(?P<other>\$\{|%\{)")


def _read_template(config: Object) -> Object:
    """Insert the variables; raise `Refused` for a template that does more."""
    text = config["template"] or ""
    variables = config["vars"] or {}
    rendered = _MARK.sub(lambda mark: _replace(mark, variables), text)
    return {**config, "id": hashlib.sha256(rendered.encode()).hexdigest(), "rendered": rendered}


def _replace(mark: re.Match[str], variables: Mapping[str, str]) -> str:
    if mark["escape"]:
        return mark["escape"][1:]
    if mark["other"]:
        detail = "Only variables are inserted here. Use the function templatefile, which Terraform has itself, or answer the data source."
        raise Refused(Diagnostic("The template cannot be rendered offline", detail, ("template",)))
    if mark["name"] not in variables:
        raise Refused(Diagnostic("Unknown template variable", f"vars does not hold {mark['name']!r}.", ("vars",)))
    return variables[mark["name"]]


def template_provider(overrides: Overrides) -> DeclaredProvider:
    """Return the provider."""
    part = {name: optional("string") for name in ("content_type", "filename", "merge_type")}
    cloudinit = {
        **{name: optional(cty) for name, cty in (("base64_encode", "bool"), ("boundary", "string"), ("gzip", "bool"))},
        **{name: computed("string") for name in ("id", "rendered")},
        "part": block("list", {**part, "content": required("string")}, min_items=1),
    }
    file = {
        "filename": optional("string", conflicts_with=("template",)),
        "id": computed("string"),
        "rendered": computed("string"),
        "template": optional("string"),
        "vars": optional(TEXT_MAP),
    }
    return declare(
        "hashicorp/template",
        data_sources={"template_cloudinit_config": Type(cloudinit, read=read_config), "template_file": Type(file, read=_read_template)},
        overrides=overrides,
    )
