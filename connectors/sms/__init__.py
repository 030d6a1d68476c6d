"""Text messages: what Twilio tells us, each request signed by it."""
