"""The view `workshop`."""

import solara


@solara.component
def Workshop(session):
    """Not there yet."""
    solara.Text("Workshop")
