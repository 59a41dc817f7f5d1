"""The command `isthmus`: the kernel's commands, and those of each package, found by name as the packages are."""

import importlib
import importlib.util

from .app import PACKAGES
from .cli import main as group


def main() -> None:
    """Collect the commands and run the one that was asked for."""
    for name in PACKAGES:
        if importlib.util.find_spec(f"{name}.cli") is not None:
            importlib.import_module(f"{name}.cli").register(group)
    group()


if __name__ == "__main__":
    main()
