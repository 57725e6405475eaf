"""Plans by real Terraform core with the embedded providers: no account, no credentials, no network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from paritycheck.engines.diagnostics import RefusedError
from paritycheck.engines.planning import CoreEngine, Planning
from paritycheck.engines.shadow import read_manifest
from paritycheck.errors import EngineError, Location, PlanError, SchemaError, shown_path
from paritycheck.provider.companions.terraform import REMOTE_STATE, SOURCE
from paritycheck.provider.interface import Provider
from paritycheck.source import Declarations, declarations
from paritycheck.source.module import Module

MakeProviders = Callable[[Planning], Sequence[Provider]]
"""Gives the providers for one environment, in whose shadow relative paths count."""

_NO_NETWORK = {
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "",
    "no_proxy": "",
    "GIT_ALLOW_PROTOCOL": "file",
    "TF_REGISTRY_DISCOVERY_RETRY": "0",
}
"""What makes every download fail at once."""

_GET_MODULES = "The offline engine downloads nothing: run `terraform get` in {} once, and it uses the modules installed there."

_IMPORT = "Check the spelling, or add the schema: `terraform providers schema -json > FILE`, then `paritycheck schema import FILE`."

_ANSWER = "Offline, what data sources read is made up: answer {} under `data_sources:` in parity.yaml, as the configuration expects it."

_OTHER_ENGINE = "Use the terraform engine for this stack: `engine: terraform` in parity.yaml."

_BUILT_IN = "terraform_"


class OfflineEngine(CoreEngine):
    """Plans all environments against one plugin server in this process."""

    name = "offline"
    isolated = True

    def __init__(self, make_providers: MakeProviders, terraform: str | None = None) -> None:
        """Serve these providers to this Terraform, or to one that is found."""
        super().__init__(terraform)
        self._make_providers = make_providers

    @contextmanager
    def prepare(self, plannings: Sequence[Planning], scratch: Path) -> Iterator[Callable[[Planning], None]]:
        """See `CoreEngine.prepare`. Raises `SchemaError` where a type or a provider has no schema."""
        from paritycheck.provider.plugin.server import ProviderServer

        roots = {directory: _read_root(directory) for directory in {planning.shadow.original for planning in plannings}}
        providers = {planning: _chosen(self._make_providers(planning), roots[planning.shadow.original]) for planning in plannings}
        for planning in plannings:
            refuse_unknown(roots[planning.shadow.original].declared, providers[planning])
        types = {name for root in roots.values() for name in root.types} | _types_in_states(plannings)
        settings = _without_downloads(scratch)
        with ProviderServer((), scratch / "s", types) as server:

            def make_plan(planning: Planning) -> None:
                planning.env.update(settings, TF_REATTACH_PROVIDERS=server.attach(providers[planning]))
                _make_plan(planning, roots[planning.shadow.original])

            yield make_plan


@dataclass(frozen=True, slots=True)
class _Root:
    """What there is to know of a root module before Terraform sees it."""

    declared: Declarations
    calls_modules: bool

    @property
    def types(self) -> frozenset[str]:
        """Every type that needs a schema."""
        return self.declared.resource_types | self.declared.data_source_types


def _read_root(directory: Path) -> _Root:
    """Read a root module, with the remote modules that are installed in its directory. Raises `EngineError` where none is."""
    found = declarations([directory])
    calls_modules = bool(Module(directory).of_kind("module"))
    if not found.remote_modules:
        return _Root(found, calls_modules)
    installed = [directory / module["Dir"] for module in read_manifest(directory)]
    present = [path for path in installed if path.is_dir()]
    if not present:
        raise EngineError(
            f"modules are not installed: {', '.join(f'{module.name} ({module.source})' for module in found.remote_modules)}",
            hint=_GET_MODULES.format(shown_path(directory)),
            location=found.remote_modules[0].location,
            details="\n".join(f"{module.location}: module {module.name}" for module in found.remote_modules),
        )
    return _Root(declarations([directory, *present]), calls_modules)


def _chosen(providers: Iterable[Provider], root: _Root) -> list[Provider]:
    """Return the providers to serve: core's own stays in its place, but where it would open another stack's backend."""
    return [provider for provider in providers if provider.source != SOURCE or REMOTE_STATE in root.types]


def _make_plan(planning: Planning, root: _Root) -> None:
    shadow, environment = planning.shadow, planning.environment
    if environment.state is not None:
        shadow.place_state(environment.state, environment.workspace)
    if root.declared.backends:
        shadow.use_local_backend()
    if root.declared.backends or root.calls_modules:
        planning.init(env=_NO_NETWORK, hint=_GET_MODULES.format(shown_path(shadow.original)) if root.declared.remote_modules else None)
    try:
        planning.plan(["-refresh=false"])
    except RefusedError as error:
        raise RefusedError(error.found, _placeholder_hint(error)) from error


def _placeholder_hint(error: RefusedError) -> str | None:
    """Return what to do where a data source may be to blame, whose placeholder is not what the configuration expects."""
    types = sorted({name for diagnostics in error.found.values() for diagnostic in diagnostics for name in diagnostic.data_sources})
    return _ANSWER.format(" and ".join(types)) if types else None


def refuse_unknown(declared: Declarations, providers: Sequence[Provider]) -> None:
    """Raise `SchemaError` that names every provider, or else every resource type, data source and the like, without a schema."""
    if unknown := sorted(declared.provider_sources - {provider.source for provider in providers}):
        raise SchemaError(f"the offline engine has no schema for the provider{'s' * (len(unknown) > 1)} {', '.join(unknown)}", hint=_IMPORT)
    if declared.ephemeral_types:
        blocks = {"ephemeral": sorted(declared.ephemeral_types)}
        raise _lacking("the offline engine knows no ephemeral resources", _OTHER_ENGINE, declared, blocks)
    resources = _unknown(declared.resource_types, [provider.resource_schema for provider in providers])
    data_sources = _unknown(declared.data_source_types, [provider.data_source_schema for provider in providers])
    if resources or data_sources:
        named = [*(f"resource type {name}" for name in resources), *(f"data source {name}" for name in data_sources)]
        blocks = {"resource": resources, "data": data_sources}
        raise _lacking(f"the offline engine has no schema for {', '.join(named)}", _IMPORT, declared, blocks)


def _lacking(message: str, hint: str, declared: Declarations, types: Mapping[str, Sequence[str]]) -> SchemaError:
    """Return an error that tells where blocks of the types stand, by kind of block."""
    places = list(_places(declared, types))
    details = "\n".join(f"{location}: {address}" for location, address in places)
    return SchemaError(message, hint=hint, location=places[0][0] if places else None, details=details or None)


def _unknown(types: Iterable[str], lookups: Sequence[Callable[[str], object | None]]) -> list[str]:
    return [name for name in sorted(types) if not name.startswith(_BUILT_IN) and all(lookup(name) is None for lookup in lookups)]


def _places(declared: Declarations, unknown: Mapping[str, Sequence[str]]) -> Iterator[tuple[Location, str]]:
    """Find the blocks of unknown types, by kind of block."""
    for directory in declared.directories:
        for address, block in Module(directory).resources.items():
            if block.labels[0] in unknown.get(block.kind, ()):
                yield block.location, address


def _types_in_states(plannings: Iterable[Planning]) -> set[str]:
    """Return the resource types in the states to plan against: what is gone from the configuration is planned too."""
    found: set[str] = set()
    for path in {planning.environment.state for planning in plannings if planning.environment.state}:
        try:
            state = json.loads(path.read_bytes())
            found |= {str(resource["type"]) for resource in state.get("resources", ())}
        except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
            raise PlanError(
                f"{shown_path(path)} is not a Terraform state", hint="Write it with `terraform state pull`.", location=path
            ) from error
    return found


def _without_downloads(scratch: Path) -> Mapping[str, str]:
    """Return the variable that names settings by which Terraform looks for providers in an empty directory only."""
    settings, empty = scratch / "terraform.rc", scratch / "empty"
    empty.mkdir()
    settings.write_text(
        f"provider_installation {{\n  filesystem_mirror {{\n    path = {json.dumps(str(empty))}\n  }}\n}}\n", encoding="utf-8"
    )
    return {"TF_CLI_CONFIG_FILE": str(settings)}
