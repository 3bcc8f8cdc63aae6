"""`python -m server.cli`: how the supervisor runs each role, whatever is on PATH."""

from server.cli import main

main()
