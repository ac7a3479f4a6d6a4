#!/bin/sh
# Writes tests/fixtures/node/<host>.ndjson and .verdicts anew from what the
# interpreters and checks say now. Only after a change of meaning, and then
# every changed line is read: the files are what the tests hold the program to.
# usage: tests/update-fixtures.sh BUILD_FOLDER
set -eu

build=$(cd "${1:?usage: update-fixtures.sh BUILD_FOLDER}" && pwd)
cd "$(dirname "$0")"
export EXHIBIT_UPDATE_FIXTURES=1
"$build/tests/test_node_interpret"
"$build/tests/test_verdicts"
