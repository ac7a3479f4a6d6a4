#!/bin/sh
# docs/store.md asks the stock sqlite3 shell; this runs those very lines. Every
# SELECT and .read of a block marked "sql run" must answer with rows.
# usage: store_doc.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
page=$here/../../docs/store.md
command -v sqlite3 >/dev/null || {
	echo "not asked: sqlite3 is not installed"
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
. "$here/../fixtures/fleet_time.sh"
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	exit 1
}
judge() { # RUN TIME [OPTION...]
	run=$1 at=$2
	shift 2
	"$exhibit" assess --store s.db --as-of "$run" --now "$at" "$@" \
		>out 2>err || [ $? = 1 ] || fail "assess $run: $(cat err)"
}

make_fleet "$exhibit" s.db 0
judge 2 2026-07-01T00:00:00Z
fleet_days "$exhibit" s.db 1 10
judge 12 2026-07-11T00:00:00Z
fleet_days "$exhibit" s.db 11 18
mkdir checks
{
	sed -n '/^--/p' "$here/../../checks/node-fips-on.sql"
	echo "SELECT subject, 'unknown' AS verdict, 'stricter' AS reason FROM node;"
} >checks/node-fips-on.sql
judge 12 2026-08-01T00:00:00Z --checks checks
judge 21 2026-08-02T00:00:00Z
"$exhibit" show --store s.db --views views.db >out 2>err ||
	fail "show --views: $(cat err)"
mv views.db s.db
sha256sum s.db >before
# what tells of retention is asked of a store that dropped something
cp s.db dropped.db
"$exhibit" key new --now 2026-07-01 >out 2>err || fail "key new: $(cat err)"
"$exhibit" retain --store dropped.db --older-than 2026-07-18 \
	--now 2026-08-03T00:00:00Z >out 2>err || fail "retain: $(cat err)"
"$exhibit" show --store dropped.db --views views.db >out 2>err ||
	fail "show --views: $(cat err)"
mv views.db dropped.db

for name in not-in-fips node-hours never-observed first-last coverage-by-day \
	coverage-by-scope verdict-changes runs-in-period; do
	"$exhibit" query $name --sql >$name.sql
done

# each block becomes a script; a mark before every question counts its rows
awk '
/^```sql run$/ { n++; file = sprintf("block%02d", n); in_block = 1; fresh = 1
	printf ".bail on\n.headers off\n" >file; next }
/^```$/ { in_block = 0; next }
in_block {
	if (fresh && /^(SELECT|\.read) ?/)
		printf ".print @@@ %s\n", $0 >file
	print >file
	fresh = /;[ \t]*$/ || /^\./
}' "$page"
[ -s block10 ] || fail "store.md has fewer than ten blocks to run"

for block in block*; do
	db=s.db
	! grep -q tombstone "$block" || db=dropped.db
	sqlite3 -readonly $db <"$block" >rows 2>err ||
		fail "$block: $(cat err) $(cat "$block")"
	[ ! -s err ] || fail "$block: $(cat err)"
	grep -q '^@@@' rows || fail "$block asks nothing"
	awk '/^@@@/ { if (asked != "" && !rows) print asked; asked = $0; rows = 0
		next } { rows++ } END { if (!rows) print asked }' rows >silent
	[ ! -s silent ] || fail "$block: no row for $(cat silent)"
done

# the shell and the program give one answer
grep -l not-in-fips.sql block* | head -1 >which
sqlite3 -readonly -csv s.db <"$(cat which)" | tr -d '"\r' >shell
"$exhibit" query not-in-fips --store s.db --period 2026Q3 --format csv \
	--as-of 2026-07-18T15:00:00Z | tr -d '\r' | tail -n +2 >program
while read -r line; do
	grep -qxF -- "$line" shell || fail "sqlite3 does not answer '$line'"
done <program
[ "$(wc -l <program)" = 5 ] || fail "not-in-fips of the program"
# what was known on the date, and what is known today, differ
grep -l main.judgement block* >which
sqlite3 -readonly s.db <"$(cat which)" >known
grep -q '^flip|unknown|2026-08-01T00:00:00Z' known || fail "known today"
grep -q '^flip|not-satisfied|2026-07-11T00:00:00Z' known || fail "known then"

sha256sum s.db | cmp -s - before || fail "the store changed"
echo "ok"
