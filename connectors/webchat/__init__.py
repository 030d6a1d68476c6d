"""The applicants' room: chat API, event stream, pages, demo."""
