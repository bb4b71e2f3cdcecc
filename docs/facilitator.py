"""The pages for who leads a workshop, in every language: the texts of the papers and of the page, as Markdown."""

from experiments.language import Language
from experiments.report.blocks import Block, Points, Section, Table, Terms, Text
from workshop.papers import guide, prediction_sheet, role_cards

from .tables import table


def page(lang: Language) -> str:
    """Return guide, role cards and prediction sheet in a language."""
    parts = [
        f"# {lang.t('guide.title')}\n",
        f"{lang.t('guide.lead')}\n",
        f"`twoclaims facilitate --language {lang.code}`\n",
    ]
    parts += [_section(each) for each in guide(lang)]
    parts += [f"## {lang.t('workshop.roles')}\n", f"{lang.t('workshop.card_limits')}\n"]
    for card in role_cards(lang):
        decides = "; ".join(card.levers) or lang.t("workshop.decides_nothing")
        parts += [
            f"### {card.title}\n",
            f"{card.who}\n",
            f"**{lang.t('workshop.decides')}** {decides}\n",
            f"**{lang.t('workshop.asks')}**\n",
            _list(card.questions),
        ]
    parts += [f"## {lang.t('guide.sheet')}\n", _list(_line(*each) for each in prediction_sheet(lang))]
    parts.append(f"{lang.t('workshop.confidence_hint')}\n")
    return "\n".join(parts)


def _line(asked: str, answers: list[str]) -> str:
    return f"{asked} {' · '.join(f'☐ {answer}' for answer in answers)}" if answers else f"{asked} ______"


def _section(section: Section) -> str:
    return "\n".join([f"## {section.heading}\n", *(_block(block) for block in section.blocks)])


def _block(block: Block) -> str:
    match block:
        case Text():
            return f"{block.text}\n"
        case Points():
            return _list(block.items)
        case Table():
            return f"### {block.caption}\n\n{table(block.headers, block.rows)}"
        case Terms():
            said = "\n\n".join(f"**{word}.** {meaning}" for word, meaning in block.items)
            return f"### {block.heading}\n\n{said}\n"
    raise TypeError(block)


def _list(items) -> str:
    return "".join(f"- {item}\n" for item in items)
