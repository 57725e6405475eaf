from paritycheck.provider.companions.null import null_provider
from paritycheck.provider.interface import UNKNOWN


def test_a_null_resource_has_an_unknown_identity(ask):
    assert {"id": UNKNOWN, "triggers": {"a": "b"}} == ask(null_provider({})).create("null_resource", triggers={"a": "b"})


def test_a_null_data_source_hands_its_inputs_on(ask):
    read = ask(null_provider({})).read("null_data_source", inputs={"a": "b"})

    assert ("static", "default", {"a": "b"}) == (read["id"], read["has_computed_default"], read["outputs"])


def test_an_answer_of_the_users_own_replaces_the_providers(ask):
    assert "7" == ask(null_provider({"null_data_source": {"random": "7"}})).read("null_data_source")["random"]
