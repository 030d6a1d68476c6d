"""Long campaigns (`make prove`), with a small sample of each in `make test`."""
