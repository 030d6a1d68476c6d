"""Conversations as plain services: text in, lines out, in order and durable."""
