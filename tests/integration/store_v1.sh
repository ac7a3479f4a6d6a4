#!/bin/sh
# A store that an earlier version made still opens read-only, verifies, answers,
# and takes another run.
# usage: store_v1.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
fixtures=$here/../fixtures/store
command -v sqlite3 >/dev/null || {
	echo "skipped: no sqlite3 here"
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	[ ! -s out ] || sed 's/^/  out: /' out | head -30 >&2
	exit 1
}
run() { # STATUS ARG...
	status=$1
	shift
	got=0
	"$exhibit" "$@" >out 2>&1 || got=$?
	[ $got = "$status" ] || fail "$*: status $got, not $status"
}
says() {
	for text; do
		grep -qF -- "$text" out || fail "the answer lacks '$text'"
	done
}
now=2026-03-01T00:00:00Z
v1="--store $fixtures/v1.db"
cp "$fixtures/v1.db" copy.db
chmod u+w copy.db

# A version with other kinds or views has other texts of them; a writer makes
# them anew. Nothing else may differ.
got=0
# shellcheck disable=SC2086
"$exhibit" verify $v1 --cert "$fixtures/v1-cert.pem" --now $now >out 2>&1 ||
	got=$?
[ $got = 1 ] || { [ $got = 3 ] && ! grep WRONG out | grep -v 'WRONG  view '; } ||
	fail "verify"
says '6 of them signed' 'dropped by retention' ' 4 runs, 2 judgements'

# shellcheck disable=SC2086
{
	run 0 query 'SELECT key, fips_enabled, seen_run FROM node ORDER BY key' \
		$v1 --format csv --now $now
	[ "$(sed 1d out | tr -d '\r' | tr '\n' ' ')" = \
		'web-1,1,2 web-2,1,1 web-3,1,4 ' ] || fail "the state of now"
	run 0 query runs $v1 --now $now
	says complete partial failed
	run 0 query 'SELECT key, outcome, reason FROM node' $v1 --as-of 1
	says 'web-1' 'dropped by retention on 2026-02-01'
	run 0 history web-1 $v1 --now $now
	says 'dropped by retention'
	run 0 query verdicts $v1 --now $now
	says node-fips-on satisfied
	run 0 prove node host/web-2 web-2 --run 1 $v1
	says 'type present' '"fips_enabled":1'
	run 0 show $v1 --now $now
}
cmp -s "$fixtures/v1.db" copy.db || fail "reading changed it"

# ---- one more run
printf '%s\n' '{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-2","subjects":0}}' |
	"$exhibit" collect import --store copy.db --now $now >out 2>&1 ||
	fail "another run"
says 'Run 5 complete: 0 new, 0 changed, 1 gone'
run 1 verify --store copy.db --cert "$fixtures/v1-cert.pem" --now $now
[ "$(sqlite3 copy.db 'PRAGMA user_version')" = 2 ] || fail "was not brought up"

# ---- versions
[ "$(sqlite3 "$fixtures/v1.db" 'PRAGMA user_version')" = 1 ] || fail "its version"
sqlite3 copy.db 'PRAGMA user_version = 999'
cp copy.db newer.db
for command in 'query runs' verify 'collect import' 'show'; do
	# shellcheck disable=SC2086
	run 2 $command --store copy.db </dev/null
	says 'made by a newer exhibit (schema 999'
done
cmp -s copy.db newer.db || fail "a newer store was changed"
echo ok
