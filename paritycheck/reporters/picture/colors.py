"""The colors of states, for light and dark places."""

from collections.abc import Mapping

from paritycheck.reporters.picture.states import State

LIGHT: Mapping[str, str] = {
    State.SAME: "#aeb9c7",
    State.ALLOWED: "#2f7fd1",
    State.VIOLATES: "#8a4fd0",
    State.DIFFERS: "#d1303f",
    State.MISSING: "#c87400",
}
DARK: Mapping[str, str] = {
    State.SAME: "#56647a",
    State.ALLOWED: "#58a6ff",
    State.VIOLATES: "#bb8cf5",
    State.DIFFERS: "#ff6b76",
    State.MISSING: "#f0a03c",
}
