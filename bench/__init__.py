"""Speed and memory, measured; figures depend on the machine and are never asserted in tests."""
