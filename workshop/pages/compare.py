"""The view `compare`."""

import solara


@solara.component
def Compare(session):
    """Not there yet."""
    solara.Text("Compare")
