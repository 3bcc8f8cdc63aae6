"""A steady load on the whole system, and what it leaves behind: `python -m tests.soak --minutes 30`."""
