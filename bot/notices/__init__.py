"""Notices: what changed and who wished to be told of it, written with the change itself.

What becomes of it, messages at a decent hour, is the work of bot/notifying.
"""
