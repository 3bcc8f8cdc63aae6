#!/bin/sh
# Builds the chat page into client/dist (tools/node.sh says how).
# Usage: tools/client.sh              build it
#        tools/client.sh packages     only install the packages
#        tools/client.sh run CMD …    install them, and run a command in client/: npm, biome, vitest …
#        tools/client.sh node CMD …   run a command in client/ with Node alone: npm where the packages are not pinned yet
set -eu
cd "$(dirname "$0")/.."
place=client
product="the chat page"

# Tests are no part of it.
find_sources() {
    find tools/client.sh tools/node.sh client/src client/public client/build client/index.html client/package.json \
        client/package-lock.json client/vite.config.ts client/tsconfig.json \
        -type f ! -name '*.test.*' ! -path 'client/src/testing/*' "$@"
}

. tools/node.sh
main "$@"
