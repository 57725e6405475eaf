from base64 import b64decode

from paritycheck.provider.companions.outside import external_provider, http_provider


def test_no_program_is_run(ask, tmp_path):
    read = ask(external_provider({})).read("external", program=["touch", str(tmp_path / "made")], query={"a": "b"})

    assert ({"a": "b"}, []) == (read["result"], list(tmp_path.iterdir()))


def test_nothing_is_called(ask):
    read = ask(http_provider({})).read("http", url="http://localhost:1")

    assert (200, read["response_body"]) == (read["status_code"], b64decode(read["response_body_base64"]).decode())


def test_the_user_can_answer_instead(ask):
    answers = {"external": {"result": {"version": "1.2"}}, "http": {"response_body": "{}"}}

    assert {"version": "1.2"} == ask(external_provider(answers)).read("external", program=["x"])["result"]
    assert "{}" == ask(http_provider(answers)).read("http", url="x")["response_body"]
