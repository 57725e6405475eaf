"""`paritycheck run` on this stack, against the script that one would write without it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.measure import Row, alternate, child
from tools.record_stack import prepared_stack

ROOT = Path(__file__).parent.parent
LAYER = ROOT / "lambdas" / "layer"
"""Packed by both; `prepared_stack` copies all else."""

MIRROR = "TF_PROVIDER_MIRROR"
"""Variable that names a filesystem mirror with the real AWS provider, which the script plans with where there is one."""

PLANS = """
for env in dev staging prod; do
  $TERRAFORM plan -input=false -var-file=tfvars/$env.tfvars -out=$env.tfplan
  $TERRAFORM show -json $env.tfplan > $env.json
  $SORT $env.json > $env.sorted.json
done
diff dev.sorted.json staging.sorted.json > dev-staging.diff || [ $? = 1 ]
diff staging.sorted.json prod.sorted.json > staging-prod.diff || [ $? = 1 ]
"""
"""The script without its policies: `terraform init` was run before."""

POLICIES = """
for env in dev staging prod; do
  $CHECKOV -f $env.json > $env.checkov || [ $? = 1 ]
done
"""


def rows() -> Iterator[Row]:
    """Measure both, whole; what the script takes without checkov is in the note."""
    mirror = os.environ.get(MIRROR)
    with prepared_stack(Path(mirror) if mirror else None) as (core, stack, env):
        shutil.copytree(LAYER, stack / LAYER.relative_to(ROOT), dirs_exist_ok=True)
        tools = find_tools(core.command)
        ours, plans, policies = alternate(
            lambda: child(["-m", "paritycheck", "run", "--no-cache"], cwd=ROOT),
            lambda: run_script(PLANS, stack, {**env, **tools}),
            lambda: run_script(POLICIES, stack, {**env, **tools}),
            repeats=3,
        )
    kept = f"{ours:.1f} s against {plans + policies:.1f} s with the {'real' if mirror else 'embedded'} AWS provider and {tools['SORT']}"
    note = f"{kept}; without its three runs of checkov, {plans:.1f} s: {ours / plans:.2f} x"
    yield Row("paritycheck run / the script of plan, jq, diff and checkov", ours / (plans + policies), 0.33, "x", note=note)


def find_tools(terraform: tuple[str, ...]) -> Mapping[str, str]:
    """Return the script's variables: its programs. checkov asks no network: the wait for it would count against the script."""
    sort = "jq -S ." if shutil.which("jq") else f"{shlex.quote(sys.executable)} -m json.tool --sort-keys"
    checkov = ROOT / ".checkov" / "bin" / "checkov"
    return {"TERRAFORM": shlex.join(terraform), "SORT": sort, "CHECKOV": f"{shlex.quote(str(checkov))} --skip-download"}


def run_script(script: str, directory: Path, env: Mapping[str, str]) -> None:
    """Run a part of the script; raise where a command fails."""
    done = subprocess.run(["bash", "-euc", script], cwd=directory, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the script failed:\n{done.stderr[-2000:]}")
