"""The sections of the page, which its menu names."""

from __future__ import annotations

from dataclasses import dataclass

from paritycheck.reporters.html.markup import Content, Markup, element


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under a heading."""

    id: str
    heading: str
    label: str
    """Its name in the menu."""
    count: int
    content: Content

    def render(self) -> Markup:
        """Return the section."""
        heading = element("h2", self.heading, " ", element("span", f"{self.count:,}", class_="count"), id=f"{self.id}-heading")
        return element("section", heading, self.content, id=self.id, aria_labelledby=f"{self.id}-heading")

    def link(self) -> Markup:
        """Return its entry of the menu."""
        return element("li", element("a", self.label, " ", element("span", f"{self.count:,}", class_="count"), href=f"#{self.id}"))
