"""The page in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from paritycheck.findings import Report
from tests.browser import open_browser
from tests.reporters import sample
from tests.reporters.html.pages import CLEAN, CROWDED, RICH, large, render
from tests.reporters.picture import stacks

PHONE = {"width": 375, "height": 740}
SHARDS = f"finding-{sample.FINDINGS[0].fingerprint}"

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests here, and gone after them."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Open the page of a report in a window of its own, and look whether it complains or asks for anything."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    requests: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith("file://"):
            requests.append(request.url)

    def show(report: Report = RICH, fragment: str = "", script: str = "", may_complain: bool = False, **options: object) -> Page:
        file = tmp_path / f"report-{len(contexts)}.html"
        file.write_text(render(report), encoding="utf-8")
        settings = {"viewport": {"width": 1300, "height": 900}, "reduced_motion": "reduce"} | options
        contexts.append(browser.new_context(**settings))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        if not may_complain:
            page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", note)
        if script:
            page.add_init_script(script)
        page.goto(f"file://{file}{fragment}")
        return page

    yield show
    for context in contexts:
        context.close()
    assert [] == complaints
    assert [] == requests


def choose(page: Page, menu: str, value: str) -> None:
    """Choose a value in a menu of the filter."""
    page.locator("#filter summary", has_text=menu).click()
    page.locator(f'#filter input[value="{value}"]').check()
    page.locator("#filter summary", has_text=menu).click()


def shown(page: Page) -> int:
    return page.locator("[data-finding]:visible").count()


STOP = """() => {
    const element = document.activeElement;
    const rect = element.querySelector(":scope > rect");
    const style = getComputedStyle(element);
    const seen = rect ? getComputedStyle(rect).strokeWidth === "3px" : style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return [`${element.localName} ${element.getAttribute("class") ?? ""}`.trim(), seen ? "seen" : "unseen"];
}"""
"""What has the focus, and whether that can be seen."""


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.textContent")
    return found


@pytest.mark.parametrize("report", [RICH, CLEAN, sample.HOSTILE_REPORT, stacks.HOSTILE_REPORT, Report((), ())])
def test_opens_without_a_complaint(show: Opener, report: Report) -> None:
    page = show(report)

    assert page.title().startswith("PASS: " if report.passed else "FAIL: ")


def test_a_policy_keeps_other_code_out(show: Opener) -> None:
    page = show(may_complain=True)
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.acted = true";
            document.body.append(script);
            document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.acted = true'><p style='color: red' id=styled>x</p>");
        }"""
    )
    page.wait_for_timeout(100)

    assert page.evaluate("window.acted") is None
    assert page.evaluate("getComputedStyle(document.getElementById('styled')).color !== 'rgb(255, 0, 0)'")


def test_words_choose_findings(show: Opener) -> None:
    page = show()
    page.locator("input[name=text]").fill("shard_count LOCATIONS")

    assert 1 == shown(page)
    assert "1 of 37 findings" == page.locator("#filter output").text_content()
    assert 1 == page.locator(".cause:visible").count()


def test_words_of_the_places_behind_a_finding_choose_it(show: Opener) -> None:
    page = show()
    page.locator("input[name=text]").fill("tfvars/prod.tfvars")

    assert 2 == shown(page)


@pytest.mark.parametrize(
    ("menu", "value", "count"),
    [("Severity", "warning", 2), ("Rule", "wide-resource", 1), ("Service", "Kinesis", 1), ("Environment", "staging", 27)],
)
def test_menus_choose_findings(show: Opener, menu: str, value: str, count: int) -> None:
    page = show()
    number = page.locator(f'#filter label:has(input[value="{value}"]) .count').text_content()
    choose(page, menu, value)

    assert count == shown(page)
    assert str(count) == number
    assert f"{count} of 37 findings" == page.locator("#filter output").text_content()


def test_menus_add_up_within_and_narrow_between(show: Opener) -> None:
    page = show()
    choose(page, "Service", "Kinesis")
    choose(page, "Service", "SQS")
    both = shown(page)
    choose(page, "Rule", "value-difference")

    assert (5, 1) == (both, shown(page))


def test_what_is_not_there_is_said_so_and_can_be_reset(show: Opener) -> None:
    page = show()
    page.locator("input[name=text]").fill("no such thing")
    expect(page.locator("#no-match")).to_be_visible()
    page.get_by_role("button", name="Reset").click()

    expect(page.locator("#no-match")).to_be_hidden()
    expect(page.locator("#filter output")).to_have_text("37 findings")
    assert 34 == shown(page)


