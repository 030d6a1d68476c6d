"""Measures what the trained model understands: `make understand`."""
