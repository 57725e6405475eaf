"""Every policy on every resource of an environment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from checkov.common.graph.checks_infra.enums import SolverType
from checkov.common.models.enums import CheckResult
from checkov.terraform.checks.resource import base_resource_check, base_resource_negative_value_check, base_resource_value_check

from paritycheck_checks.graph import make_graph
from paritycheck_checks.loading import Policy, line_in
from paritycheck_checks.observing import Observed, forget, observed, observing
from paritycheck_checks.resources import Resource

for _module in (base_resource_check, base_resource_negative_value_check, base_resource_value_check):
    # A plan has no `dynamic` blocks any more; looking for them would touch every value, the unknown ones too.
    _module.handle_dynamic_values = lambda _configuration: False

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
_VERDICTS = {CheckResult.PASSED: PASS, CheckResult.FAILED: FAIL, CheckResult.UNKNOWN: None}
_CONNECTED = {SolverType.CONNECTION, SolverType.COMPLEX_CONNECTION}
_GRAVER = {PASS: 0, UNKNOWN: 1, FAIL: 2}

Result = tuple[str, str, str, list[str]]
"""A policy's id, a resource's address, the verdict and the attributes that it was found by, in checkov's notation."""


@dataclass(frozen=True)
class Failure:
    """A policy that could not be evaluated."""

    policy: str
    address: str
    problem: str
    """What kind of error it was, without its text: that may quote a secret."""
    line: int | None


class Judge:
    """Judges an environment's resources."""

    def __init__(
        self,
        policies: Sequence[Policy],
        resources: Sequence[Resource],
        edges: Sequence[tuple[int, int]] | None,
        swallowed: list[BaseException],
    ) -> None:
        """`swallowed` is where `judge_unknown_values` puts what goes wrong in a condition; `edges` may not be known."""
        self._policies = policies
        self._resources = resources
        self._graph = make_graph(resources, edges or ())
        self._edges_known = edges is not None
        self._swallowed = swallowed
        self.failures: list[Failure] = []

    def results(self) -> Iterator[Result]:
        """Yield one result for each policy and resource that it applies to."""
        for policy in self._policies:
            yield from self._connected(policy) if policy.is_graph else self._each(policy)

    def _each(self, policy: Policy) -> Iterator[Result]:
        kind = policy.check.block_type == "resource"
        patterns = list(policy.check.supported_entities)
        for resource in self._resources:
            if resource.managed is kind and any(fnmatchcase(resource.type, pattern) for pattern in patterns):
                verdict = self._run(policy, resource)
                if verdict is not None:
                    yield policy.id, resource.address, verdict, [str(key) for key in policy.check.get_evaluated_keys()]

    def _run(self, policy: Policy, resource: Resource) -> str | None:
        """Return a check's verdict on a resource; nothing where it does not apply, or fails."""
        check = policy.check
        check.graph, configuration = self._graph, observing(resource.configuration)
        check.evaluated_keys, check.details = [], []
        # checkov's checks of IAM documents keep what they made of one under this path: it must never serve for another resource.
        check.entity_path = f"{id(self)}:{policy.id}:{resource.address}"
        forget()
        failure: BaseException = TypeError()
        try:
            result = check.scan_entity_conf(configuration, resource.type)
            result = result[0] if isinstance(result, tuple) else result
        except BaseException as error:  # noqa: BLE001 -- the user's own code; SystemExit would be a silent pass
            result, failure = None, error
        if observed() is Observed.TAKEN:
            return UNKNOWN
        if not isinstance(result, CheckResult) or result not in _VERDICTS:
            self._fail(policy, resource.address, failure)
            return None
        return UNKNOWN if result == CheckResult.UNKNOWN and observed() is Observed.ACKNOWLEDGED else _VERDICTS[result]

    def _connected(self, policy: Policy) -> Iterator[Result]:
        self._swallowed.clear()
        try:
            check = policy.check()
            passed, failed, unknown = check.run(self._graph)
        except Exception as error:  # noqa: BLE001 -- checkov's solvers raise anything
            self._fail(policy, "", error)
            return
        for swallowed in self._swallowed[:1]:
            self._fail(policy, "", swallowed)
        if check.solver.solver_type == SolverType.RESOURCE:
            unknown = []  # these are the resources that the check is not about
        if not self._edges_known and check.solver.solver_type in _CONNECTED:
            passed, failed, unknown = [], [], [*passed, *failed, *unknown]
        verdicts: dict[str, str] = {}
        for verdict, vertices in ((PASS, passed), (UNKNOWN, unknown), (FAIL, failed)):
            for vertex in vertices:
                address = vertex["__address__"]
                verdicts[address] = max(verdict, verdicts.get(address, PASS), key=_GRAVER.__getitem__)
        keys = [str(key) for key in check.get_evaluated_keys() if key != "resource_type"]  # filters ask for it, and decide nothing
        for address, verdict in verdicts.items():
            yield policy.id, address, verdict, keys

    def _fail(self, policy: Policy, address: str, error: BaseException) -> None:
        line = line_in(error, policy.file) if policy.file else None
        self.failures.append(Failure(policy.id, address, type(error).__name__, line))
