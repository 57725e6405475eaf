"""Record what the real AWS provider plans for this repository's stack, as the tests' measure of the offline engine.

    python -m tools.record_stack MIRROR [--output tests/assets/stack] [--check]

MIRROR is a filesystem mirror with hashicorp/aws (``terraform providers mirror`` makes one). The stack is planned as it
is; an override file gives the provider dummy credentials, and a local stand-in answers what a plan asks of the account. The
other providers are the embedded ones. With ``--check`` nothing is written, and the exit code says whether the recorded
plans are still what the provider plans.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from paritycheck.engines.core import Core, child_environment, find_core
from paritycheck.provider.aws.context import ACCOUNT_ID
from paritycheck.provider.builtin import builtin_providers
from paritycheck.provider.plugin.server import ProviderServer
from paritycheck.source import declarations
from tools.copy_stack import copy_stack

ROOT = Path(__file__).parents[1]
REAL = "hashicorp/aws"
ENVIRONMENTS = ("dev", "staging", "prod")
KEPT = ("format_version", "resource_changes", "output_changes")
"""What is recorded of a plan; the rest repeats the configuration, or tells when it was made and by whom."""

SETTINGS = """\
provider_installation {{
  filesystem_mirror {{
    path = {mirror}
  }}
}}
"""

OVERRIDE = """\
provider "aws" {{
  access_key                  = "dummy"
  secret_key                  = "dummy"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  endpoints {{
    sfn = {endpoint}
    sts = {endpoint}
  }}
}}
"""

IDENTITY = f"""\
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::{ACCOUNT_ID}:root</Arn><UserId>{ACCOUNT_ID}</UserId><Account>{ACCOUNT_ID}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>
"""


VALID = json.dumps({"result": "OK", "diagnostics": []})
"""What Step Functions says of a definition: the provider asks for it while it plans."""


class Account(BaseHTTPRequestHandler):
    """Answers the requests of a plan as AWS does: who is calling, and that a state machine's definition is valid."""

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        validates = self.headers.get("X-Amz-Target", "").endswith(".ValidateStateMachineDefinition")
        content_type, body = ("application/x-amz-json-1.0", VALID) if validates else ("text/xml", IDENTITY)
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name is the base class's
        """Say nothing."""


@contextmanager
def account_endpoint() -> Iterator[str]:
    """Give the address of a stand-in for the services that a plan asks."""
    with HTTPServer(("127.0.0.1", 0), Account) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def prepared_stack(mirror: Path | None) -> Iterator[tuple[Core, Path, Mapping[str, str]]]:
    """Give Terraform, an initialized copy of the stack, and the environment that leads to the real AWS provider, or to the embedded one."""
    with TemporaryDirectory() as scratch, account_endpoint() as endpoint:
        stack, settings = Path(scratch, "stack"), Path(scratch, "terraform.rc")
        stack.mkdir()
        copy_stack(stack)
        (stack / "recorder_override.tf").write_text(OVERRIDE.format(endpoint=json.dumps(endpoint)))
        settings.write_text(SETTINGS.format(mirror=json.dumps(str((mirror or stack).absolute()))))
        embedded = [provider for provider in builtin_providers(stack) if mirror is None or provider.source != REAL]
        declared = declarations([stack])
        with ProviderServer((), Path(scratch, "server"), {*declared.resource_types, *declared.data_source_types}) as server:
            env = child_environment(os.environ, {"TF_CLI_CONFIG_FILE": str(settings), "TF_REATTACH_PROVIDERS": server.attach(embedded)})
            core = find_core()
            core.run(["init", "-input=false"], cwd=stack, env=env)
            yield core, stack, env


def make_plans(mirror: Path) -> dict[str, Mapping[str, Any]]:
    """Return what is kept of the plan of each environment."""
    with prepared_stack(mirror) as (core, stack, env):
        core.run(["validate"], cwd=stack, env=env)
        return {environment: make_plan(core.run, stack, env, environment) for environment in ENVIRONMENTS}


def make_plan(run: Any, stack: Path, env: Mapping[str, str], environment: str) -> Mapping[str, Any]:
    """Return what is kept of one environment's plan."""
    run(
        ["plan", "-input=false", "-lock=false", "-refresh=false", f"-var-file=tfvars/{environment}.tfvars", "-out=plan"], cwd=stack, env=env
    )
    document = json.loads(run(["show", "-json", "plan"], cwd=stack, env=env).stdout)
    return {key: document[key] for key in KEPT}


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, plan, and write or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mirror", type=Path)
    parser.add_argument("--output", type=Path, default=ROOT / "tests" / "assets" / "stack")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    plans = make_plans(options.mirror)
    if options.check:
        return int(any(plan != read_plan(options.output / f"{environment}.json.gz") for environment, plan in plans.items()))
    options.output.mkdir(parents=True, exist_ok=True)
    for environment, plan in plans.items():
        text = json.dumps(plan, indent=1, sort_keys=True).encode()
        (options.output / f"{environment}.json.gz").write_bytes(gzip.compress(text, mtime=0))
    return 0


def read_plan(path: Path) -> Any:
    """Return a recorded plan."""
    return json.loads(gzip.decompress(path.read_bytes()))


if __name__ == "__main__":
    sys.exit(main())
