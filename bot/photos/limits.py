"""The published limits for the photo of a first permanent resident card.

Each with its source (knowledge: domain, section 2.3), and how far our own measure may be off before
a picture is refused: what cannot be measured well enough to refuse is a warning.
"""

from __future__ import annotations

# "Not between 715x1000 and 2000x2800 pixels" and "file above 4 MB" are reasons to return a photo;
# "JPEG or PNG" (canada.ca, quoted by settlement.org). Width and height are in pixels.
MIN_WIDTH, MIN_HEIGHT = 715, 1000
MAX_WIDTH, MAX_HEIGHT = 2000, 2800
MAX_BYTES = 4 * 1024 * 1024
FORMATS = ("JPEG", "PNG")

# No picture with more pixels is decoded, whatever its shape (knowledge: security, T15).
MAX_PIXELS = MAX_WIDTH * MAX_HEIGHT

# 715x1000 to 2000x2800 pixels is the paper photo of 5x7 cm. Both ends are 5:7 within 0.1 %; the
# tolerance is what one pixel more or less at a hand-made crop comes to.
SHAPE = 5 / 7
SHAPE_TOLERANCE = 0.015

# Paper rule: 31 to 36 mm from chin to crown (the natural top of the head) on 70 mm of height.
PAPER_MM = 70
MIN_FACE_MM, MAX_FACE_MM = 31, 36
MIN_FACE, MAX_FACE = MIN_FACE_MM / PAPER_MM, MAX_FACE_MM / PAPER_MM
# The crown is estimated from eyes and chin (`faces.py`), within 8 % on the pictures looked at: only
# what is outside by more is refused, the rest between is a warning.
FACE_TOLERANCE = 0.08

# The following have no published figure ("too dark", "background not white", "features not
# visible", "glare"). They were set on real photographs: tests/campaigns/photo_checks.py.

# Of the middle between the eyes from the middle of the picture, as a share of its width.
MAX_OFF_CENTRE, SOME_OFF_CENTRE = 0.12, 0.06
# Of the line through the eyes against the horizontal, in degrees.
MAX_TILT, SOME_TILT = 16.0, 8.0
TURNED = 45.0
# Brightness from 0 to 255 that the brightest tenth of the face reaches at least: skin of any colour
# reflects some light, so this is about the exposure. With a background that is dim as well, more
# is asked for.
DARK_FACE, DARK_FACE_DIM_BACKGROUND, DIM_BACKGROUND = 70, 100, 165
# Share of the face where nothing is left but white, and where light is reflected.
MAX_BURNT, SOME_GLARE = 0.2, 0.03
# How many times as bright one half of the face is as the other.
SOME_UNEVEN = 1.6
# Edges in the face, with the face brought to the same height: `measuring.sharpness`.
MIN_SHARPNESS, SOME_SHARPNESS = 0.03, 0.045
# A point of the background is white when it is this bright and this free of colour (0 to 255), and
# the background is white when no more than this share of it is not.
WHITE_BRIGHTNESS, WHITE_COLOUR = 190, 32
MAX_NOT_WHITE, SOME_NOT_WHITE = 0.03, 0.01
# Mean colourfulness of the face (0 to 255) below which the photo looks black and white.
SOME_COLOUR = 4.0
