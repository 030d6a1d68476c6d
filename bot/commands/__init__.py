"""The operator's commands, one group a file; bot/__main__.py mounts them."""
