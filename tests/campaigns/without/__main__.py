"""A process of the service with a guard taken out:

python -m tests.campaigns.without MODULE.FUNCTION PART

A campaign whose service runs in processes of its own starts them with this when it is to be seen
failing (guards.py); otherwise it is `python -m bot.part PART`.
"""

from __future__ import annotations

import sys
from importlib import import_module

from bot import part


def main() -> None:
    module, _, name = sys.argv.pop(1).rpartition(".")
    with getattr(import_module(f"{__package__}.{module}"), name)():
        part.main()


if __name__ == "__main__":
    main()
