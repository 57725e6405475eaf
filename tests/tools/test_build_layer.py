"""The functions' layer: what is locked, and nothing of the machine that it was built on."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.build_layer import build_layer, main

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "layer.txt"
LOCKED = {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", LOCK.read_text(), flags=re.MULTILINE)}

LAMBDA = {
    "extra": "",
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.12.0",
    "python_version": "3.12",
    "sys_platform": "linux",
}
"""What environment markers see in Lambda."""

RUNTIME = {"boto3", "botocore"}
"""What Lambda's runtime brings along."""

IMPORTS = """\
import importlib, sys
from pathlib import Path
layer = Path(sys.argv[1])
sys.path.insert(0, str(layer))
for path in layer.rglob("*.cpython-312-*.so"):
    importlib.import_module(".".join(path.relative_to(layer).parts).partition(".cpython")[0])

import io
import PIL.Image, pygeohash, pymysql, redis.cluster
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import BatchProcessor
from aws_lambda_powertools.utilities.data_classes import KinesisStreamEvent

assert "u4pru" == pygeohash.encode(57.64911, 10.40744, 5)
photo = io.BytesIO()
PIL.Image.new("RGB", (3, 2)).save(photo, "JPEG")
assert (3, 2) == PIL.Image.open(photo).size
for name, module in list(sys.modules.items()):
    assert name.split(".")[0] not in ("PIL", "pygeohash", "pymysql", "redis", "aws_lambda_powertools") or str(layer) in module.__file__
"""


def make_root(directory: Path, lock: str = LOCK.read_text(encoding="utf-8")) -> Path:
    """A checkout with a lock and nothing else."""
    (directory / "requirements").mkdir(parents=True)
    (directory / "lambdas").mkdir()
    (directory / "requirements" / "layer.txt").write_text(lock, encoding="utf-8")
    return directory


def build(root: Path) -> Path:
    """Build the layer; `make layer` has left the packages in uv's cache, and the network is asked only where they are not there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UV_OFFLINE", "1")
        try:
            return build_layer(root)
        except subprocess.CalledProcessError:
            patch.delenv("UV_OFFLINE")
            return build_layer(root)


def files(directory: Path) -> Mapping[str, tuple[str, str]]:
    """Mode and content of all that is in a directory."""
    return {
        str(path.relative_to(directory)): (
            oct(path.stat().st_mode),
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in directory.rglob("*")
    }


def python_312() -> str | None:
    """A Python 3.12 that runs."""
    for candidate in (sys.executable, shutil.which("python3.12")):
        command = [candidate or "", "-c", "import sys; print(*sys.version_info[:2])"]
        if candidate and subprocess.run(command, capture_output=True, text=True, check=False).stdout == "3 12\n":
            return candidate
    return None


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layer's packages."""
    return build(make_root(tmp_path_factory.mktemp("layer"))) / "python"


@pytest.fixture(scope="module")
def installed(layer: Path) -> Mapping[str, Distribution]:
    return {canonicalize_name(found.metadata["Name"]): found for found in distributions(path=[str(layer)])}


@pytest.fixture
def private_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_the_layer_holds_what_is_locked(installed: Mapping[str, Distribution]) -> None:
    assert LOCKED == {name: found.version for name, found in installed.items()}


def test_what_is_asked_for_is_locked() -> None:
    lines = (line.partition("#")[0].strip() for line in (ROOT / "requirements" / "layer.in").read_text(encoding="utf-8").splitlines())

    assert set() == {canonicalize_name(Requirement(line).name) for line in lines if line} - LOCKED.keys()


def test_what_the_packages_need_is_locked_in_a_version_that_they_take(installed: Mapping[str, Distribution]) -> None:
    needed = [
        requirement
        for found in installed.values()
        for requirement in map(Requirement, found.requires or ())
        if requirement.name not in RUNTIME and (requirement.marker is None or requirement.marker.evaluate(LAMBDA))
    ]

    assert [] == [str(each) for each in needed if not each.specifier.contains(LOCKED.get(canonicalize_name(each.name), ""))]


def test_lambda_can_load_every_package(installed: Mapping[str, Distribution]) -> None:
    tags = {tag for found in installed.values() for tag in re.findall(r"^Tag: (.+)$", found.read_text("WHEEL") or "", re.MULTILINE)}
    expected = re.compile(r"py(2\.py)?3-none-any|cp312-(cp312|abi3)-manylinux(1|2010|2014|_2_([0-9]|1\d|2[0-8]))_x86_64")

    assert set() == {tag for tag in tags if not expected.fullmatch(tag)}


def test_the_layer_fits_into_a_direct_upload_even_without_compression(layer: Path) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
    assert sum(path.stat().st_size for path in layer.rglob("*") if path.is_file()) < 50_000_000


def test_nothing_in_it_tells_where_it_was_built(layer: Path) -> None:
    names = {path.name for path in layer.rglob("*")}

    assert set() == names & {
        "RECORD",
        "INSTALLER",
        "REQUESTED",
        "direct_url.json",
        "uv_cache.json",
        "uv_build.json",
        "__pycache__",
        ".lock",
    }
    assert {"0o40755", "0o100644"} == {mode for mode, _ in files(layer).values()}


def test_another_build_is_the_same(layer: Path, tmp_path: Path, private_umask: None) -> None:
    """Elsewhere, under another umask, and in the place of another layer."""
    root = make_root(tmp_path / "another place")
    (root / "lambdas" / "layer" / "python").mkdir(parents=True)
    (root / "lambdas" / "layer" / "python" / "old.py").touch()

    assert files(layer.parent) == files(build(root))
    assert ["layer"] == [path.name for path in (root / "lambdas").iterdir()]


@pytest.mark.parametrize(
    "lock",
    ["redis==8.1.0\n", f"redis==8.1.0 --hash=sha256:{'0' * 64}\n", "no-such-package-anywhere ==\n"],
    ids=["no hash", "another hash", "no lock"],
)
def test_what_is_not_locked_leaves_the_old_layer(lock: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = make_root(tmp_path, lock)
    (root / "lambdas" / "layer").mkdir()

    assert 1 == main([str(root)])
    assert "The layer was not built: uv says above why" in capfd.readouterr().err
    assert [root / "lambdas" / "layer"] == list((root / "lambdas").rglob("*"))


def test_a_checkout_that_is_not_there_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert 1 == main([str(tmp_path / "nowhere")])
    assert re.search(r"^The layer was not built: .*nowhere", capfd.readouterr().err)


@pytest.mark.skipif(python_312() is None or sys.platform != "linux", reason="the layer is for Python 3.12 on Linux, which is not here")
def test_its_packages_work_in_the_python_of_the_functions(layer: Path) -> None:
    done = subprocess.run([python_312() or "", "-I", "-B", "-c", IMPORTS, layer], capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stderr


def test_the_tests_use_what_the_layer_brings() -> None:
    """The functions are tested with the versions that they run with."""
    pin = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
    tested = dict(pin.findall((LOCK.parent / "dev.txt").read_text(encoding="utf-8")))

    assert dict(pin.findall(LOCK.read_text(encoding="utf-8"))).items() <= tested.items()
