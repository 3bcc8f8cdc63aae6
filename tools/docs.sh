#!/bin/sh
# Builds the documentation into docs/dist (tools/node.sh says how).
# Usage: tools/docs.sh              build it
#        tools/docs.sh packages     only install the packages
#        tools/docs.sh run CMD …    install them, and run a command in docs/: npm, docusaurus, tsc …
#        tools/docs.sh node CMD …   run a command in docs/ with Node alone: npm where the packages are not pinned yet
set -eu
cd "$(dirname "$0")/.."
place=docs
product="the documentation"

find_sources() {
    find tools/docs.sh tools/node.sh docs/docs docs/src docs/static docs/build docs/actions.json docs/package.json \
        docs/package-lock.json docs/docusaurus.config.ts docs/sidebars.ts docs/tsconfig.json -type f "$@"
}

. tools/node.sh
main "$@"
