"""How the claims fare over all that is not known: the committed result of `twoclaims claims`, as the report has it."""

import solara

from experiments.language import Language
from experiments.verdicts import words
from experiments.verdicts.reference import committed

from ..components import Details, Text


@solara.component_vue("table.vue")
def _Table(caption="", columns=(), rows=()):
    """See `EveryClaim`."""


@solara.component
def EveryClaim(lang: Language):
    """The probability of every claim, calibrated and by the priors alone, and which is which."""
    found = committed()
    with solara.Div():
        if found is not None:
            columns, rows = words.brief(found, lang)
            Text(lang.t("verdicts.title"), "h2")
            Text(lang.t("verdicts.shown_lead"))
            _Table(caption=lang.t("verdicts.brief"), columns=columns, rows=rows)
            for sentence in (*words.sources_said(found, lang), words.shown_said(found, lang)):
                Text(sentence, "p", "hint")
            Text(lang.t("verdicts.no_forecast"), "p", "note")


@solara.component
def OneClaim(lang: Language, claim: str):
    """On which number a claim hangs over all that is not known, and where in what is believed it holds."""
    found = committed()
    with solara.Div():
        if found is not None:
            with Details(f"{lang.t('verdicts.title')}: {claim}"):
                for source in found.sources:
                    Text(words.shares_sentence(found, lang, claim, source))
                    Text(words.decides_sentence(found, lang, claim, source))
                    for sentence in words.box_sentences(found, lang, claim, source, only_found=True):
                        Text(sentence)
