"""Tables as files for spreadsheets, which say where their numbers come from and what they are not."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

    from ..language import Language


def spreadsheet(table: "DataFrame", language: "Language", origin: str) -> bytes:
    """Return a table as CSV: a line of headings and one for each row, in UTF-8 with byte order mark.

    Two last columns stay with every row, however it is sorted, filtered or copied on: where the numbers come from, and
    what they are for. Lines of comment above the headings would be simpler, and no spreadsheet could read them.

    Parameters
    ----------
    table : pandas.DataFrame
    language : Language
    origin : str
        Pairs, seeds, place, scale, period, version and what the numbers are not, such as `words.caption` gives it.
    """
    purpose = f"{language.t('report.origin.purpose_text')} {language.t('report.caution')}"
    told = {language.t("exhibits.column.origin"): origin, language.t("exhibits.column.purpose"): purpose}
    written = table.assign(**told).to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\r\n")
    return written.encode("utf-8-sig")
