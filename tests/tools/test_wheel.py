"""The image installs the project as a wheel: it must carry more than Python."""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tools.problems import ROOT

LEFT_OUT = {".pyc", ".po"}


def test_the_wheel_carries_every_file_that_the_server_reads(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in ("server", "workers"):
        shutil.copytree(ROOT / name, source / name)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", str(tmp_path), str(source)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    carried = set(ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "server").rglob("*")
        if path.is_file() and path.suffix not in LEFT_OUT
    }
    assert wanted - carried == set(), "Add their endings to [tool.setuptools.package-data] in pyproject.toml."
