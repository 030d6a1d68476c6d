"""Invented people and cases. Nobody real is meant."""
