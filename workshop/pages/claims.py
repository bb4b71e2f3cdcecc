"""The view `claims`."""

import solara


@solara.component
def Claims(session):
    """Not there yet."""
    solara.Text("Claims")
