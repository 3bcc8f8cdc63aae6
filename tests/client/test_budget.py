"""What `client/build/budget.mjs` says of a build's first load."""

import json
import random
import subprocess
from pathlib import Path

import pytest

from tools.problems import ROOT

PAGE = """\
<link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/assets/index-1.css">
<script type="module" src="/assets/index-1.js"></script>
"""
MANIFEST = {
    "index.html": {
        "file": "assets/index-1.js",
        "isEntry": True,
        "imports": ["_shared.js"],
        "dynamicImports": ["src/chat/ChatPage.tsx", "src/history/HistoryPage.tsx"],
        "css": ["assets/index-1.css"],
        "assets": ["assets/font-1.woff2"],
    },
    "_shared.js": {"file": "assets/shared-1.js"},
    "src/chat/ChatPage.tsx": {
        "file": "assets/ChatPage-1.js",
        "isDynamicEntry": True,
        "imports": ["_shared.js"],
        "dynamicImports": ["src/chat/Emoji.tsx"],
    },
    "src/history/HistoryPage.tsx": {
        "file": "assets/HistoryPage-1.js",
        "isDynamicEntry": True,
        "imports": ["_shared.js", "_table.js"],
    },
    "_table.js": {"file": "assets/table-1.js"},
    "src/chat/Emoji.tsx": {"file": "assets/Emoji-1.js", "isDynamicEntry": True},
}


def noise(kilobytes: int) -> bytes:
    """Bytes that no compression makes fewer."""
    return random.Random(kilobytes).randbytes(kilobytes * 1000)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A build: 120 kB of scripts always come, 60 kB with the chat, 109 kB with the history, 200 kB later."""
    files = {
        "index.html": PAGE.encode(),
        ".vite/manifest.json": json.dumps(MANIFEST).encode(),
        "favicon.svg": b"<svg/>",
        "assets/index-1.js": noise(80),
        "assets/shared-1.js": noise(40),
        "assets/ChatPage-1.js": noise(60),
        "assets/HistoryPage-1.js": noise(30),
        "assets/table-1.js": noise(79),
        "assets/Emoji-1.js": noise(200),
        "assets/index-1.css": b"a { color: red }" * 1000,
        "assets/font-1.woff2": noise(20),
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def budget(directory: Path) -> subprocess.CompletedProcess[str]:
    script = ROOT / "client/build/budget.mjs"
    return subprocess.run(
        [ROOT / "tools/client.sh", "run", "node", script, directory],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_load_of_each_page_is_counted_and_the_heaviest_is_judged(directory: Path) -> None:
    said = budget(directory)

    assert said.returncode == 0, said.stderr
    rows = {line.split()[0]: line.split()[1:4] for line in said.stdout.splitlines() if line.strip()}
    assert rows["ChatPage"] == ["7", "180.0", "kB"]
    assert rows["HistoryPage"] == ["8", "229.0", "kB"]
    assert "✓ pass  JavaScript: 229.0 kB of 250.0 kB (HistoryPage)" in said.stdout
    assert "✓ pass  fonts, images: 20.0 kB of 100.0 kB" in said.stdout
    assert "✓ pass  requests: 8 of 16 (HistoryPage)" in said.stdout


def test_too_much_at_first_fails(directory: Path) -> None:
    (directory / "assets/shared-1.js").write_bytes(noise(62))

    said = budget(directory)

    assert said.returncode == 1
    assert "✗ FAIL  JavaScript: 251.0 kB of 250.0 kB (HistoryPage)" in said.stdout
    assert "over its budget" in said.stderr


def test_too_much_when_it_is_asked_for_does_not(directory: Path) -> None:
    (directory / "assets/Emoji-1.js").write_bytes(noise(400))

    assert budget(directory).returncode == 0
