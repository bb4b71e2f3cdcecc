"""The view `stories`."""

import solara


@solara.component
def Stories(session):
    """Not there yet."""
    solara.Text("Stories")
