"""Personal details typed into the chat are found here and replaced before anything else happens."""
