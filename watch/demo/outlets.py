"""Who publishes in the demo's world: some forty invented outlets, one feed each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FeedFormat = Literal["rss2", "atom", "rdf", "jsonfeed"]


@dataclass(frozen=True, slots=True)
class Outlet:
    """A source of the demo: `id` names it in the texts, `every` is how often it is worth asking."""

    id: str
    name: str
    lang: Literal["fr", "en"]
    format: FeedFormat
    tags: tuple[str, ...]
    every: str = "6h"

    @property
    def path(self) -> str:
        """Where the demo's server keeps the feed; the ending tells the format."""
        return f"/{self.id}/{_FILE[self.format]}"

    @property
    def home(self) -> str:
        """The address that the entries' links start with; `.example` belongs to nobody (RFC 2606)."""
        return f"https://{self.id}.example"


_FILE: dict[FeedFormat, str] = {
    "rss2": "feed.xml",
    "atom": "atom.xml",
    "rdf": "index.rdf",
    "jsonfeed": "feed.json",
}

# The forum that goes dark for thirty hours, and one of the two loudest places of the crisis.
BUSY_FORUM = "deco-brico"

OUTLETS: tuple[Outlet, ...] = (
    # Press
    Outlet("agence-ligne-claire", "Agence Ligne Claire", "fr", "rss2", ("presse", "agence"), "1h"),
    Outlet("echo-boraldes", "L’Écho des Boraldes", "fr", "rss2", ("presse", "aveyron"), "3h"),
    Outlet("gazette-causses", "La Gazette des Causses", "fr", "atom", ("presse", "aveyron"), "3h"),
    Outlet("radio-dourdou", "Radio Dourdou", "fr", "rss2", ("presse", "aveyron"), "3h"),
    Outlet("quotidien-soir", "Le Quotidien du soir", "fr", "rss2", ("presse",), "3h"),
    Outlet("metropoles-infos", "Métropoles Infos", "fr", "atom", ("presse",), "3h"),
    Outlet("bilan-marges", "Bilan & Marges", "fr", "rss2", ("presse", "économie")),
    Outlet("conso-claire", "Conso claire", "fr", "rss2", ("presse", "conso"), "3h"),
    Outlet("pentes-actu", "L’Actualité des Pentes", "fr", "rdf", ("presse",)),
    Outlet("feuille-ouest", "La Feuille de l’Ouest", "fr", "rss2", ("presse",)),
    Outlet("beffroi-nord", "Le Beffroi", "fr", "atom", ("presse",)),
    Outlet("mistral-libre", "Le Mistral libre", "fr", "rss2", ("presse",)),
    Outlet("cigogne-matin", "La Cigogne du matin", "fr", "rdf", ("presse",)),
    # Trade press
    Outlet("meuble-metier", "Meuble & Métier", "fr", "rss2", ("presse pro",)),
    Outlet("filiere-bois", "La Filière bois et déco", "fr", "atom", ("presse pro",)),
    Outlet("rayons-maison", "Rayons Maison", "fr", "rss2", ("presse pro",)),
    Outlet("sommiers-cie", "Sommiers & Cie", "fr", "rdf", ("presse pro",)),
    # Blogs
    Outlet("carnet-jeanne", "Le Carnet de Jeanne", "fr", "atom", ("blog",)),
    Outlet("petits-espaces", "Petits espaces", "fr", "rss2", ("blog",)),
    Outlet("maman-carre", "Maman au carré", "fr", "rss2", ("blog", "parents"), "3h"),
    Outlet("brut-de-chene", "Brut de chêne", "fr", "jsonfeed", ("blog",)),
    Outlet("chez-les-vidal", "Chez les Vidal", "fr", "atom", ("blog",)),
    Outlet("sentiers-burons", "Sentiers et burons", "fr", "rss2", ("blog", "rando")),
    Outlet("musique-cote", "La musique d’à côté", "fr", "atom", ("blog", "musique")),
    # Forums, communities, comments
    Outlet(BUSY_FORUM, "Forum Déco-Brico", "fr", "rss2", ("forum",), "1h"),
    Outlet("parents-vrac", "Parents en vrac", "fr", "atom", ("forum", "parents"), "1h"),
    Outlet("conso-litiges", "Forum Conso Litiges", "fr", "rss2", ("forum", "conso"), "1h"),
    Outlet("eleveurs-ligne", "Éleveurs en ligne", "fr", "rss2", ("forum", "élevage")),
    Outlet("rando-massif", "Rando Massif", "fr", "rdf", ("forum", "rando")),
    Outlet("piaf-social", "Piaf", "fr", "jsonfeed", ("réseau",), "1h"),
    Outlet("soir-commentaires", "Le Quotidien du soir – réactions", "fr", "atom", ("commentaires",), "1h"),
    Outlet("questions-maison", "Questions Maison", "fr", "jsonfeed", ("questions",), "3h"),
    # Reviews
    Outlet("avis-foyer", "Avis Foyer", "fr", "rss2", ("avis",), "1h"),
    Outlet("clients-sinceres", "Clients sincères", "fr", "atom", ("avis",), "1h"),
    # English
    Outlet("furnishing-review", "The Furnishing Review", "en", "rss2", ("press", "trade")),
    Outlet("northern-retail", "Northern Retail Wire", "en", "atom", ("press", "trade")),
    Outlet("oak-linen", "Oak & Linen", "en", "rss2", ("blog",)),
    Outlet("small-flat", "Small Flat Diary", "en", "jsonfeed", ("blog",)),
    Outlet("homeward-forum", "Homeward Forum", "en", "atom", ("forum",), "3h"),
    Outlet("verdict-home", "Verdict Home", "en", "rss2", ("reviews",), "3h"),
    Outlet("harbour-notes", "Harbour Notes", "en", "rss2", ("blog",)),
    Outlet("expat-table", "Expat Kitchen Table", "en", "rdf", ("forum",), "3h"),
)
