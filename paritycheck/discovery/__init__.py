"""An existing repository's stacks and environments, told from the names of its files and from its HCL."""

from paritycheck.discovery.document import document
from paritycheck.discovery.hints import Hints, look_closer
from paritycheck.discovery.stacks import Found, Layout, Stack, Survey, find_stacks
from paritycheck.discovery.tree import Tree, walk

__all__ = ["Found", "Hints", "Layout", "Stack", "Survey", "Tree", "document", "find_stacks", "look_closer", "walk"]
