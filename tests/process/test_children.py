from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from paritycheck.errors import EngineError, Interrupted
from paritycheck.process import Completed, ProcessError, children, plain, run, side_by_side
from tests.waiting import alive, number_in, until

HERE = Path(__file__).parent
ENV = {"PATH": os.environ["PATH"]}


def python(code: str, **options: object) -> Completed:
    return run([sys.executable, "-c", code], title="child", **{"cwd": HERE, "env": ENV, **options})  # type: ignore[arg-type]


def test_output_of_both_kinds_is_kept() -> None:
    completed = python("import sys; print('out'); print('\\x1b[31merr\\x1b[0m', file=sys.stderr)")

    assert Completed(0, b"out\n", "err\n") == completed


def test_a_child_gets_the_given_environment_and_directory_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_PARENT", "x")
    completed = python(
        "import os; print(os.getcwd(), os.environ.get('SECRET_OF_THE_PARENT'), os.environ['A'])", cwd=tmp_path, env={"A": "b"}
    )

    assert f"{tmp_path} None b\n" == completed.stdout.decode()


def test_a_child_has_nothing_to_read() -> None:
    assert b"''\n" == python("import sys; print(repr(sys.stdin.read()))").stdout


def test_lines_are_handed_on_as_they_come_and_without_ansi_codes(tmp_path: Path) -> None:
    """The child goes on only when its first line has arrived."""
    seen: list[str] = []
    arrived = tmp_path / "arrived"

    def take(line: str) -> None:
        seen.append(line)
        arrived.touch()

    completed = python(
        "import os, time\n"
        "print('\\x1b[1mone\\x1b[0m', flush=True)\n"
        f"while not os.path.exists({str(arrived)!r}): time.sleep(0.01)\n"
        "print('two \\udcff'.encode('utf-8', 'replace').decode())",
        on_line=take,
    )

    assert ["one", "two ?"] == seen
    assert b"" == completed.stdout


def test_a_bad_exit_code_is_an_error_that_keeps_everything() -> None:
    with pytest.raises(ProcessError, match="child failed with exit code 3") as caught:
        python("import sys; print('why', file=sys.stderr); sys.exit(3)")

    assert (3, "why\n", "why") == (caught.value.status, caught.value.stderr, caught.value.details)
    assert caught.value.command[0] == sys.executable
    assert isinstance(caught.value, EngineError)


def test_a_bad_exit_code_may_be_accepted() -> None:
    assert 3 == python("raise SystemExit(3)", accept=(0, 3)).exit_code


def test_a_missing_program_is_an_error() -> None:
    with pytest.raises(ProcessError, match="tool cannot be started: No such file or directory"):
        run(["/nowhere/tool"], title="tool", cwd=HERE, env=ENV)


def test_an_argument_that_no_program_can_take_is_an_error() -> None:
    with pytest.raises(ProcessError, match="tool cannot be started: embedded null byte"):
        run(["tool", "a\0b"], title="tool", cwd=HERE, env=ENV)


@pytest.mark.parametrize(("number", "name"), [(signal.SIGKILL, "SIGKILL"), (signal.SIGSEGV, "SIGSEGV"), (signal.SIGRTMIN + 1, "signal 35")])
def test_a_killed_child_is_an_error_that_names_the_signal(number: int, name: str) -> None:
    with pytest.raises(ProcessError, match=f"child was killed by {name}") as caught:
        python(f"import os; os.kill(os.getpid(), {int(number)})", accept=range(256))

    assert -number == caught.value.status


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match=r"child did not end within 0\.5 s and was stopped"):
        python(f"import os, time; open({str(tmp_path / 'id')!r}, 'w').write(str(os.getpid())); time.sleep(60)", timeout=0.5)

    assert (tmp_path / "id").exists() is False or not alive(number_in(tmp_path / "id"))


def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "GRACE", 0.2)
    with pytest.raises(ProcessError, match="was stopped"):
        python("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready'); time.sleep(60)", timeout=1)


def test_too_much_output_ends_the_child() -> None:
    with pytest.raises(ProcessError, match="child printed more than 1,000,000 bytes"):
        python("while True: print('x' * 10_000)", limit=1_000_000)


def test_of_a_long_stderr_the_end_is_kept() -> None:
    completed = python("import sys\nfor n in range(200_000): print(f'line {n}', file=sys.stderr)")

    assert completed.stderr.endswith("line 199999\n")
    assert len(completed.stderr) <= 4 << 16


