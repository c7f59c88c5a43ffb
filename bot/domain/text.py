"""Two forms of a text over one offset map: typographic (for statements) and folded (for topics and stories)."""

# One character for one character, so that every offset stays what it was.
_TYPOGRAPHY = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2007": " ",
        "\u2002": " ",
        "\u2003": " ",
        "\t": " ",
        "\u2019": "'",
        "\u02bc": "'",
        "\u2010": "-",
        "\u2011": "-",
        "\u00ad": "\u200b",
    }
)


def typographic(text: str) -> str:
    """The text with one kind of space, apostrophe and hyphen; the same length, so offsets hold in both."""
    return text.translate(_TYPOGRAPHY)
