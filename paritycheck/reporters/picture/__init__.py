"""Pictures of a stack's resources: a report with a topology in, SVG, DOT or Mermaid out."""

from paritycheck.reporters.picture.states import State, states
from paritycheck.reporters.picture.svg import render_svg

__all__ = ["State", "render_svg", "states"]
