"""The desk of a large municipality: desk, unit, requests, search, »where is my case«, and a round of rhythm.

As bench/pages.py, which measures it: 1,000 cases against 100,000 on PostgreSQL, one in ten open, one hot.
"""

from __future__ import annotations

import sys

from bench import pages

if __name__ == "__main__":
    sys.argv[1:1] = ["--set", "desk", "--only", "postgresql", "--sizes", "1000,100000"]
    sys.exit(pages.main())