def test_a_failing_callback_ends_the_child_and_is_raised() -> None:
    def refuse(line: str) -> None:
        raise LookupError(line)

    with pytest.raises(LookupError, match="one"):
        python("import time; print('one', flush=True); time.sleep(60)", on_line=refuse)


def test_what_a_killed_child_started_ends_with_it(tmp_path: Path) -> None:
    """A grandchild that keeps the pipes open neither blocks nor survives."""
    grandchild = f"import os, time; open({str(tmp_path / 'id')!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    code = (
        "import os, signal, subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {grandchild!r}])\n"
        f"while not (os.path.exists({str(tmp_path / 'id')!r}) and os.path.getsize({str(tmp_path / 'id')!r})): time.sleep(0.01)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    with pytest.raises(ProcessError, match="SIGKILL"):
        python(code)

    until(lambda: not alive(number_in(tmp_path / "id")))


def test_tasks_run_side_by_side() -> None:
    meeting = threading.Barrier(3, timeout=30)
    futures = side_by_side([partial(meeting.wait)] * 3)

    assert {0, 1, 2} == {future.result() for future in futures}


def test_no_tasks_have_no_futures() -> None:
    assert [] == side_by_side([])


def test_a_failure_is_kept_in_its_future() -> None:
    futures = side_by_side([partial(int, "1"), partial(int, "x")])

    assert 1 == futures[0].result()
    assert isinstance(futures[1].exception(), ValueError)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_ends_all_children_and_starts_no_more(number: int, tmp_path: Path) -> None:
    """The second child of each task would run for a minute; the interrupt comes while the first one does."""
    starter = threading.Barrier(2, timeout=30)
    outcomes: list[BaseException] = []

    def task(name: str) -> None:
        code = f"import os, time; open({str(tmp_path / name)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
        for _ in range(2):
            try:
                python(code)
            except (EngineError, Interrupted) as error:
                outcomes.append(error)

    def interrupter() -> None:
        for name in "ab":
            number_in(tmp_path / name)
        starter.wait()
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=lambda: (starter.wait(), None))
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        side_by_side([partial(task, "a"), partial(task, "b"), interrupter])
    thread.join()

    assert [Interrupted, Interrupted, ProcessError, ProcessError] == sorted(
        (type(error) for error in outcomes), key=lambda kind: kind.__name__
    )
    assert not any(alive(number_in(tmp_path / name)) for name in "ab")
    assert signal.SIG_DFL == signal.getsignal(signal.SIGTERM)


def test_an_interrupt_before_all_tasks_are_submitted_ends_those_that_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started, done = tmp_path / "id", tmp_path / "done"
    code = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(60); open({str(done)!r}, 'w')"
    submit = ThreadPoolExecutor.submit

    def interrupted(pool: ThreadPoolExecutor, task: Callable[[], object]) -> Future[object]:
        if (tmp_path / "submitted").exists():
            number_in(started)
            raise KeyboardInterrupt
        (tmp_path / "submitted").touch()
        return submit(pool, task)

    monkeypatch.setattr(ThreadPoolExecutor, "submit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        side_by_side([partial(python, code)] * 2)

    assert not alive(number_in(started))
    assert not done.exists()


def test_a_signal_that_the_user_ignores_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under `nohup`."""
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with children.interruptible():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.SIG_IGN == signal.getsignal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, previous)


def test_text_without_codes_is_plain() -> None:
    assert "bold link." == plain("\x1b[1mbold\x1b[0m \x1b]8;;http://x\x1b\\link\x1b]8;;\x07.")


def test_a_child_reads_what_is_given_later(tmp_path: Path) -> None:
    given: Future[bytes] = Future()
    threading.Timer(0.2, given.set_result, [b"x" * 1_000_000]).start()

    assert b"1000000\n" == python("import sys; print(len(sys.stdin.read()))", stdin=given).stdout


def test_a_child_reads_nothing_where_what_is_to_be_given_is_canceled() -> None:
    given: Future[bytes] = Future()
    threading.Timer(0.2, given.cancel).start()

    assert b"0\n" == python("import sys; print(len(sys.stdin.read()))", stdin=given).stdout


def test_a_child_may_end_without_reading() -> None:
    given: Future[bytes] = Future()
    completed = python("print('done')", stdin=given)
    given.set_result(b"x" * 1_000_000)

    assert b"done\n" == completed.stdout


def test_a_child_is_stopped_on_demand() -> None:
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    with pytest.raises(Interrupted, match="child was stopped"):
        python("import time; time.sleep(60)", stop=stop)
