"""The front: pages, web chat, API. Thin shells around the services of `bot`; no Rasa here."""
