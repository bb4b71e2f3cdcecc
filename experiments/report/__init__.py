"""A report to take home: one HTML file, an accessible PDF, a one-page hand-out and a slide about two worlds."""
