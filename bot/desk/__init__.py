"""What the agents' desk shows and does around a hand-off: queues and conversations as data for its
pages, the file panel, ready replies, suggested answers, asking for proof of identity."""
