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
        initialized: dict[Path, Planning] = {}

        def make_plan(planning: Planning) -> None:
            original = planning.shadow.original
            with locks[original]:
                _init(planning, initialized.get(original))
                initialized.setdefault(original, planning)
            planning.plan()

        yield make_plan


def _init(planning: Planning, earlier: Planning | None) -> None:
    """Initialize with the packages of the user's directory, and those that an earlier environment installed."""
    planning.shadow.link_providers(planning.shadow.original)
    if earlier is not None:
        planning.shadow.link_providers(earlier.shadow.directory)
    locked = (planning.shadow.original / LOCK_FILE).is_file()
    settings = [f"-backend-config={setting}" for setting in planning.environment.backend_config]
    planning.init([*(["-lockfile=readonly"] if locked else []), *settings])
