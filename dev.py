#!/usr/bin/env python3
"""Everything one does with Medspil while building it. Run it without arguments to see what there is."""

import signal
import sys

if sys.version_info < (3, 11):
    sys.exit("Medspil needs Python 3.11 or newer. This one is " + sys.version.split()[0] + ".")

from dev.commands import main


def stop(*_: object) -> None:
    """Ends as Ctrl-C does, so that no server or browser is left behind."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    sys.exit(main(sys.argv[1:]))
