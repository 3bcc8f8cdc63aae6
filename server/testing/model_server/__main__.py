"""`python -m server.testing.model_server FILE --port N`: the stand-in as a role of `coach up --coach scripted FILE`."""

import argparse
import os
import sys
from pathlib import Path

from server.testing.model_server.app import StandIn
from server.testing.model_server.running import serve
from server.testing.model_server.script import ScriptError, load_script


def main() -> int:
    """Serve the script, for OPENAI_API_KEY and COACH_MODEL; 2 for a script that cannot be used."""
    parser = argparse.ArgumentParser(prog="model_server", description=__doc__)
    parser.add_argument("file", type=Path, help="the script, YAML or JSON")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--check", action="store_true", help="only say whether the script can be used")
    chosen = parser.parse_args()
    try:
        script = load_script(chosen.file)
    except ScriptError as error:
        sys.stderr.write(f"coach: {error}\n")
        return 2
    if not chosen.check:
        key, model = os.environ.get("OPENAI_API_KEY"), os.environ.get("COACH_MODEL")
        sys.stdout.write(f"Playing {chosen.file}.\n")
        serve(StandIn(script=script, key=key or "stand-in", models=(model or "scripted",)), chosen.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
