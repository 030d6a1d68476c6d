"""In which language a text message is answered."""

from __future__ import annotations


def language_of(text: str, otherwise: str) -> str:
    """The language that `text` is written in, or `otherwise` when it does not tell.

    A text message brings no page with a language. Keywords tell theirs (bot/phones/keywords.py);
    of other texts nothing is guessed yet, so it is always `otherwise`: the phone's own, in which
    its owner was answered last.
    """
    return otherwise
