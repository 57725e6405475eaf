import pytest

from paritycheck.provider.companions.globs import matches_any


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("a.py", "a.py", True),
        ("a.py", "b/a.py", False),
        ("*.py", "a.py", True),
        ("*.py", "b/a.py", False),
        ("**/*.py", "a.py", True),
        ("**/*.py", "b/c/a.py", True),
        ("b/**", "b/c/a.py", True),
        ("b/**/a.py", "b/a.py", True),
        ("?.py", "a.py", True),
        ("?.py", "/.py", False),
        ("[ab].py", "b.py", True),
        ("[!ab].py", "b.py", False),
        ("[^ab].py", "c.py", True),
        ("[a-c]x", "bx", True),
        ("{a,b*}.py", "bc.py", True),
        ("{a,b}.py", "c.py", False),
        ("a,b", "a,b", True),
        (r"\*", "*", True),
        (r"\*", "a", False),
        ("a.c", "abc", False),
        ("", "", False),
        ("ü*", "über", True),
    ],
)
def test_patterns_match_paths(pattern, path, expected):
    assert expected == matches_any(path, [pattern])


def test_one_pattern_is_enough():
    assert matches_any("b", ["a", "b"])


@pytest.mark.parametrize("pattern", ["[a", "{a", "a}", "[z-a]"])
def test_a_bad_pattern_is_refused(pattern):
    with pytest.raises(ValueError, match="no file pattern"):
        matches_any("x", [pattern])
