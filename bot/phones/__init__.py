"""People's phones: numbers, what they text us, the words that stop and start us, whose they are."""
