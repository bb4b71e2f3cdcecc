"""The views of the page, by the name that a link gives them."""

from .city import City
from .claims import Claims
from .compare import Compare
from .levers import Levers
from .share import Share
from .stories import Stories
from .workshop import Workshop

PAGES = {
    "compare": Compare,
    "levers": Levers,
    "city": City,
    "stories": Stories,
    "claims": Claims,
    "workshop": Workshop,
    "share": Share,
}