def test_the_filter_dims_the_picture(show: Opener) -> None:
    page = show()
    choose(page, "Service", "Kinesis")

    assert ["node-2"] == page.evaluate("[...document.querySelectorAll('.node:not(.dim)')].map((node) => node.id)")
    choose(page, "Rule", "wide-resource")
    assert [] == page.evaluate("[...document.querySelectorAll('.node:not(.dim)')].map((node) => node.id)")


def test_a_click_shows_a_resource(show: Opener) -> None:
    page = show()
    page.locator("#node-2").click()

    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text("aws_kinesis_stream.orders")
    expect(panel).to_contain_text("shard_count")
    expect(panel).to_contain_text('"tap-{env}-orders"')
    expect(panel.locator("td.alone")).to_contain_text("4")
    assert page.locator("#node-2.selected").count() == 1
    assert {"node-0", "node-1", "node-2"} == set(page.evaluate("[...document.querySelectorAll('.near')].map((node) => node.id)"))


def test_neighbors_can_be_visited_from_the_panel(show: Opener) -> None:
    page = show()
    page.locator("#node-2").click()
    page.locator("#panel").get_by_role("link", name='aws_lambda_function.this["match"]').first.click()

    expect(page.locator("#panel h2")).to_have_text('aws_lambda_function.this["match"]')
    assert page.locator("#node-0.selected").count() == 1


def test_a_finding_leads_to_its_resource_and_back(show: Opener) -> None:
    page = show()
    page.locator(f"#{SHARDS}").get_by_role("link", name="resource").click()
    expect(page.locator("#panel h2")).to_have_text("aws_kinesis_stream.orders")
    page.locator("#panel").get_by_role("link", name="error: value-difference").click()

    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator(f"#{SHARDS}")).to_be_in_viewport()


def test_who_comes_from_a_finding_goes_back_to_it(show: Opener) -> None:
    page = show()
    link = page.locator(f"#{SHARDS}").get_by_role("link", name="resource")
    link.press("Enter")
    page.keyboard.press("Escape")

    expect(link).to_be_focused()


def test_pointing_at_a_resource_shows_its_neighbors(show: Opener) -> None:
    page = show()
    page.locator("#node-2").hover()
    near = page.locator(".node.near").count()
    curves = page.locator(".edge.on").evaluate_all("(all) => all.map((curve) => [curve.dataset.source, curve.dataset.target].join())")
    page.locator("h1").hover()

    assert 3 == near
    assert {"1,2", "2,0"} == set(curves)
    assert 0 == page.locator(".node.near").count()


def test_in_a_crowded_picture_curves_between_services_show_the_way(show: Opener) -> None:
    page = show(CROWDED)
    page.locator("#node-3").hover()

    assert 3 == page.locator(".edge.broad").count()
    assert ["0,510", "1020,0"] == page.locator(".edge.on").evaluate_all(
        "(all) => all.map((curve) => [curve.dataset.source, curve.dataset.target].join())"
    )


def test_a_keyboard_is_enough(show: Opener) -> None:
    page = show()
    page.keyboard.press("Tab")
    assert "Skip to the findings" == focused(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "text" == focused(page)
    page.keyboard.type("kinesis")
    assert 3 == shown(page)

    page.locator(".canvas").focus()
    page.keyboard.press("Tab")
    assert "node-0" == focused(page)
    page.keyboard.press("ArrowRight")
    assert "node-1" == focused(page)
    page.keyboard.press("Enter")
    assert "panel-heading" == focused(page)
    page.keyboard.press("Tab")
    assert "close" == focused(page)
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert "node-1" == focused(page)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert "node-1" == focused(page)


def test_every_stop_of_the_keyboard_can_be_seen(show: Opener) -> None:
    page = show(replace(RICH, findings=sample.FINDINGS[:1]))
    stops: list[list[str]] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(STOP))
        if stops[-1][0] == "body":
            break

    assert "body" == stops[-1][0]
    assert [] == [name for name, seen in stops[:-1] if seen == "unseen"]
    assert {"a skip", "input", "summary", "button", "g node"} <= {" ".join(name.split()[:2]) for name, _ in stops}


