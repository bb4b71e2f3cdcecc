"""Fit the uncertain parameters to what was measured, never to the patterns that are held out for validation."""
