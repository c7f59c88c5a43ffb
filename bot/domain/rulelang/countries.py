"""Countries as people write them, in French or English, and their codes."""

import re
from difflib import get_close_matches

from bot.domain.rulelang.mistakes import mistake
from bot.domain.text import fold_word

# The first name of each is the one that is read aloud, with its preposition.
_NAMES = {
    "FR": "de France|france|fr|francais|french",
    "BE": "de Belgique|belgique|belgium|belge",
    "CH": "de Suisse|suisse|switzerland|swiss",
    "CA": "du Canada|canada|quebec|canadien",
    "LU": "du Luxembourg|luxembourg",
    "MC": "de Monaco|monaco",
    "EU": "de l’Union européenne|europe|ue|union europeenne|eu",
    "INT": "de portée internationale|international|monde|world|int",
    "UA": "d’Ukraine|ukraine",
    "RU": "de Russie|russie|russia",
    "US": "des États-Unis|etats unis|usa|united states|us|etats unis d amerique",
    "GB": "du Royaume-Uni|royaume uni|united kingdom|uk|grande bretagne|angleterre",
    "DE": "d’Allemagne|allemagne|germany",
    "ES": "d’Espagne|espagne|spain",
    "IT": "d’Italie|italie|italy",
    "PT": "du Portugal|portugal",
    "NL": "des Pays-Bas|pays bas|netherlands|hollande",
    "PL": "de Pologne|pologne|poland",
    "RO": "de Roumanie|roumanie|romania",
    "GR": "de Grèce|grece|greece",
    "IE": "d’Irlande|irlande|ireland",
    "SE": "de Suède|suede|sweden",
    "DK": "du Danemark|danemark|denmark",
    "FI": "de Finlande|finlande|finland",
    "NO": "de Norvège|norvege|norway",
    "TR": "de Turquie|turquie|turkey",
    "IL": "d’Israël|israel",
    "LB": "du Liban|liban|lebanon",
    "QA": "du Qatar|qatar",
    "MA": "du Maroc|maroc|morocco",
    "DZ": "d’Algérie|algerie|algeria",
    "TN": "de Tunisie|tunisie|tunisia",
    "SN": "du Sénégal|senegal",
    "CI": "de Côte d’Ivoire|cote d ivoire|ivory coast",
    "CM": "du Cameroun|cameroun|cameroon",
    "CD": "de RD Congo|rd congo|rdc|congo",
    "ML": "du Mali|mali",
    "HT": "d’Haïti|haiti",
    "CN": "de Chine|chine|china",
    "JP": "du Japon|japon|japan",
    "IN": "d’Inde|inde|india",
    "BR": "du Brésil|bresil|brazil",
    "AU": "d’Australie|australie|australia",
}
_ARTICLE = re.compile("^(?:la|le|les|l) ")
_CODES = {name: code for code, names in _NAMES.items() for name in (code.lower(), *names.split("|")[1:])}


def is_country(name: str) -> bool:
    """Whether the name or code is one that we know, or could be a code."""
    return _code(name) is not None


def country_code(name: str, position: int) -> str:
    """The code of a country named or coded. Raises RuleError."""
    if code := _code(name):
        return code
    near = get_close_matches(fold_word(name), _CODES, 1, 0.6)
    if near:
        raise mistake("country_near", position, name=name, near=_CODES[near[0]])
    raise mistake("country", position, name=name)


def _code(name: str) -> str | None:
    said = _ARTICLE.sub("", fold_word(name))
    if said in _CODES:
        return _CODES[said]
    return said.upper() if re.fullmatch("[a-z]{2}", said) else None


def country_named(code: str) -> str:
    """The country with its preposition: « de Belgique »."""
    return _NAMES[code].split("|")[0] if code in _NAMES else f"du pays {code}"
