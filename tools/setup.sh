#!/bin/sh
# Makes .venv and installs what a lock pins, by hash. Where that was done already, it does nothing.
# Usage: tools/setup.sh [requirements-dev.lock]; PYTHON names the interpreter to use.
set -eu
cd "$(dirname "$0")/.."
lock_file=${1:-requirements.lock}
stamp=.venv/.installed-$lock_file
wanted=$(cat "$lock_file" pyproject.toml | cksum)

fits() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

fail() {
    printf 'setup: %s\n' "$1" >&2
    exit 1
}

is_done() {
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && has_pip
}

has_pip() {
    .venv/bin/python -m pip --version >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "setup: no Python 3.11 or newer with pip and venv was found." >&2
    echo "       Install one (Debian and Ubuntu: apt-get install python3-venv; macOS: brew install python)," >&2
    echo "       or name one: make setup PYTHON=/path/to/python3" >&2
    exit 1
}

pip_install() {
    .venv/bin/python -m pip install --disable-pip-version-check --no-input -qq "$@"
}

! is_done || exit 0

# One at a time: who comes later waits, and then finds it done.
lock=./.setting-up
work=setup
unfinished=
. tools/lock.sh
hold_lock

if ! has_pip; then
    python=$(find_python)
    echo "Making .venv with $("$python" --version) …"
    rm -rf .venv
    "$python" -m venv .venv
fi

if ! is_done; then
    echo "Installing what $lock_file pins (the first time takes about a minute) …"
    pip_install --require-hashes --requirement "$lock_file"
    # The project itself, from this tree; setuptools is in the lock, so nothing else is downloaded.
    pip_install --no-deps --no-build-isolation --editable .
    echo "$wanted" >"$stamp"
fi