def test_escape_closes_a_menu_before_the_panel(show: Opener) -> None:
    page = show(fragment="#resource-2")
    page.locator("#filter summary", has_text="Rule").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert 0 == page.locator("#filter details[open]").count()
    assert "Rule" == focused(page)
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_the_picture_grows_and_shrinks(show: Opener) -> None:
    page = show()
    width = "document.querySelector('.canvas svg').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.get_by_role("button", name="Larger").click()
    larger = page.evaluate(width)
    page.locator("#node-0").focus()
    page.keyboard.press("-")
    page.keyboard.press("-")
    smaller = page.evaluate(width)
    page.keyboard.press("0")

    assert smaller < before < larger
    assert before == page.evaluate(width)


@pytest.mark.parametrize("report", [RICH, sample.HOSTILE_REPORT, stacks.HOSTILE_REPORT])
@pytest.mark.parametrize("width", [320, 375, 800, 1300])
def test_no_page_is_wider_than_its_window(show: Opener, report: Report, width: int) -> None:
    page = show(report, viewport={"width": width, "height": 740})
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")

    assert width >= page.evaluate("document.documentElement.scrollWidth")


def test_a_phone_shows_values_below_each_other(show: Opener) -> None:
    page = show(viewport=PHONE, has_touch=True, is_mobile=True)
    row = page.locator(f"#{SHARDS}")

    cells = row.locator("td").evaluate_all("(all) => all.map((cell) => [getComputedStyle(cell, '::before').content, cell.offsetTop])")
    assert ['"dev"', '"staging"', '"prod"'] == [name for name, _ in cells]
    assert sorted(top for _, top in cells) == [top for _, top in cells]
    assert len({top for _, top in cells}) == 3


