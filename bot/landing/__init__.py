"""Landing: from the invitation to the card, each member of a family for themself."""
