"""The view `share`."""

import solara


@solara.component
def Share(session):
    """Not there yet."""
    solara.Text("Share")
