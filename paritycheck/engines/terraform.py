"""Plans by the real providers: needs credentials, and a registry or installed providers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from paritycheck.engines.planning import CoreEngine, Planning
from paritycheck.engines.shadow import LOCK_FILE


class TerraformEngine(CoreEngine):
    """Runs `init` and `plan` as a deploy pipeline does, but changes nothing: no state lock, no file in the user's directory.

    The dependency lock file holds where there is one. Provider packages that the user's directory already has installed are
    used; those that it lacks are installed once for all environments of a directory.
    """

    name = "terraform"
    isolated = False

    @contextmanager
    def prepare(self, plannings: Sequence[Planning], scratch: Path) -> Iterator[Callable[[Planning], None]]:  # noqa: ARG002 -- no use for it
        """See `CoreEngine.prepare`."""
        locks: defaultdict[Path, Lock] = defaultdict(Lock)
        first = {planning.shadow.original: planning for planning in reversed(plannings)}

        def make_plan(planning: Planning) -> None:
            with locks[planning.shadow.original]:
                _init(planning, first[planning.shadow.original])
            planning.plan()

        yield make_plan


def _init(planning: Planning, first: Planning) -> None:
    """Initialize with the packages of the user's directory and of the environment that was initialized first."""
    planning.shadow.link_providers(planning.shadow.original)
    planning.shadow.link_providers(first.shadow.directory)
    locked = (planning.shadow.original / LOCK_FILE).is_file()
    settings = [f"-backend-config={setting}" for setting in planning.environment.backend_config]
    planning.init([*(["-lockfile=readonly"] if locked else []), *settings])
