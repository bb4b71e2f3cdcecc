"""The view `levers`."""

import solara


@solara.component
def Levers(session):
    """Not there yet."""
    solara.Text("Levers")
