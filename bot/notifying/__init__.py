"""Notifying: of the news of a person one message, at a decent hour, in their language."""
