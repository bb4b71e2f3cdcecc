"""Thousands of worlds from a design: durable, resumable, and their tables and figures."""
