"""How long everything is kept, what removes it, and what stays: data/retention.yml."""
