"""Verdicts are kept and taken again, through the program itself: what changes one makes it plan anew, and nothing else does."""

from __future__ import annotations

import base64
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from paritycheck.cache import Kept, Question, Store, open_shelf
from paritycheck.commands.selection import Selection
from paritycheck.reporters import Format, Style
from tests.cache import stack as small
from tests.commands import stack as tiny
from tests.commands.invoke import Outcome, paritycheck

CHECKOV = Path(__file__).parents[2] / ".checkov"
_PLAIN = Selection()
RECALLED = "nothing has changed since "


@dataclass(frozen=True)
class Place:
    """A stack, and where its verdicts are kept."""

    stack: Path
    cache: Path
    first: Outcome
    """The run that kept one."""

    def run(self, *arguments: str, **variables: str) -> Outcome:
        return run(self.stack, self.cache, *arguments, **variables)

    def find(self, selection: Selection = _PLAIN, **changes: object) -> Kept | None:
        """Return the verdict that a run here would take."""
        shelf = open_shelf({"PARITYCHECK_CACHE_DIR": str(self.cache)})
        question = Question.ask("run", (selection, False), {"HOME": os.environ["HOME"]} | {"PATH": os.environ["PATH"]})
        assert shelf
        return Store(shelf, replace(question, **changes)).find()  # type: ignore[arg-type]


def run(stack: Path, cache: Path, *arguments: str, **variables: str) -> Outcome:
    return paritycheck("run", *arguments, cwd=stack, env=environment(cache) | variables)


def environment(cache: Path) -> dict[str, str]:
    """Return what makes a child remember: the variable that keeps it from that is empty."""
    return {"PARITYCHECK_CACHE_DIR": str(cache), "PARITYCHECK_NO_CACHE": ""}


def keep(stack: Path, cache: Path) -> Place:
    """Run until the verdict is kept: somebody may just be writing the program's files."""
    for _ in range(4):
        first = run(stack, cache, "-v")
        if "not kept" not in first.err:
            break
    assert "not kept" not in first.err, first.err
    return Place(stack, cache, first)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[Place]:
    directory = tmp_path_factory.mktemp("kept")
    stack = small.write(directory / "stack")
    (stack / ".checkov").symlink_to(CHECKOV)
    return [keep(stack, directory / "cache")]


@pytest.fixture
def place(places: list[Place], monkeypatch: pytest.MonkeyPatch) -> Place:
    """Give a stack whose verdict is kept, and is still of the program's present files."""
    monkeypatch.chdir(places[-1].stack)
    if not places[-1].find():
        places.append(keep(places[-1].stack, places[-1].cache))
    return places[-1]


@pytest.fixture
def changed(place: Place) -> Iterator[None]:
    """Put the stack back as it was."""
    before = {path: (path.read_bytes(), path.stat().st_mode) for path in place.stack.rglob("*") if is_own(path)}
    yield
    directories = {parent for path in before for parent in path.parents}
    for path in sorted(place.stack.rglob("*"), reverse=True):
        if is_own(path) and path not in before:
            path.unlink()
        elif path.is_dir() and not path.is_symlink() and path not in directories and ".checkov" not in path.parts:
            path.rmdir()
    for path, (content, mode) in before.items():
        path.write_bytes(content)
        path.chmod(mode)


def is_own(path: Path) -> bool:
    return path.is_file() and ".checkov" not in path.parts


def test_an_unchanged_stack_gets_the_same_verdict_again(place: Place) -> None:
    again = place.run("-v")

    assert place.first.code == again.code == 1
    assert place.first.out == again.out
    assert again.err.startswith(RECALLED)
    assert "--no-cache plans anew" in again.err


def test_quiet_says_nothing_of_it(place: Place) -> None:
    assert "" == place.run("-q").err


