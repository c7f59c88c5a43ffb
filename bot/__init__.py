"""Verbatim: who said what in French-language news, in the outlets' own words, with a link behind every line."""

__version__ = "0.1.0"
