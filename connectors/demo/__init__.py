"""A stand-in for Twilio, and a phone on the demonstration's page that texts by way of it."""
