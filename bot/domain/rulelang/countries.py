"""Countries as people write them, in French or English, and their codes."""

import re
from difflib import get_close_matches

from bot.domain.rulelang.mistakes import mistake
from bot.domain.text import fold_word

# The first two of each are read aloud, in French with its preposition and in English.
_NAMES = {
    "FR": "de France|France|france|fr|francais|french",
    "BE": "de Belgique|Belgium|belgique|belgium|belge",
    "CH": "de Suisse|Switzerland|suisse|switzerland|swiss",
    "CA": "du Canada|Canada|canada|quebec|canadien",
    "LU": "du Luxembourg|Luxembourg|luxembourg",
    "MC": "de Monaco|Monaco|monaco",
    "EU": "de l’Union européenne|the European Union|europe|ue|union europeenne|eu",
    "INT": "de portée internationale|all the world|international|monde|world|int",
    "UA": "d’Ukraine|Ukraine|ukraine",
    "RU": "de Russie|Russia|russie|russia",
    "US": "des États-Unis|the United States|etats unis|usa|united states|us|etats unis d amerique",
    "GB": "du Royaume-Uni|the United Kingdom|royaume uni|united kingdom|uk|grande bretagne|angleterre",
    "DE": "d’Allemagne|Germany|allemagne|germany",
    "ES": "d’Espagne|Spain|espagne|spain",
    "IT": "d’Italie|Italy|italie|italy",
    "PT": "du Portugal|Portugal|portugal",
    "NL": "des Pays-Bas|the Netherlands|pays bas|netherlands|hollande",
    "PL": "de Pologne|Poland|pologne|poland",
    "RO": "de Roumanie|Romania|roumanie|romania",
    "GR": "de Grèce|Greece|grece|greece",
    "IE": "d’Irlande|Ireland|irlande|ireland",
    "SE": "de Suède|Sweden|suede|sweden",
    "DK": "du Danemark|Denmark|danemark|denmark",
    "FI": "de Finlande|Finland|finlande|finland",
    "NO": "de Norvège|Norway|norvege|norway",
    "TR": "de Turquie|Turkey|turquie|turkey",
    "IL": "d’Israël|Israel|israel",
    "LB": "du Liban|Lebanon|liban|lebanon",
    "QA": "du Qatar|Qatar|qatar",
    "MA": "du Maroc|Morocco|maroc|morocco",
    "DZ": "d’Algérie|Algeria|algerie|algeria",
    "TN": "de Tunisie|Tunisia|tunisie|tunisia",
    "SN": "du Sénégal|Senegal|senegal",
    "CI": "de Côte d’Ivoire|Ivory Coast|cote d ivoire|ivory coast",
    "CM": "du Cameroun|Cameroon|cameroun|cameroon",
    "CD": "de RD Congo|the DR Congo|rd congo|rdc|congo",
    "ML": "du Mali|Mali|mali",
    "HT": "d’Haïti|Haiti|haiti",
    "CN": "de Chine|China|chine|china",
    "JP": "du Japon|Japan|japon|japan",
    "IN": "d’Inde|India|inde|india",
    "BR": "du Brésil|Brazil|bresil|brazil",
    "AU": "d’Australie|Australia|australie|australia",
}
_ARTICLE = re.compile("^(?:la|le|les|l) ")
_CODES = {
    name: code for code, names in _NAMES.items() for name in (code.lower(), *map(fold_word, names.split("|")[1:]))
}


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


def country_named(code: str, language: str = "fr") -> str:
    """The country, in French with its preposition: « de Belgique »."""
    if code not in _NAMES:
        return code if language == "en" else f"du pays {code}"
    french, english, *_ = _NAMES[code].split("|")
    return english if language == "en" else french
