"""What blocks write that shows in no planned value: providers, versions, provisioners, the secrecy of outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from paritycheck.compare.align import Aligner, nothing_is_a_set
from paritycheck.compare.difference import Difference, describe
from paritycheck.compare.paths import look_up, render
from paritycheck.compare.residue import classify, differing_paths
from paritycheck.compare.verdict import Presenter, decide
from paritycheck.findings import Special
from paritycheck.normalize import Vocabulary
from paritycheck.plan import Block, ConfiguredOutput, ConfiguredResource, ModuleCall, ProviderConfig

_SECRETIVE = re.compile(r"secret|password|token|key|credential", re.IGNORECASE)
"""Arguments of providers and provisioners that may hold a secret: no plan says which do."""
_OFFENSES = {
    "version": ("version-difference", "is required in different versions"),
    "source": ("version-difference", "comes from different sources"),
    "sensitive": ("value-difference", "is a secret in some environments only"),
    "provisioner": ("value-difference", "is provisioned differently"),
}
"""Rule and message by setting; every other one is a provider's."""


def compare_settings(address: str, blocks: Sequence[Block], vocabulary: Vocabulary) -> Iterator[Difference]:
    """Yield the settings in which the blocks of one address differ."""
    aligned = Aligner(vocabulary, nothing_is_a_set, "").align(list(map(_settings, blocks)))
    for steps in differing_paths(aligned):
        values = [look_up(value, steps, vocabulary.absent) for value in aligned]
        if decide(values, vocabulary):
            rule, message = _OFFENSES.get(str(steps[0]), ("provider-difference", "is configured differently"))
            path = vocabulary.show(render(steps))
            shown = [Special.SENSITIVE] * len(values) if _SECRETIVE.search(path) else list(Presenter(vocabulary).present(values).values())
            yield describe(vocabulary, rule, address, message, values=shown, path=path, classes=classify(values))


def _settings(block: Block) -> Mapping[str, Any]:
    match block:
        case ProviderConfig():
            return {**_constants(block.expressions or {}), "version": block.version_constraint or None}
        case ConfiguredResource():
            provisioners = [{"type": each.type, **_constants(each.expressions or {})} for each in block.provisioners]
            return {"provider": block.provider_config_key or None, "provisioner": provisioners}
        case ModuleCall():
            return {"version": block.version_constraint or None, "source": None if block.source.startswith(".") else block.source}
        case ConfiguredOutput():
            return {"sensitive": block.sensitive}


def _constants(expression: Any) -> Any:
    """Return what an expression writes out; ``None`` stands where it refers to something."""
    if isinstance(expression, list):
        return list(map(_constants, expression))
    if not isinstance(expression, dict):
        return expression
    if "constant_value" in expression:
        return expression["constant_value"]
    if isinstance(expression.get("references"), list):
        return None
    return {name: _constants(part) for name, part in expression.items()}
