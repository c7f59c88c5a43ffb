"""Lines that stand around an article and are not of it: pointers to others, newsletter prompts, credits.

The one place for them. Each of LINES is a whole line, in lower case and with straight apostrophes; CREDITS are cut from
the end of one.
"""

import re

AGENCY = r"(?:l')?(?:nos )?(?:afp|reuters|ap|belga|keystone-ats|ats|la presse canadienne|agences?|correspondants?)"
AGENCIES = rf"{AGENCY}(?:(?:,? et |, ?| ?/ ?| & ){AGENCY})*"
ARTICLE = r"(?:cet article|l'article|cette vidéo|le billet)"
LETTER = r"\w*(?:newsletter|lettre|boîte mail|alerte|abonn)\w*"

LINES = re.compile(
    "|".join(
        (
            # Pointers to other articles
            r"[àa] (?:lire|voir|écouter|découvrir|relire)(?: ensuite| sur le m[êe]me sujet)?\s*(?:[:–—-].*)?",
            r"(?:[àa] )?(?:lire|voir|écouter|relire|découvrir|retrouvez|découvrez) (?:aussi|également)\b.*",
            r"(?:lire|voir) (?:la suite|plus)\s*(?:…|\.\.\.|»|→|>)*(?: sur .{0,80})?",
            r"lire (?:l'article|le décryptage|le récit|l'entretien|l'enquête|notre)\b.{0,200}",
            r"(?:[\w' ]{0,20}[:–] ?)?article réservé à nos abonnés.*",
            r"sur le même sujet\s*:?.{0,200}",
            # What publishing systems add to feeds
            ARTICLE + r"\b.{0,300}est apparue? en premier sur\b.*",
            r"the post\b.{0,300}appeared first on\b.*",
            # Prompts
            r"(?:inscrivez-vous|abonnez-vous|recevez)\b.{0,200}\b" + LETTER + r".*",
            r"(?:suivez|rejoignez|retrouvez)[ -](?:nous|toute l'actualité)\b.{0,200}",
            r"(?:téléchargez|installez) (?:notre|l') ?appli\w*.*",
            r"(?:newsletter|publicité|partager|mots-clés|le fil d'actu|lire plus tard|écouter l'article)\s*:?",
            r"la suite après (?:cette |la )?publicité.*",
            r"il vous reste \d.{0,20}% de cet article à lire.*",
            r"(?:temps|durée) de lecture\s*:.{0,40}",
            # Credits
            r"(?:crédits?|photos?|illustration)(?: photos?)?\s*:.{0,120}",
            r"(?:©|\(c\)|copyright) .{0,160}",
            r"\(?(?:avec )?" + AGENCIES + r"\)?\.?",
        ),
    )
)
CREDITS = re.compile(rf"\s*\((?:avec )?{AGENCIES}\)\s*$", re.IGNORECASE)
LONGEST = 400  # a longer paragraph that begins so is of the article


def without_boilerplate(text: str) -> str:
    """The same paragraphs, apart by empty lines, without those that are not the article's own."""
    paragraphs = (_own(paragraph) for paragraph in text.split("\n\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _own(paragraph: str) -> str:
    lines = (line.strip() for line in paragraph.split("\n"))
    return "\n".join(_uncredited(line) for line in lines if line and not _is_boilerplate(line))


def _uncredited(line: str) -> str:
    """The line without the agencies in brackets at its end; its apostrophes stay as they are."""
    found = CREDITS.search(line.replace("’", "'"))
    return line[: found.start()] if found else line


def _is_boilerplate(line: str) -> bool:
    plain = line.lower().replace("’", "'").replace("\xa0", " ")
    return len(line) <= LONGEST and LINES.fullmatch(plain) is not None
