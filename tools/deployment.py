"""`make deployment`: the Dockerfile and docker-compose.yml, checked without an engine."""

import os
import sys

from tools.compose import compose_problems
from tools.dockerfile import dockerfile_problems
from tools.problems import ROOT, report

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings.base")
    sys.exit(report("deployment", [*dockerfile_problems(ROOT), *compose_problems(ROOT)]))
