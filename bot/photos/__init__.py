"""The photo for the card: checked in a process of its own, cropped, re-encoded.

`checking.check_photo` is what others call. A file from outside is decoded only in the child
(`bot/photos/child.py`), which can open no file and no connection; what is kept is a new JPEG made
of its pixels (knowledge: security, T15). The rules and where each was read: `limits.py`.

Whether the eyes are open, the mouth is closed and the picture was taken recently is not measured:
the person is asked to look.

Nothing is imported here: the child would load it each time.
"""
