"""A configuration with every resource and data source replaced by Terraform's built-in `terraform_data`.

Variables, locals, outputs, `for_each` and the references between resources stay, so that Terraform's own work does too.
What a resource is given becomes its `input`; what is read of another one becomes that one's `id`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from paritycheck.source.syntax import Block, SourceFile

_REFERENCE = re.compile(r"\b(data\.)?((?:aws|archive|random)_\w+)\.(\w+)((?:\[[^\[\]]*(?:\[[^\]]*\])?[^\[\]]*\])*)(\.\w+(?:\[\d+\])*)*")
_LOOP = re.compile(r"(\w+)\s+in\s+(?:merge\(|\[\s*)?terraform_data\.")
_REPEATING = ("count", "for_each")
_DROPPED = {"depends_on", "lifecycle", "provider", "provisioner", "required_providers"}


def write_builtin(source: Path, target: Path) -> None:
    """Write the replaced form of a configuration file, which reads the same files."""
    text = "\n".join(_blocks(SourceFile(source)))
    target.write_text(text.replace("${path.module}", str(source.parent.absolute())), encoding="utf-8")


def _blocks(file: SourceFile) -> Iterator[str]:
    for block in file.blocks:
        if block.kind in {"resource", "data"}:
            yield from _resource(block)
        elif block.kind in {"variable", "locals", "output"}:
            labels = "".join(f' "{label}"' for label in block.labels)
            yield f"{block.kind}{labels} {{"
            yield from (f"  {attribute.name} = {_rewrite(attribute.value.text)}" for attribute in block.attributes.values())
            yield "}"


def _resource(block: Block) -> Iterator[str]:
    prefix = "data_" if block.kind == "data" else ""
    yield f'resource "terraform_data" "{prefix}{"_".join(block.labels)}" {{'
    for name in _REPEATING:
        if name in block.attributes:
            yield f"  {name} = {_rewrite(block.attributes[name].value.text)}"
    content = _object(block)
    if "for_each" in block.attributes and _REFERENCE.fullmatch(block.attributes["for_each"].value.text):
        content = re.sub(r"\beach\.value\.\w+", "each.value.id", content)
    yield f"  input = {content}"
    yield "}"


def _object(block: Block) -> str:
    parts = [
        f"{name} = {_rewrite(attribute.value.text)}"
        for name, attribute in block.attributes.items()
        if name not in _DROPPED and name not in _REPEATING
    ]
    nested: dict[str, list[str]] = {}
    for inner in block.blocks:
        if inner.kind == "dynamic":
            content = _object(inner.nested("content")[0])
            each = _rewrite(inner.attributes["for_each"].value.text)
            loop = re.sub(rf"\b{inner.labels[0]}\.(key|value)\b", r"item_\1", content)
            nested.setdefault(inner.labels[0], []).append(f"[for item_key, item_value in {each} : {loop}]")
        elif inner.kind not in _DROPPED:
            nested.setdefault(inner.kind, []).append(_object(inner))
    parts += [f"{kind} = [{', '.join(items)}]" for kind, items in nested.items()]
    return "{\n" + "\n".join(parts) + "\n}"


def _rewrite(text: str) -> str:
    """Let references lead to the replaced resources, those of loops over resources too."""
    text = _REFERENCE.sub(_replace, text)
    for variable in _LOOP.findall(text):
        text = re.sub(rf"\b{variable}\.\w+", f"{variable}.id", text)
    return text


def _replace(match: re.Match[str]) -> str:
    data, kind, name, index, attribute = match.groups()
    address = f"terraform_data.{'data_' if data else ''}{kind}_{name}{index}"
    return f"{address}.id" if attribute else address
