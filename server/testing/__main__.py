"""`python -m server.testing COMMAND …`: the `coach` command, with the faults of `COACH_FAULTS`.

The command that the product installs knows of no faults.
"""

from server.cli import main
from server.testing.faults import arm_from_environment

arm_from_environment()
main()
