"""Has pytest record the functions' calls: what is not granted fails its test, and a whole run holds the file fresh.

A run in which all tests pass that call functions compares what they saw with the committed file, and fails if it differs;
`pytest --record-calls` writes the file instead. Every run leaves what it saw in a file in build/, which says how complete it is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.observation.files import COMMITTED, SEEN, difference, read_calls, write_calls, write_seen
from tests.observation.recorder import LAMBDAS, ROOT, NotGrantedError, Observation, Recorder
from tests.observation.stack import Stack, load_changes, read_stack


@dataclass(frozen=True, slots=True)
class Scope:
    """What is recorded, and where it is written."""

    recorded: tuple[Path, ...] = (ROOT / "tests" / "lambdas", ROOT / "tests" / "pipeline")
    """Where the tests are that call functions; only all of them together see all calls."""
    lambdas: Path = LAMBDAS
    committed: Path = COMMITTED
    seen: Path = SEEN
    load: Callable[[Path], Stack] = lambda directory: read_stack(load_changes(directory))
    """Returns the stack; the processes of a run share the directory."""

    def covers(self, path: Path) -> bool:
        """Whether it is a file of such tests."""
        return any(path.is_relative_to(directory) for directory in self.recorded)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-calls", action="store_true", help=f"write what the functions call to {COMMITTED.relative_to(ROOT)}")


def pytest_configure(config: pytest.Config) -> None:
    install(config, Scope())


def install(config: pytest.Config, scope: Scope) -> None:
    """Watch from now on, in this process and in those that it starts."""
    given = getattr(config, "workerinput", {}).get("observation_directory")
    made = None if given else tempfile.TemporaryDirectory(prefix="observation-")
    directory = Path(made.name if made else str(given))
    recorder = Recorder(lambda: scope.load(directory), scope.lambdas)
    recorder.attach()
    config.pluginmanager.register(Observing(config, scope, recorder, directory, made), "observing")


@dataclass(slots=True, eq=False)
class Observing:
    """The hooks of one process."""

    config: pytest.Config
    scope: Scope
    recorder: Recorder
    directory: Path
    """Shared by the processes of a run, so that one of them plans for all."""
    made: tempfile.TemporaryDirectory[str] | None
    """The same, in the process that made it."""
    observed: dict[Observation, int] = field(default_factory=dict)
    """How many tests saw it, in all processes."""
    incomplete: set[str] = field(default_factory=set)
    """Why this run cannot have seen everything."""
    messages: list[str] = field(default_factory=list)
    passed: int = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self.recorder.test = item.nodeid
        if self.scope.covers(item.path):
            # Before anything is emulated, and before a test measures time.
            self.recorder.prepare()
        return (yield from self._refuse())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        return (yield from self._refuse())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        return (yield from self._refuse())

    def _refuse(self) -> Generator[None, Any, Any]:
        """Fail the test whatever became of the error at the call: functions report it as any other, or swallow it."""
        try:
            result = yield
        except BaseException as error:
            if refusals := self.recorder.take_refusals():
                raise NotGrantedError("\n".join(refusals)) from error
            raise
        if refusals := self.recorder.take_refusals():
            raise NotGrantedError("\n".join(refusals))
        return result

    def pytest_deselected(self, items: Iterable[pytest.Item]) -> None:
        if any(self.scope.covers(item.path) for item in items):
            self.incomplete.add("tests were deselected")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not self.scope.covers(self.config.rootpath / report.nodeid.partition("::")[0]):
            return
        self.passed += report.when == "call" and report.passed
        if not report.passed:
            self.incomplete.add("a test failed" if report.failed else "a test was skipped")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["observation_directory"] = str(self.directory)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        output = getattr(node, "workeroutput", {})
        self.incomplete.update(output.get("incomplete", ["a process died"]))
        for (function, action, resource, conditions), tests in output.get("observed", ()):
            self._count(Observation(function, action, resource, tuple(conditions)), tests)

    def _count(self, observation: Observation, tests: int) -> None:
        self.observed[observation] = self.observed.get(observation, 0) + tests

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} or session.shouldstop or session.shouldfail:
            self.incomplete.add("the run was stopped")
        for observation, tests in self.recorder.observed.items():
            self._count(observation, len(tests))
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["incomplete"] = sorted(self.incomplete)
            self.config.workeroutput["observed"] = [
                ((each.function, each.action, each.resource, list(each.conditions)), tests) for each, tests in self.observed.items()
            ]
            return
        if self.made:
            self.made.cleanup()
        self.incomplete.update(_list_limits(self.config, self.scope))
        if self.observed:
            write_seen(self.scope.seen, self.observed, tests=self.passed, incomplete=sorted(self.incomplete))
        if not self._hold():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _hold(self) -> bool:
        """Write the file, or compare with it; return whether that leaves nothing to complain of."""
        recording = self.config.getoption("--record-calls")
        if self.incomplete:
            if recording:
                self.messages.append(f"not recorded: {', '.join(sorted(self.incomplete))}")
            return not recording
        if recording:
            write_calls(self.scope.committed, self.observed)
        found = difference(read_calls(self.scope.committed), self.observed)
        if found:
            self.messages += [*found, f"{self.scope.committed.name} holds other calls; pytest --record-calls writes it"]
        return not found

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.messages:
            terminalreporter.section("calls of the functions")
            for message in self.messages:
                terminalreporter.line(message)


def _list_limits(config: pytest.Config, scope: Scope) -> Iterable[str]:
    """Say what about the command line keeps tests out."""
    if config.getoption("collectonly"):
        yield "tests were only collected"
    given = [(config.invocation_params.dir / argument).resolve() for argument in config.args if "::" not in argument]
    missing = [directory.name for directory in scope.recorded if not any(directory.is_relative_to(path) for path in given)]
    if missing:
        yield f"not all tests of {' and '.join(missing)} were asked for"
    options: Mapping[str, str] = {"keyword": "-k", "markexpr": "-m", "ignore": "--ignore", "ignore_glob": "--ignore-glob", "lf": "--lf"}
    yield from (f"there was {name}" for option, name in options.items() if config.getoption(option, None))
