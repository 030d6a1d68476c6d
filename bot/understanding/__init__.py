"""What a message wants and in which language, without Rasa: docs/adr/0016."""
