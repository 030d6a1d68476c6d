"""The front: pages, web chat and its API. Thin shells around the services of `bot`; no Rasa here."""
