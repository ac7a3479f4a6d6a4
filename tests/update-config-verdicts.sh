#!/bin/sh
# Writes tests/fixtures/config/<file>.verdicts anew from what the checks say
# now. Only after a change of meaning, and then every changed line is read.
# usage: tests/update-config-verdicts.sh BUILD_FOLDER
set -eu

exhibit=$(cd "${1:?usage: update-config-verdicts.sh BUILD_FOLDER}" && pwd)/exhibit
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
set --
for file in fixtures/config/*; do
	case $file in *.verdicts) continue ;; esac
	# a directory is a fixture too, if it has verdicts
	if [ -f "$file" ] || [ -e "$file.verdicts" ]; then
		set -- "$@" "$file"
	fi
done
# one store for all of them: each file is a scope of its own
"$exhibit" audit config "$@" --store "$work/store.db" --unsigned \
	--format sarif --output "$work/report" \
	--now 2026-01-01T00:00:00Z >/dev/null || [ $? = 1 ]
for file in "$@"; do
	sqlite3 -separator ' ' "$work/store.db" "SELECT check_id, verdict, reason
		FROM verdict WHERE scope = 'config/$file'" |
		LC_ALL=C sort >"$file.verdicts"
done
