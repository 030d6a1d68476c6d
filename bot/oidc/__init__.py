"""Signing agents in with their organisation's OpenID Connect provider: the way there and back, and
what its answer must be before it is believed. Who the answer is at the desk, bot.agents says."""
