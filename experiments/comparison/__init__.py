"""Worlds that differ in policy only, side by side: paired effects, the card of what differs, and figures."""
