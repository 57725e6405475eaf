import gzip
from base64 import b64decode
from email import message_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.provider.companions.cloudinit import cloudinit_provider, read_config
from paritycheck.provider.interface import UNKNOWN

HEADER = 'Content-Type: multipart/mixed; boundary="MIMEBOUNDARY"\nMIME-Version: 1.0\r\n\r\n'
PLAIN = {"gzip": False, "base64_encode": False}


@pytest.fixture
def asking(ask):
    return ask(cloudinit_provider({}))


def test_a_part_is_plain_text_by_default(asking):
    expected = (
        f"{HEADER}--MIMEBOUNDARY\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/plain\r\nMime-Version: 1.0\r\n\r\n"
        "baz\r\n--MIMEBOUNDARY--\r\n"
    )
    assert expected == asking.read("cloudinit_config", part=[{"content": "baz"}], **PLAIN)["rendered"]


def test_headers_are_in_the_order_of_their_names(asking):
    part = {"content": "x", "content_type": "text/x-shellscript", "filename": "a.sh", "merge_type": "list()"}
    lines = asking.read("cloudinit_config", part=[part], **PLAIN)["rendered"].splitlines()

    expected = ["Content-Disposition", "Content-Transfer-Encoding", "Content-Type", "Mime-Version", "X-Merge-Type"]
    assert expected == [line.partition(":")[0] for line in lines[4:9]]


def test_the_document_is_compressed_and_encoded_by_default(asking):
    part = [{"content": "baz"}, {"content": "qux"}]
    document = gzip.decompress(b64decode(asking.read("cloudinit_config", part=part)["rendered"]))

    assert asking.read("cloudinit_config", part=part, **PLAIN)["rendered"].encode() == document


@given(st.lists(st.text(st.sampled_from("ab {}\n-"), min_size=1), min_size=1, max_size=4))
def test_the_parts_come_out_again(contents):
    part = {"content_type": None, "filename": None, "merge_type": None}
    config = {"part": [{**part, "content": content} for content in contents], "boundary": None, "id": None, "rendered": None, **PLAIN}
    message = message_from_bytes(read_config(config)["rendered"].encode())

    assert contents == [part.get_payload() for part in message.get_payload()]


def test_what_is_compressed_must_be_encoded(asking):
    assert 1 == len(asking.read_complaints("cloudinit_config", base64_encode=False, part=[{"content": "x"}]))
    assert [] == asking.read_complaints("cloudinit_config", base64_encode=False, gzip=UNKNOWN, part=[{"content": "x"}])


def test_the_resource_plans_defaults(asking):
    planned = asking.create("cloudinit_config", part=[{"content": "x"}])

    assert (True, True, "MIMEBOUNDARY", UNKNOWN) == tuple(planned[name] for name in ("gzip", "base64_encode", "boundary", "rendered"))
    assert "text/plain" == planned["part"][0]["content_type"]
