"""The claims over all draws in words: on the screen, and as the page docs/verdicts.md."""

from collections.abc import Sequence
from pathlib import Path

from .. import language as languages
from ..claims.claims import DIRECTIONS
from ..report.blocks import Table
from . import words
from .interests import read_interests
from .page import claim_blocks, share_table
from .reference import REFERENCE, read
from .verdicts import Overall

_LINK = "../results/reference/claims"


def summary(found: Overall) -> str:
    """Return what a person wants to know first: for every claim how probable it is, and on what it hangs."""
    language = languages.load(languages.ENGLISH)
    lines = [*words.sources_said(found, language), ""]
    for claim in found.claims:
        lines.append(words.claim_line(language, claim))
        lines += [f"    {words.shares_sentence(found, language, claim.id, source)}" for source in found.sources]
        lines += [f"    {words.decides_sentence(found, language, claim.id, source)}" for source in found.sources]
        for source in found.sources:
            lines += [f"    {text}" for text in words.box_sentences(found, language, claim.id, source, only_found=True)]
    return "\n".join([*lines, "", language.t("verdicts.no_forecast"), language.t("exhibits.caution")])


def page(folder: Path = REFERENCE) -> str:
    """Return docs/verdicts.md from a committed result."""
    found, language = read(folder), languages.load(languages.ENGLISH)
    table = share_table(found, language)
    parts = [
        "# The claims over all that is not known\n",
        f"""`twoclaims claims` asks of every claim how probable it is over all that is believed about the numbers that
nobody knows, how large its effects are, and on which number it hangs. What the claims are: [claims.md](claims.md).
{language.t("verdicts.no_forecast")}\n""",
        "## The answer\n",
        "\n".join(f"- {text}" for text in words.sources_said(found, language)) + "\n",
        _markdown([table.headers, *table.rows]),
        f"![Claims]({_LINK}/figures/claims.png)\n",
        "The command writes the same as a page with a map of every claim, in English and Spanish; the view *Claims*\n"
        "of `twoclaims app` and `twoclaims report` show this result too.\n",
        *(_claim(found, language, claim) for claim in found.claims),
        _method(found),
    ]  # fmt: skip
    return "\n".join(parts)


def _claim(found: Overall, language, claim) -> str:
    lines = [f"## {words.claim_line(language, claim)}\n"]
    for block in claim_blocks(found, language, claim):
        if isinstance(block, Table):
            lines.append(_markdown([block.headers, *block.rows]))
            continue
        lines += [f"**{block.heading}**\n"] if block.heading else []
        lines.append("\n".join(f"- {item}" for item in block.items) + "\n")
    return "\n".join(lines)


def _method(found: Overall) -> str:
    about, language = found.about, languages.load(languages.ENGLISH)
    claims = [(claim, measure) for claim in found.claims for measure in claim.measures]
    interests = read_interests()
    rows = [("claim", "measure", "as claimed", "smallest effect of interest", "why")]
    for claim, measure in claims:
        threshold = about["thresholds"][f"{claim.id}.{measure.outcome}"]
        each = interests[measure.outcome.partition(".")[0]]
        rows.append((claim.id, f"`{measure.outcome}`", DIRECTIONS[measure.claimed], f"{threshold:g} {each.unit}",
                     each.reason))  # fmt: skip
    return f"""## How it is made

```sh
twoclaims claims                                    # about ten minutes on two cores
twoclaims claims --draws 40 --scale 0.05            # a first look, under two minutes
twoclaims claims --resume results/claims-NAME       # goes on after Ctrl-C; judges anew if all worlds are there
twoclaims claims agreement-renewed agreement-ended  # another pair for the claims about sharing
```

1. **Draws.** *Calibrated*: rows of the [calibrated sample](calibration.md), evenly spaced, each as it is, so that what
   was fitted together stays together; all other uncertain parameters, and the lever `substitution`, come from their
   priors by Latin hypercube, because no data informed them. *Priors alone*: a Latin hypercube over all priors. The two
   are never mixed.
2. **Worlds.** {about["seeds"]} pairs at each of {about["draws"]} draws of each source, at {about["scale"]:g} of the
   residents. All draws have the same seeds, so that draws differ by what is believed and not by luck. Claims about
   sharing are judged by {words.pair_said(found, language, "sharing")}; F1 by
   {words.pair_said(found, language, "budget")}. {words.small_scale(found, language)}
3. **Verdicts** by the rule of [the ledger](claims.md#verdicts) at a threshold of 0, draw by draw. A claim with several
   measures is supported where all of them are, and contradicted where all of them are. *Neither* is everything else; it
   holds draws at which {about["seeds"]} pairs are too few to see a small difference.
4. **Probabilities** are shares of draws, with binomial intervals (Wilson). Rows of the calibrated sample repeat; their
   intervals are for as many independent draws as they are worth (Kish), which is on the wide side.
5. **Effects**: median and the middle 50% and 95% of the draws. *Luck* is the standard error of the effect at one draw;
   what of the variance over draws is luck is said with each effect, and more seeds make it smaller. Counts are of the
   whole city: those of the simulated share divided by it.
6. **What decides**: for every parameter the share of the variance over draws that lies between fifths of its values,
   with its bias taken out (first-order index; Kelley's epsilon squared), of the verdict (1, 0, -1) and of the rank of
   each effect. Something always comes first among more than a hundred parameters: it stands out only if its share is
   larger than what the largest one exceeds in 1% of a thousand shuffles. Parameters that were fitted together are
   shuffled together. *Gain* is the expected value of partial perfect information: how much more often one would name
   the verdict right.
7. **Where**: a box by PRIM over at most three parameters of which knowing tells most, by the search and the rules of
   [discover](discovery.md), tried on draws kept out of all of it; for either verdict the same search.
8. **Maps**: the draws themselves over the two parameters that decide most, in cells of equal shares of both priors; a
   cell counts the draws in it and half a cell around it, and says how many.

Both sides are treated alike: a test mirrors every claimed direction and exchanges the worlds, and all numbers, boxes
and deciding parameters come out exactly mirrored.

### Smallest effects of interest

One yardstick for the claims of both sides, and the same in both directions
(`experiments/verdicts/interests.toml`; another one by `--threshold`). It decides no verdict; it says how often an
effect is large enough to care about.

{_markdown(rows)}
### What a folder holds

`claims.html` and `claims.es.html`, the figure, and the tables `probabilities`, `decisive`, `boxes`, `local` and
`judgments`; the columns are in [outcomes.md](outcomes.md#columns-of-the-result-tables). `posterior/` and `prior/` are
[sweeps](sweeps.md) over the draws, which `discover`, `sensitivity` and `figures` read. `make claims` makes the
committed result and this page anew.
"""


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = [rows[0], ("---",) * len(rows[0]), *rows[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
