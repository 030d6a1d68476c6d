"""Rasa actions, flat: read slots, call a service, say it in the user's language."""
