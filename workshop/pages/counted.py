"""The warning that the counts of crime tell different stories, wherever the page shows results of two worlds."""

import solara

from experiments.exhibits import caution

from ..components import Text


@solara.component
def CountsDiffer(session):
    """Say for whom recorded, surveyed and true crime differ in the worlds that are shown; nothing where they agree."""
    lang, pair = session.lang, session.pair.value
    said = solara.use_memo(lambda: caution(pair, lang), [pair, lang])
    with solara.Div():
        if said:
            Text(said, "p", "note", "caution", "counts")
