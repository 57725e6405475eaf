import pytest

from paritycheck.provider.companions.template import template_provider
from paritycheck.provider.interface import Refused


@pytest.fixture
def asking(ask):
    return ask(template_provider({}))


@pytest.mark.parametrize(
    ("template", "rendered"),
    [("hello ${name}", "hello x"), ("${ name }${other-name}", "xy"), ("$${name} %%{if}", "${name} %{if}"), ("$5 {name}", "$5 {name}")],
)
def test_variables_are_inserted(asking, template, rendered):
    assert rendered == asking.read("template_file", template=template, vars={"name": "x", "other-name": "y"})["rendered"]


@pytest.mark.parametrize("template", ["${upper(name)}", "%{ if true }", "${missing}"])
def test_a_template_that_does_more_is_refused(asking, template):
    with pytest.raises(Refused):
        asking.read("template_file", template=template, vars={"name": "x"})


def test_cloud_init_documents_are_rendered(asking):
    read = asking.read("template_cloudinit_config", gzip=False, base64_encode=False, part=[{"content": "x"}])

    assert read["rendered"].endswith("x\r\n--MIMEBOUNDARY--\r\n")