def test_a_tap_shows_a_resource_on_a_phone(show: Opener) -> None:
    page = show(viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("#node-4").tap()

    expect(page.locator("#panel h2")).to_have_text("aws_sqs_queue.orders")
    expect(page.locator("#node-4")).to_be_in_viewport()
    panel, node = page.locator("#panel").bounding_box(), page.locator("#node-4").bounding_box()
    assert panel
    assert node
    assert node["y"] + node["height"] <= panel["y"]


GROUND = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(245, 246, 248)", "rgb(15, 19, 24)"


def test_is_as_light_as_the_system_until_somebody_chooses(show: Opener) -> None:
    page = show(color_scheme="dark")
    dark = page.evaluate(GROUND)
    page.locator("#theme").click()
    light = page.evaluate(GROUND)
    page.reload()

    assert [DARK, LIGHT, LIGHT] == [dark, light, page.evaluate(GROUND)]
    assert "Dark" == page.locator("#theme").text_content()
    assert LIGHT == show(color_scheme="light").evaluate(GROUND)


def test_the_choice_holds_where_nothing_can_be_stored(show: Opener) -> None:
    forbid = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError'); }})"
    page = show(color_scheme="light", script=forbid)
    page.locator("#theme").click()

    assert DARK == page.evaluate(GROUND)


CONTRAST = """() => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const rgba = (color) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = (channel) => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = ([red, green, blue]) => 0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue);
    const behind = (element) => {
        for (let each = element; each; each = each.parentElement) {
            const color = rgba(getComputedStyle(each).backgroundColor);
            if (color[3] === 255) return color;
        }
        return [255, 255, 255, 255];
    };
    const poor = new Set();
    let count = 0;
    const judge = (element, color, ground, size, bold) => {
        const [a, b] = [luminance(rgba(color)), luminance(ground)].sort((x, y) => y - x);
        const enough = size >= 24 || (size >= 18.66 && bold) ? 3 : 4.5;
        count += 1;
        const contrast = (a + 0.05) / (b + 0.05);
        if (contrast < enough) poor.add(`${contrast.toFixed(2)} ${element.className} ${element.textContent.slice(0, 40)}`);
    };
    for (const element of document.querySelectorAll("body *:not(script):not(svg *)")) {
        const texts = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const style = getComputedStyle(element);
        if (texts) judge(element, style.color, behind(element), parseFloat(style.fontSize), style.fontWeight >= 700);
        for (const pseudo of ["::before", "::after"]) {
            const made = getComputedStyle(element, pseudo);
            const shown = !["none", "normal", '""'].includes(made.content);
            if (shown) judge(element, made.color, behind(element), parseFloat(made.fontSize), false);
        }
    }
    const drawing = document.querySelector("svg");
    if (drawing) {
        const value = (name) => rgba(getComputedStyle(drawing.querySelector(name)).fill);
        for (const text of drawing.querySelectorAll("text")) {
            if (text.querySelector(".mark")) continue;
            for (const ground of [".back", ".panel", ".card"]) judge(text, getComputedStyle(text).fill, value(ground), 11, false);
        }
    }
    return [count, [...poor]];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(show: Opener, scheme: str) -> None:
    """WCAG 2.2, success criterion 1.4.3: https://www.w3.org/TR/WCAG22/#contrast-minimum."""
    page = show(color_scheme=scheme)
    page.locator("#node-2").click()
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    count, poor = page.evaluate(CONTRAST)

    assert [] == poor
    assert count > 500


def test_all_can_be_read_without_the_script(show: Opener) -> None:
    page = show(java_script_enabled=False)

    assert page.locator("#filter").is_hidden()
    assert page.locator("#theme").is_hidden()
    assert 34 == shown(page)
    page.locator("#topology details.group summary", has_text="Kinesis").first.click()
    page.locator("#resource-2 > summary").click()
    expect(page.locator("#resource-2")).to_contain_text("shard_count")
    expect(page.locator("#resource-2 .attributes")).to_be_visible()
    page.locator("#allowed summary").first.click()
    expect(page.locator("#allowed table")).to_be_visible()


def test_is_printed_whole_and_on_white(show: Opener) -> None:
    page = show(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")

    assert "rgb(255, 255, 255)" == page.evaluate(GROUND)
    assert all(page.locator(each).is_hidden() for each in ("nav", "#filter", "#theme", ".tools", "#panel"))
    assert page.locator("#allowed table").is_visible()
    assert page.locator(".stub pre").first.is_visible()
    assert page.locator(".canvas svg").is_visible()
    assert page.pdf().startswith(b"%PDF-")


def test_moves_nothing_where_that_is_not_wanted(show: Opener) -> None:
    assert "auto" == show(reduced_motion="reduce").evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    assert "smooth" == show(reduced_motion="no-preference").evaluate("getComputedStyle(document.documentElement).scrollBehavior")


def test_a_link_leads_to_a_finding(show: Opener) -> None:
    page = show(fragment=f"#{SHARDS}")

    expect(page.locator(f"#{SHARDS}")).to_be_in_viewport()


def test_a_link_leads_to_a_finding_that_is_filtered_out(show: Opener) -> None:
    page = show()
    page.locator("input[name=text]").fill("wide-resource")
    page.evaluate(f"location.hash = '{SHARDS}'")

    expect(page.locator(f"#{SHARDS}")).to_be_in_viewport()


def test_a_link_leads_to_a_resource(show: Opener) -> None:
    page = show(fragment="#resource-3")

    expect(page.locator("#panel h2")).to_have_text("aws_sqs_queue.dead")


def test_what_would_allow_a_cause_can_be_copied(show: Opener) -> None:
    page = show(permissions=["clipboard-read", "clipboard-write"])
    cause = page.locator(".cause", has_text="var.orders_shard_count")
    cause.locator(".allowing > summary").click()
    cause.get_by_role("button", name="Copy").click()

    expect(cause.get_by_role("button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("- id: orders-shard-count\n  resources: [aws_kinesis_stream.locations, aws_kinesis_stream.orders]\n")


def test_many_findings_of_a_cause_are_folded_away_until_they_are_asked_for(show: Opener) -> None:
    page = show()
    tags = page.locator(".cause", has_text="local.cost_tags")
    folded = tags.locator("[data-finding]:visible").count()
    tags.get_by_text("3 more", exact=True).click()
    unfolded = tags.locator("[data-finding]:visible").count()
    tags.get_by_text("3 more", exact=True).click()
    page.locator("input[name=text]").fill("photos[21]")

    assert (20, 23, 1) == (folded, unfolded, shown(page))


def test_thousands_of_findings_are_filtered_at_once(show: Opener) -> None:
    page = show(large(2_000))
    page.locator("input[name=text]").fill("queue.q[7]")
    took = page.evaluate(
        """() => {
            const start = performance.now();
            document.querySelector("input[name=text]").value = "queue.q[77]";
            document.querySelector("#filter").dispatchEvent(new Event("input", {bubbles: true}));
            document.body.getBoundingClientRect();
            return performance.now() - start;
        }"""
    )

    assert "2 of 2,000 findings" == page.locator("#filter output").text_content()
    assert took < 1_500
