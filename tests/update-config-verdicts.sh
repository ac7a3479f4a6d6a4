#!/bin/sh
# Writes tests/fixtures/config/<file>.verdicts anew from what the checks say
# now. Only after a change of meaning, and then every changed line is read.
# usage: tests/update-config-verdicts.sh BUILD_FOLDER
set -eu

exhibit=$(cd "${1:?usage: update-config-verdicts.sh BUILD_FOLDER}" && pwd)/exhibit
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for file in fixtures/config/*; do
	case $file in *.verdicts) continue ;; esac
	[ -f "$file" ] || continue
	rm -f "$work"/store.db*
	"$exhibit" audit config "$file" --store "$work/store.db" --unsigned \
		--format sarif --output "$work/report" \
		--now 2026-01-01T00:00:00Z >/dev/null || [ $? = 1 ]
	sqlite3 -separator ' ' "$work/store.db" \
		'SELECT check_id, verdict, reason FROM verdict' |
		LC_ALL=C sort >"$file.verdicts"
done
