"""Messages to people outside the page: written in the transaction that causes them, sent after."""
