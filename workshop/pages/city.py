"""The view `city`."""

import solara


@solara.component
def City(session):
    """Not there yet."""
    solara.Text("City")
