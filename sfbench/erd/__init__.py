"""The schema as a picture: tables, keys and references, as Mermaid text or a self-contained SVG."""

from sfbench.erd.mermaid import mermaid
from sfbench.erd.svg import svg

__all__ = ["mermaid", "svg"]
