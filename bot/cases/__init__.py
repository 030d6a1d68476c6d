"""Cases: what the case system exports, brought in, and how an application is read back."""
