"""Passage: where does my case stand? / Où en est ma demande?"""

__version__ = "0.1.0"
