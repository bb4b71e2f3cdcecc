"""The claims of both sides: declared once, and judged by a pair of worlds."""
