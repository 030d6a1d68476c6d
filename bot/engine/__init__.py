"""The Rasa side: the only room that imports rasa. Understands, decides, runs the actions."""
