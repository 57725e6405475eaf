"""checkov's process: it loads the policies while the plans are made, and judges them while the plans are compared."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from time import monotonic
from types import TracebackType

from paritycheck.config import Policies
from paritycheck.errors import PlanError
from paritycheck.plan import Plan
from paritycheck.policy.checkov.outcome import Results, read_answer
from paritycheck.policy.checkov.request import write_request
from paritycheck.process import Completed, ProcessError, run
from paritycheck.source import Sources
from paritycheck.wiring import managed_and_read

RUNTIME = Path(__file__).parent / "runtime" / "paritycheck_checks" / "__main__.py"
OLDEST = (3, 2, 319)
"""The oldest version of checkov that this was tried with."""

_ANSWER_LIMIT = 1 << 28
_ATTENTION = 0.2
_KEPT = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "PATH", "TMPDIR")
"""What policies see of the environment: no credentials."""


def start_checks(python: Path, policies: Policies, config: Path) -> Checks:
    """Start checkov's interpreter; it is ready when the plans are, and ends with the context that the result is.

    `config` is the path of `parity.yaml`.
    """
    return Checks(python, policies, config)


class Checks:
    """Policies that are being run."""

    def __init__(self, python: Path, policies: Policies, config: Path) -> None:
        """Start the process, in which the policies are loaded at once."""
        self._timeout = policies.timeout
        self._config = config.absolute()
        self._request: Future[bytes] = Future()
        self._stop = threading.Event()
        self._ended: Future[Completed] = Future()
        self._planned: dict[str, int] = {}
        self._deadline = 0.0
        directory = policies.directory
        settings = {"directory": str(directory) if directory else None, "builtin": policies.builtin, "oldest": OLDEST}
        self._python = python
        command = [str(python), "-I", str(RUNTIME), json.dumps(settings)]
        self._thread = threading.Thread(target=self._run, args=(command,), daemon=True)
        self._thread.start()

    def submit(self, plans: Sequence[Plan], known: Iterable[str] = (), sources: Sequence[Sources] = ()) -> None:
        """Hand the plans over, and do not wait; `sources` tell what local values in them refer to.

        `known` are ids of which to tell whether checkov has such a check.
        """
        self._planned = {plan.environment: len(managed_and_read(plan)) for plan in plans}
        self._deadline = monotonic() + self._timeout
        self._request.set_result(write_request(plans, known, sources))

    def results(self) -> Results:
        """Wait for the verdicts on the plans that were handed over. Raises `PlanError` where there are none."""
        empty = [name for name, count in self._planned.items() if not count]
        if empty or not self._planned:
            message = f"No policy was checked: the plan of {' and '.join(empty) or 'no environment'} holds no resources"
            raise PlanError(message, hint="Plan the whole stack, and pass its plans.")
        while not self._ended.done():
            if monotonic() > self._deadline:
                self.close()
                limit = f"{self._timeout:g} s"
                raise PlanError(
                    f"The policies did not end within {limit} and were stopped", hint="A policy may never end: run them one by one."
                )
            with contextlib.suppress(TimeoutError):
                self._ended.exception(_ATTENTION)
        return read_answer(self._completed().stdout, self._planned, self._config, OLDEST)

    def close(self) -> None:
        """End the process, if it still runs."""
        self._request.cancel()
        self._stop.set()
        self._thread.join()

    def __enter__(self) -> Checks:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _run(self, command: Sequence[str]) -> None:
        try:
            ended = run(
                command,
                title="checkov",
                cwd=self._config.parent,
                env=_environment(os.environ),
                limit=_ANSWER_LIMIT,
                stdin=self._request,
                stop=self._stop,
            )
        except BaseException as error:  # noqa: BLE001 -- raised again by `results`
            self._ended.set_exception(error)
        else:
            self._ended.set_result(ended)

    def _completed(self) -> Completed:
        try:
            return self._ended.result()
        except ProcessError as error:
            hint = "Remove its environment, so that it is made again, or name another one with --checkov."
            message = f"No policy was checked: {error.message}"
            raise PlanError(message, hint=error.hint or hint, location=self._python, details=error.details) from error


def _environment(outer: Mapping[str, str]) -> dict[str, str]:
    return {name: outer[name] for name in _KEPT if name in outer}
