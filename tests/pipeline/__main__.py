"""Shows the stack at work on this machine: ``python -m tests.pipeline``."""

from __future__ import annotations

import sys
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from paritycheck.errors import ParityError
from paritycheck.process import interruptible


class ExitCode(IntEnum):
    """What the run came to."""

    CLEAN = 0
    DISCREPANCIES = 1
    USAGE = 2
    UNAVAILABLE = 3
    """Something that it takes is missing, or the stack cannot be planned."""
    INTERRUPTED = 130


class Environment(StrEnum):
    """The environments whose plans can be run."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


FUNCTIONS = Path(__file__).parents[2] / "lambdas"
"""Where the functions' modules are; pytest finds them by its own configuration."""

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command(
    epilog="""\b
Exit codes:
  0    every order is accounted for
  1    the accounts do not agree
  2    the command line is wrong
  3    something is missing, such as Redis or MariaDB
  130  interrupted"""
)
def demo(
    *,
    orders: Annotated[int, typer.Option("--orders", metavar="N", min=1, max=10_000, help="How many orders are to be delivered.")] = 200,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, help="What the run is made up from: the same for the same number.")
    ] = 1,
    environment: Annotated[Environment, typer.Option("--environment", "-e", help="Whose plan is run.")] = Environment.STAGING,
) -> int:
    """Run the whole stack on this machine, have customers order and drivers deliver, and account for every order.

    The stack is planned as for an environment, and its functions run as the plan connects them: with a Redis cluster, a
    MariaDB in Aurora's place, and AWS in memory. No account and no network are needed.
    """
    if str(FUNCTIONS) not in sys.path:
        sys.path.append(str(FUNCTIONS))
    from tests.pipeline.demo import demonstrate

    clean = demonstrate(Console(highlight=False), environment.value, orders, seed)
    return ExitCode.CLEAN if clean else ExitCode.DISCREPANCIES


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code, having said on stderr what went wrong."""
    from tests.servers.processes import ServerError

    try:
        with interruptible():
            code: int = typer.main.get_command(app).main(arguments, prog_name="python -m tests.pipeline", standalone_mode=False)
    except typer.TyperException as error:
        error.show()  # type: ignore[attr-defined]  # every one that the parser raises is shown so
        return ExitCode.USAGE
    except ServerError as error:
        _tell(str(error))
        return ExitCode.UNAVAILABLE
    except ParityError as error:
        _tell(error.message, error.hint)
        return ExitCode.UNAVAILABLE
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    if code == ExitCode.INTERRUPTED:
        print("interrupted: the servers are stopped", file=sys.stderr)
    return code


def _tell(problem: str, hint: str | None = None) -> None:
    print(f"error: {problem}", *([f"hint: {hint}"] if hint else []), sep="\n", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