def test_every_format_renders_the_kept_report_as_the_new_one(place: Place, tmp_path: Path) -> None:
    formats = [name for name in Format if not name.needs_topology]
    new, kept = ([f"--format={name}={tmp_path / side}.{name}" for name in formats] for side in ("new", "kept"))
    planned = place.run("--no-cache", *new)
    recalled = next(done for _ in range(4) if (done := place.run(*kept)).err.startswith(RECALLED))

    assert not planned.err.startswith(RECALLED)
    assert planned.code == recalled.code
    for name in formats:
        assert (tmp_path / f"new.{name}").read_bytes() == (tmp_path / f"kept.{name}").read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "parity.yaml",
        "known.json",
        "observed.json",
        "main.tf",
        "new.tf",
        "new.tf.json",
        "main_override.tf",
        "names/main.tf",
        "names/new.tf",
        "dev.tfvars",
        "common.auto.tfvars",
        "new.auto.tfvars.json",
        "terraform.tfvars",
        ".terraform.lock.hcl",
        "greeting.tftpl",
        "text.json",
        "parts/a.txt",
        "parts/new.txt",
        "maybe.txt",
        "note.txt",
        "code/app.zip.txt",
        "code/new.txt",
        "code/deep/new.txt",
        "sources/app.py",
        "sources/other.py",
        "policies/names.py",
        "policies/_words.py",
        "policies/new.yaml",
        "policies/data.txt",
    ],
)
@pytest.mark.usefixtures("changed")
def test_a_change_of_what_is_read_is_planned_anew(name: str, place: Place) -> None:
    path = place.stack / name
    assert place.find()

    path.parent.mkdir(exist_ok=True)
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n")

    assert not place.find()


@pytest.mark.parametrize("name", ["names/main.tf", "parts/a.txt", "note.txt", "code/app.zip.txt", "policies/_words.py", "known.json"])
@pytest.mark.usefixtures("changed")
def test_what_is_gone_is_planned_anew(name: str, place: Place) -> None:
    (place.stack / name).unlink()

    assert not place.find()


@pytest.mark.usefixtures("changed")
def test_an_archive_keeps_what_can_be_executed(place: Place) -> None:
    (place.stack / "code" / "app.zip.txt").chmod(0o755)

    assert not place.find()


@pytest.mark.parametrize(
    "name", ["README.md", "names/README.md", "build/dev.txt", "other/main.tf", "text.yaml", "sources/notes.txt", "parts.txt"]
)
@pytest.mark.usefixtures("changed")
def test_a_change_of_anything_else_is_not(name: str, place: Place) -> None:
    path = place.stack / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"new\n")

    assert place.find()


@pytest.mark.usefixtures("changed")
def test_a_file_that_is_written_again_as_it_was_is_unchanged(place: Place) -> None:
    path = place.stack / "main.tf"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)

    assert place.find()


@pytest.mark.parametrize(
    "changes",
    [
        {"today": "2001-01-01"},
        {"directory": "/"},
        {"command": "policy"},
        {"tool": "paritycheck 0"},
        {"variables": (("TF_VAR_size", "3"),)},
        {"options": ()},
    ],
)
def test_another_question_has_another_answer(changes: dict[str, object], place: Place) -> None:
    assert place.find()
    assert not place.find(**changes)


@pytest.mark.parametrize(
    "selection",
    [
        Selection(engine="files"),
        Selection(environments=("dev",)),
        Selection(terraform="tofu"),
        Selection(checkov="checkov"),
        Selection(config=Path("parity.yaml")),
        Selection(baseline=Path("known.json")),
    ],
)
def test_other_options_have_another_answer(selection: Selection, place: Place) -> None:
    assert not place.find(selection)


