"""What the service answers: help content from data/answers, and cases in words and pictures."""
