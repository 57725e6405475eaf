"""Pictures of a stack's resources: a report with a topology in, SVG, DOT or Mermaid out."""

from paritycheck.reporters.picture.granularity import By
from paritycheck.reporters.picture.interface import Drawing

__all__ = ["By", "Drawing"]