def test_another_terraform_is_asked_anew(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "terraform"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    assert not place.find()


def test_nothing_that_is_kept_holds_a_secret(place: Place) -> None:
    kept = b"\0".join(path.read_bytes() for path in place.cache.rglob("*"))
    texts = [secret.encode() for secret in small.SECRETS] + [small.FILES[name].encode() for name in ("dev.tfvars", "prod.tfvars")]
    forms = [form for text in texts for form in (text, base64.b64encode(text), *digests(text))]

    assert len(kept) > 1000
    assert [] == [form for form in forms if form in kept]


def digests(text: bytes) -> list[bytes]:
    made = [hashlib.new(name, text) for name in ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s")]
    return [form for each in made for form in (each.digest(), each.hexdigest().encode(), base64.b64encode(each.digest()))]


def test_only_the_user_may_look_at_what_is_kept(place: Place) -> None:
    assert [0o700, 0o600] == sorted({path.stat().st_mode & 0o777 for path in (place.cache, *place.cache.iterdir())}, reverse=True)


def test_to_take_a_verdict_again_loads_little(place: Place) -> None:
    place.run("-q")
    program = (
        "import sys; from paritycheck.cli import main\ntry: main(['run', '-q'])\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    environ = {name: os.environ[name] for name in ("HOME", "PATH")} | environment(place.cache)
    done = subprocess.run([sys.executable, "-c", program], cwd=place.stack, env=environ, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    heavy = {"typer", "pydantic", "yaml", "msgspec", "tree_sitter", "deepdiff", "grpc", "rich.progress"}
    ours = {f"paritycheck.{name}" for name in ("config", "plan", "source", "engines", "provider", "compare", "policy", "parity")}

    assert "rich.console" in loaded
    assert set() == loaded & (heavy | ours)


def test_without_the_cache_it_plans(place: Place) -> None:
    assert not place.run("--no-cache").err.startswith(RECALLED)
    assert not place.run(PARITYCHECK_NO_CACHE="1").err.startswith(RECALLED)


def test_runs_at_once_keep_one_verdict(tmp_path: Path) -> None:
    stack = tiny.write(tmp_path, tiny.DRIFT)
    cache = tmp_path / "cache"
    runs = [start(stack, cache) for _ in range(3)]
    ends = [(*each.communicate(), each.returncode) for each in runs]

    assert 1 == len(set(ends))
    assert 1 == ends[0][-1]
    assert keep(stack, cache).run().err.startswith(RECALLED)
    assert 1 == len(list(cache.glob("*-*")))


def test_a_killed_run_leaves_nothing_that_is_believed(tmp_path: Path) -> None:
    stack = tiny.write(tmp_path, tiny.DRIFT)
    cache = tmp_path / "cache"
    child = start(stack, cache)
    while not (cache / "key").exists():
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.communicate()

    assert [] == list(cache.glob("*-*"))
    assert keep(stack, cache).run().err.startswith(RECALLED)


def start(stack: Path, cache: Path) -> subprocess.Popen[str]:
    environ = {name: os.environ[name] for name in ("HOME", "PATH")} | environment(cache)
    return subprocess.Popen(
        [sys.executable, "-m", "paritycheck", "run"], cwd=stack, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_run_that_fails_is_not_kept(tmp_path: Path) -> None:
    stack = tiny.write(tmp_path, tiny.STACK | {"more.tf": 'resource "unheard_of" "x" {}\n'})
    cache = tmp_path / "cache"

    assert 3 == run(stack, cache).code
    assert [] == list(cache.glob("*-*"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('output "x" { value = file(var.size) }\n', "it cannot be told which file file() reads"),
        ('output "x" { value = plantimestamp() }\n', "plantimestamp() depends on more than what is written"),
    ],
)
def test_says_why_a_verdict_is_not_kept(content: str, why: str, tmp_path: Path) -> None:
    stack = tiny.write(tmp_path, tiny.STACK | {"more.tf": content.replace("var.size", 'lookup({}, "x", "main.tf")')})
    cache = tmp_path / "cache"
    said = run(stack, cache, "-v").err

    assert why in said
    assert "more.tf:1:" in said
    assert not run(stack, cache).err.startswith(RECALLED)


@pytest.mark.parametrize("cache", ["/dev/null/cache", "/proc/nothing"])
def test_where_nothing_can_be_kept_it_works_without(cache: str, tmp_path: Path) -> None:
    done = run(tiny.write(tmp_path, tiny.STACK), Path(cache))

    assert (0, "") == (done.code, done.err)


def test_a_kept_report_draws_as_it_did(place: Place) -> None:
    kept = place.find()

    assert kept
    assert place.first.out.splitlines()[-3:] == Format.CONSOLE.reporter(Style(width=80)).render(kept.report).splitlines()[-3:]


def test_compared_plans_get_the_same_verdict_again(tmp_path: Path) -> None:
    stack = tiny.write(tmp_path, tiny.DRIFT)
    plans, cache = tmp_path / "plans", tmp_path / "cache"
    paritycheck("plan", "--output", plans, cwd=stack)

    def compare() -> Outcome:
        return paritycheck("compare", plans, cwd=stack, env=environment(cache))

    first = compare()
    again = next(done for _ in range(4) if (done := compare()).err.startswith(RECALLED))
    (plans / "prod.json").write_bytes((plans / "dev.json").read_bytes())
    changed = compare()

    assert (first.code, first.out) == (again.code, again.out)
    assert 1 == first.code
    assert not changed.err.startswith(RECALLED)
    assert first.out != changed.out


def test_policies_alone_get_the_same_verdict_again(place: Place) -> None:
    def policy() -> Outcome:
        return paritycheck("policy", "--least-privilege", cwd=place.stack, env=environment(place.cache))

    first = policy()
    again = next(done for _ in range(4) if (done := policy()).err.startswith(RECALLED))

    assert (first.code, first.out) == (again.code, again.out)
