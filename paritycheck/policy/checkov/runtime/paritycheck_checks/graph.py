"""The graph of an environment's resources for checks that look at connections, with edges from instance to instance.

NOTE: checkov's own graph of a plan knows blocks and not their instances: of `for_each`, only one is connected to anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from checkov.common.checks_infra.solvers.attribute_solvers.base_attribute_solver import BaseAttributeSolver
from checkov.common.checks_infra.solvers.connections_solvers.complex_connection_solver import ComplexConnectionSolver
from checkov.common.checks_infra.solvers.filter_solvers.base_filter_solver import BaseFilterSolver
from checkov.terraform.graph_builder.graph_components.blocks import TerraformBlock
from rustworkx import PyDiGraph

from paritycheck_checks import Unknown
from paritycheck_checks.observing import observing
from paritycheck_checks.resources import Resource

_UNKNOWN_PATHS = "__unknown_paths__"

Path = tuple[str, ...]
"""An attribute's path without the numbers of list items."""


def make_graph(resources: Sequence[Resource], edges: Iterable[tuple[int, int]]) -> Any:
    """Return checkov's kind of graph; an edge leads from a resource to one that it refers to, by their places in the list."""
    graph = PyDiGraph()
    graph.add_nodes_from([(index, _vertex(resource)) for index, resource in enumerate(resources)])
    graph.add_edges_from([(origin, target, {"label": "reference", "source": origin, "target": target}) for origin, target in edges])
    return graph


def _vertex(resource: Resource) -> dict[str, Any]:
    kind, name = "resource" if resource.managed else "data", f"{resource.type}.{resource.name}"
    attributes = {**resource.configuration, "resource_type": [resource.type]}
    config = {resource.type: {resource.name: resource.configuration}}
    block = TerraformBlock(name=name, config=config, path="plan", block_type=kind, attributes=attributes, id=name, source="Terraform")
    vertex: dict[str, Any] = block.get_attribute_dict(add_hash=False)
    paths = {_path(key) for key, value in vertex.items() if isinstance(value, Unknown)}
    watched: dict[str, Any] = observing({**vertex, "config_": config})
    watched[_UNKNOWN_PATHS] = paths
    return watched


def judge_unknown_values(failures: list[BaseException]) -> None:
    """Make checkov's conditions on attributes say "unknown" wherever they would look at an unknown value.

    checkov itself combines such answers soundly with and, or, not and connections. It also swallows what goes wrong in a
    condition; that is kept in `failures`.
    """
    original = BaseAttributeSolver.get_operation

    def get_operation(self: Any, vertex: dict[str, Any]) -> bool | None:
        try:
            if _looks_at_unknown(self.attribute or "", self.is_jsonpath_check, vertex.get(_UNKNOWN_PATHS, ())):
                return None
            holds: bool | None = original(self, vertex)
        except Exception as error:  # noqa: BLE001 -- told with the results
            failures.append(error)
            return None
        return holds

    BaseAttributeSolver.get_operation = get_operation
    ComplexConnectionSolver.filter_results = _filter_results
    BaseAttributeSolver._is_variable_dependant = staticmethod(lambda *_: False)  # noqa: SLF001 -- a plan's texts are no expressions


_original_filter = ComplexConnectionSolver.filter_results


def _filter_results(self: Any, passed: list[Any], failed: list[Any], unknown: list[Any]) -> tuple[list[Any], list[Any], list[Any]]:
    """Filter as checkov does, but for resources of which a filter looks at an unknown value: no verdict on them."""
    filters = [solver for solver in self.solvers if isinstance(solver, BaseFilterSolver)]
    undecided = []
    for vertex in (*passed, *failed, *unknown):
        asking = [_looks_at_unknown(each.attribute or "", False, vertex.get(_UNKNOWN_PATHS, ())) for each in filters]
        if any(asking) and all(each._get_operation()(vertex) for each, asks in zip(filters, asking, strict=True) if not asks):  # noqa: SLF001
            undecided.append(vertex)
    passed, failed, unknown = _original_filter(self, passed, failed, unknown)
    return passed, failed, [*unknown, *undecided]


def _looks_at_unknown(attribute: str, is_jsonpath: bool, unknown: Iterable[Path]) -> bool:
    """Return whether an attribute, what is around it or anything in it is unknown; of a JSONPath, whatever it may touch."""
    if is_jsonpath:
        return any(path[0] in attribute for path in unknown)
    asked = _path(attribute)
    return any(all(_same(one, other) for one, other in zip(asked, path, strict=False)) for path in unknown)


def _path(key: str) -> Path:
    return tuple(_segments(key)) or (key,)


def _segments(key: str) -> Iterator[str]:
    return (part for part in key.split(".") if part and not part.isdigit() and part != "*")


def _same(asked: str, name: str) -> bool:
    """Compare names; one with a pattern in it may mean any name."""
    return asked == name or not asked.replace("_", "").replace("-", "").isalnum()
