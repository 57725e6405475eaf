"""What people see of a run: a table in a terminal, lines elsewhere, a verdict at the end, and no traceback."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import tests.pipeline.demo as demo_module
from paritycheck.errors import PlanError
from tests.pipeline.__main__ import ExitCode, main
from tests.pipeline.accounting import Report
from tests.pipeline.discrepancies import Discrepancy
from tests.pipeline.display import LineDisplay, LiveDisplay, choose_display, draw, summarize
from tests.pipeline.figures import Figures, start_figures
from tests.pipeline.functions import Invocation
from tests.pipeline.scenario import Progress
from tests.servers.processes import ServerError
from tests.waiting import processes_below

ROOT = Path(__file__).parents[2]
ROLES = ["analytics", "order_validator", "a_new_one", "matcher"]


@pytest.fixture
def figures() -> Figures:
    """The middle of a run."""
    figures = start_figures(ROLES)
    figures.count([Invocation("order_validator", 1, 0.004, None), Invocation("matcher", 1, 0.05, "no")])
    figures.progress = Progress("delivering", 12, 200, Counter(placed=4, assigned=12, picked_up=15, delivered=120), 31, 40)
    figures.elapsed, figures.dead_letters = 12.34, 7
    return figures


def _console(width: int = 80, **options: Any) -> Console:
    return Console(file=io.StringIO(), width=width, height=24, **options)


def _text(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_calls_are_counted_once(figures: Figures) -> None:
    invocations = [
        Invocation("order_validator", 1, 0.004, None),
        Invocation("matcher", 1, 0.05, "no"),
        Invocation("matcher", 2, 0.07, None),
    ]
    figures.count(invocations)
    figures.count(invocations)

    matcher = figures.functions["matcher"]
    assert (2, 3, 1, 4) == (matcher.calls, matcher.records, matcher.failed, figures.records)
    assert "matcher" == figures.slowest()[0]


def test_the_table_fits_a_small_terminal(figures: Figures) -> None:
    console = _console()

    console.print(draw(figures))

    lines = _text(console).splitlines()
    assert all(len(line.rstrip()) <= 80 for line in lines)
    assert "Delivering  12.3 s" == lines[0].rstrip()
    # Functions as an order meets them, one that is not known yet last.
    column = lines[1].index("function")
    assert ["order_validator", "matcher", "analytics", "a_new_one"] == [line[column:].split()[0] for line in lines[2:6]]
    assert any(line.split()[:2] == ["delivered", "120"] for line in lines)


def test_a_table_of_all_functions_is_no_higher_than_24_lines(figures: Figures) -> None:
    console = _console()
    console.print(draw(start_figures([f"function-{number}" for number in range(17)])))

    assert len(_text(console).splitlines()) <= 24


def test_without_a_terminal_there_are_lines_without_escapes(figures: Figures) -> None:
    console = _console(width=40)
    with choose_display(console) as display:
        display.show(figures)
        display.show(figures)

    assert isinstance(display, LineDisplay)
    assert (
        " 12.3 s  delivering: 4 placed, 12 assigned, 0 accepted, 15 picked up, 120 delivered of 200; "
        "31 of 40 drivers busy; 2 records; 7 dead letters\n"
    ) == _text(console)


def test_a_terminal_gets_a_table_that_is_drawn_anew(figures: Figures) -> None:
    console = _console(force_terminal=True)
    with choose_display(console) as display:
        display.show(figures)

    assert isinstance(display, LiveDisplay)
    assert "\x1b[?25h" in _text(console), "the cursor is back"


def test_a_terminal_without_colors_gets_none(figures: Figures) -> None:
    console = _console(force_terminal=True, no_color=True)
    console.print(draw(figures))

    assert "\x1b[3" not in _text(console)


@pytest.mark.parametrize(
    ("discrepancies", "expected"),
    [((), "Everything is accounted for."), ((Discrepancy("order-missing", "one"),) * 21, "The accounts do not agree.")],
)
def test_a_run_ends_with_a_verdict(figures: Figures, discrepancies: tuple[Discrepancy, ...], expected: str) -> None:
    text = summarize(figures, Report(discrepancies, 200, 14, 21, 123456, 40)).plain

    assert text.startswith(expected)
    assert "200 of 200 delivered, once; 14 requests refused" in text
    assert "40 drivers' days, 1,234.56 in all" in text
    assert "matcher, 50 ms a call" in text
    assert bool(discrepancies) is ("order-missing: one" in text) is ("and 1 more" in text)


def _raise(error: BaseException) -> Callable[..., bool]:
    def demonstrate(*_: object) -> bool:
        raise error

    return demonstrate


@pytest.mark.parametrize(
    ("demonstrate", "code", "message"),
    [
        (lambda *_: True, ExitCode.CLEAN, ""),
        (lambda *_: False, ExitCode.DISCREPANCIES, ""),
        (_raise(ServerError("redis-server is not installed: do this")), ExitCode.UNAVAILABLE, "redis-server is not installed: do this"),
        (_raise(PlanError("no layer", hint="make layer")), ExitCode.UNAVAILABLE, "error: no layer\nhint: make layer\n"),
        (_raise(KeyboardInterrupt()), ExitCode.INTERRUPTED, "interrupted"),
    ],
)
def test_the_exit_code_says_how_it_went(
    demonstrate: Callable[..., bool], code: ExitCode, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo_module, "demonstrate", demonstrate)

    assert code == main(["--orders", "1"])
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--orders", "0"], ["--orders", "many"], ["--environment", "test"], ["--what"]])
def test_a_wrong_command_line_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ExitCode.USAGE == main(arguments)
    assert "Error" in capsys.readouterr().err


def test_who_interrupts_it_leaves_no_servers_behind() -> None:
    """The directory's name is short, because the planned stack's provider listens on a socket in it."""
    command = [sys.executable, "-m", "tests.pipeline", "--orders", "200"]
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        environ = os.environ | {"TMPDIR": name, "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            printed = [process.stdout.readline() for _ in range(2)]
            servers = processes_below(directory)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)

        assert "delivering" in printed[1]
        assert len(servers) >= 3
        assert (ExitCode.INTERRUPTED, "interrupted: the servers are stopped\n") == (process.returncode, errors)
        assert [] == processes_below(directory)
        assert [] == list(directory.iterdir())
