#!/bin/sh
# Writes tests/fixtures/node/<host>.ndjson anew from what the interpreters say
# now. Only after a change of meaning, and then every changed line is read:
# the files are what the test holds the program to.
# usage: tests/update-fixtures.sh BUILD_FOLDER
set -eu

build=${1:?usage: update-fixtures.sh BUILD_FOLDER}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046
${CC:-cc} -std=c17 -D_GNU_SOURCE -Ibase -Icollector -Icollector/node \
	tests/fixtures/node_print.c "$build/libcollector.a" \
	"$build/libbase.a" $(pkg-config --cflags --libs libcrypto libssl jansson libcurl yaml-0.1) \
	-o "$work/node_print"
for folder in tests/fixtures/node/*/; do
	host=$(basename "$folder")
	case $host in *.answers) continue ;; esac
	"$work/node_print" tests/fixtures/node "$host" >"$work/out"
	mv "$work/out" "tests/fixtures/node/$host.ndjson"
done
