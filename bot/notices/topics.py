"""What people can be told of, and what somebody must be allowed to read to be told."""

from __future__ import annotations

SMS, EMAIL = "sms", "email"
CHANNELS = (EMAIL, SMS)

STATUS, WAITING, REQUEST = "status", "waiting", "request"
PHOTO, CONFIRMATION, CARD = "photo", "confirmation", "card"
# topic -> the act of data/rights.yml, in the order in which people see them.
ACTS = {
    STATUS: "read_status",
    WAITING: "read_detail",
    REQUEST: "read_member",
    PHOTO: "read_landing",
    CONFIRMATION: "read_landing",
    CARD: "read_landing",
}
TOPICS = tuple(ACTS)
# Landing itself sends an e-mail of these to the address on file, whoever subscribed.
LANDING_TOPICS = frozenset({PHOTO, CONFIRMATION, CARD})
