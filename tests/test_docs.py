"""The docs are a site whose pages lead somewhere, and which asks nobody else for anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import html
from playwright.sync_api import Browser

from tests.browser import open_browser
from tests.test_imports import LAYERS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
AT_THE_ROOT = {"changelog.md", "contributing.md"}
"""Pages that the site takes from the root of the repository."""

FETCHED = "//script/@src | //img/@src | //iframe/@src | //link[not(@rel='canonical' or @rel='prev' or @rel='next')]/@href"
"""What a browser loads with a page by itself."""


def build(configuration: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Make a site as `make lint` does."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", configuration, "--site-dir", site]
    environ = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("site")
    done = build(ROOT / "mkdocs.yml", directory)

    assert 0 == done.returncode, done.stderr
    return directory


def pages(entry: Any) -> Iterator[str]:
    """Yield the pages in a part of the navigation."""
    if isinstance(entry, str):
        yield entry
        return
    for part in entry.values() if isinstance(entry, dict) else entry:
        yield from pages(part)


def test_every_page_is_in_the_navigation_once() -> None:
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    written = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}

    assert sorted(written | AT_THE_ROOT) == sorted(pages(settings["nav"]))


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("[here](index.md#nowhere)", "there is no such anchor"),
        ("[here](nowhere.md)", "not found among documentation files"),
        ("[here](/somewhere)", "absolute link '/somewhere'"),
    ],
)
def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path, page: str, complaint: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Home\n\n{page}\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        f"INHERIT: {ROOT / 'mkdocs.yml'}\ndocs_dir: docs\nhooks: []\nnav: [index.md]\n",
        encoding="utf-8",
    )
    done = build(tmp_path / "mkdocs.yml", tmp_path / "site")

    assert 1 == done.returncode
    assert complaint in done.stderr


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    loaded = {address for page in site.rglob("*.html") for address in html.parse(page).xpath(FETCHED)}
    styled = {address for sheet in site.rglob("*.css") for address in re.findall(r"url\((.*?)\)|@import\s+(\S+)", sheet.read_text())}

    assert len(loaded) > 3
    assert [] == [address for address in loaded if re.match(r"\w+:|//", address)]
    assert [] == [each for each in styled if re.match(r"['\"]?(https?:|//)", "".join(each))]


def test_the_readme_leads_to_files_that_are_there() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert len(targets) > 10
    assert [] == [target for target in targets if not (ROOT / target).is_file()]


def test_the_schemas_are_on_the_site(site: Path) -> None:
    names = {"parity.schema.json", "report.schema.json"}

    assert names == {name for name in names if (site / name).read_bytes() == (DOCS / name).read_bytes()}


def test_the_layers_are_those_that_are_kept() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d) \| (.*) \|$", text, re.MULTILINE)
    table = {name: int(layer) for layer, names in rows for name in re.findall(r"`(\w+)`", names)}

    assert {name: layer for name, layer in LAYERS.items() if name != "__main__"} == table


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Serve the site on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and tells nobody."""

    def log_message(self, *arguments: Any) -> None:
        """Keep it."""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 390)])
def test_a_browser_reads_the_site_and_asks_nobody_else(browser: Browser, address: str, site: Path, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    wide: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in sorted(site.glob("*.html")):
        page.goto(f"{address}/{path.name}")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(path.name)
    context.close()

    assert [] == [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert ([], []) == (complaints, wide)


def test_the_search_finds_a_rule(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    page.fill("input.md-search__input", "undecidable-value")
    found = page.locator(".md-search-result__link").first
    found.wait_for()

    assert f"{address}/rules.html" in (found.get_attribute("href") or "")
    page.close()
