#!/bin/sh
# Retention: what no state needs from the cut on is dropped, its proof stays,
# every reader says so, and verify names each way of cheating with it.
# usage: retain.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
for tool in openssl sqlite3; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
. "$here/../fixtures/fleet_time.sh"
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	[ ! -s out ] || sed 's/^/  out: /' out | head -40 >&2
	exit 1
}
run() { # STATUS ARG...
	status=$1
	shift
	got=0
	"$exhibit" "$@" >out 2>&1 || got=$?
	[ $got = "$status" ] || fail "$*: status $got, not $status"
	what=$*
}
says() {
	for text; do
		grep -qF -- "$text" out || fail "$what: the answer lacks '$text'"
	done
}
silent() {
	for text; do
		! grep -qF -- "$text" out || fail "$what: the answer has '$text'"
	done
}
sql() {
	sqlite3 "${2:-exhibit.db}" "$1"
}
host() { # NAME ENABLED [FILL]
	printf '{"key":"%s","kind":"node","observation":{"attributes":{"fips_enabled":%s,"kernel_release":"5.14%s","live":true},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test %s"},"scope":"host/%s"}\n' \
		"$1" "$2" "${3:-}" "${3:-}" "$1"
	fleet_cover "host/$1" observed null
}
collect() { # TIME
	run 0 collect import - --now "$1" --key exhibit-key.pem \
		--cert exhibit-cert.pem
}
keep() { # FILE
	sql "SELECT writefile('$1', note) FROM checkpoint ORDER BY id DESC LIMIT 1" \
		>/dev/null
}

# ---- five years: web-1 changes every year, web-2 never, web-3 is gone in 2024
run 0 init --name test --now 2022-01-01
run 0 key new --now 2022-01-01 --days 3650
filler=$(head -c 3000 /dev/zero | tr '\0' x)
{ host web-1 0 "a$filler" && host web-2 1 && host web-3 1 "c$filler"; } |
	collect 2022-03-01T00:00:00Z
keep kept1
run 1 report --now 2022-03-02T00:00:00Z --output r2022 --max-age 0
run 1 verify r2022.xml --now 2022-03-03
says 'made anew from the store: the same bytes'
{ host web-1 1 "b$filler" && host web-2 1 && {
	fleet_cover host/web-3 observed null 0
}; } | collect 2024-03-01T00:00:00Z
run 1 report --now 2024-03-02T00:00:00Z --output r2024 --max-age 0
{ host web-1 1 && host web-2 1; } | collect 2026-03-01T00:00:00Z
run 1 report --now 2026-03-02T00:00:00Z --output r2026 --max-age 0 \
	--period 2022-01-01..2026-04-01
run 1 verify
cp exhibit.db whole.db
run 0 prove node host/web-1 web-1 --run 1 --output proof-before
run 0 query 'SELECT * FROM node ORDER BY key' --format csv
mv out now-before
for r in 2 3; do
	run 0 query 'SELECT * FROM node' --as-of $r --format csv
	cp out run$r-before
done

# ---- refused
run 2 retain
says 'say --older-than 3y'
for bad in 3w 0d y 3 -1d 2999-01-01 2026-02-30 99999999d 9000y 0x3d; do
	run 2 retain "--older-than=$bad" --now 2026-06-01 --dry-run
	says '--older-than'
done
run 2 retain --older-than 1y --now 2026-06-01 --key nothere.pem
run 2 retain --older-than 1y --now 2026-06-01 more
cmp -s exhibit.db whole.db || fail "a refusal changed the store"
run 0 retain --older-than 10y --now 2026-06-01 --dry-run
says 'No run had ended by 2016-06-01' 'nothing is dropped'

# ---- counted, and dropped
run 0 retain --older-than 2y --dry-run --now 2026-06-01
says 'Run 2 is the state as of 2024-06-01' 'would be dropped'
cmp -s exhibit.db whole.db || fail "--dry-run changed the store"
would=$(sed -n 's/ would be.*//p' out)
before=$(wc -c <exhibit.db)
run 0 retain --older-than 2y --now 2026-06-01 --key exhibit-key.pem \
	--cert exhibit-cert.pem
says "$would were dropped"
[ "$(wc -c <exhibit.db)" -lt $((before - 6000)) ] ||
	fail "no space was given back"
! grep -q "a$filler" exhibit.db || fail "the dropped bytes are still in the file"
! grep -q "c$filler" exhibit.db || fail "the dropped bytes are still in the file"
grep -q "b$filler" exhibit.db || fail "the state as of the cut was dropped"
[ "$(sql 'SELECT cms IS NOT NULL, size = (SELECT count(*) FROM log) FROM
	checkpoint ORDER BY id DESC LIMIT 1')" = '1|1' ] ||
	fail "the head is not signed"
run 0 retain --older-than 2y --now 2026-06-02 --key exhibit-key.pem \
	--cert exhibit-cert.pem
says '0 contents, 0 bytes'

# ---- everything is proven still, and from the cut on unchanged
run 1 verify --checkpoint kept1 --now 2026-06-03
says 'dropped by retention'
run 0 query 'SELECT * FROM node ORDER BY key' --format csv
cmp -s out now-before || fail "the state of now differs"
for r in 2 3; do
	run 0 query 'SELECT * FROM node' --as-of $r --format csv
	cmp -s out run$r-before || fail "the state as of run $r differs"
done
run 0 verify --proof proof-before --cert exhibit-cert.pem
run 0 prove node host/web-1 web-1 --run 1 --output proof-after
says 'was present' 'its bytes were dropped by retention'
run 0 verify --proof proof-after --cert exhibit-cert.pem
run 0 prove node host/web-1 web-1 --run 2
says "b$filler"

# ---- every reader says so
dropped='dropped by retention on 2026-06-01'
run 0 query 'SELECT key, outcome, reason, fips_enabled FROM node' --as-of 1
says web-1 web-2 web-3 dropped "$dropped"
run 0 query 'SELECT outcome, content, provenance FROM history' --format csv
says "dropped,$dropped"
run 0 show web-1 --as-of 1
says "$dropped"
run 0 history web-1
says "$dropped"
run 1 diff 1 3
says "$dropped"
run 0 query not-in-fips --period 2022-01-01..2024-01-01 --param max_gap=100000
says "$dropped"
silent 'fips_enabled is'
run 0 query never-observed --period 2022-01-01..2023-01-01 --as-of 1
says web-1 dropped
run 0 query gaps --as-of 1
run 0 query coverage --as-of 1
run 0 query coverage-by-day --period 2022-03-01..2022-03-03
run 0 query coverage-by-scope --period 2022-03-01..2022-03-03
run 0 query verdicts --as-of 1
silent ' satisfied'
says unknown
run 2 report --as-of 1 --now 2026-06-03 --output again
says 'run 1 cannot be reported' "$dropped"
[ ! -e again.xml ] || fail "a report was made of what is not there"
# the stock shell, through a handed-over file's own views
run 0 show --views views.db
[ "$(sql "SELECT count(*) FROM node_at WHERE run = 1 AND outcome = 'dropped'
	AND reason = '$dropped' AND fips_enabled IS NULL" views.db)" -ge 2 ] ||
	fail "node_at in the sqlite3 shell"
[ "$(sql "SELECT count(*) FROM node_at WHERE run > 1 AND outcome <> 'observed'" views.db)" = 0 ] ||
	fail "node_at after the cut"

# ---- reports: those from the cut on are made anew, older ones say why not
run 1 verify r2024.xml --now 2026-06-03
says 'made anew from the store: the same bytes'
run 1 verify r2022.xml --now 2026-06-03
says 'not made anew: evidence it tells of was dropped by retention'
run 1 verify r2026.xml --now 2026-06-03 # its period begins before the cut
says 'not made anew: evidence it tells of was dropped by retention'

# ---- a check that judges it cannot pass, whatever it says
mkdir mine
{
	sed -n '/^--/p' "$here/../../checks/node-fips-on.sql"
	echo "SELECT subject, 'satisfied' AS verdict, 'all is well' AS reason FROM node;"
} >mine/node-fips-on.sql
run 1 assess --as-of 1 --checks mine --max-age 0 --now 2026-06-03
run 0 query "SELECT DISTINCT verdict, reason FROM verdict_at WHERE judgement =
	(SELECT max(id) FROM judgement)" --format csv
[ "$(sed 1d out | tr -d '\r')" = \
	'unknown,evidence of this state was dropped by retention on 2026-06-01' ] ||
	fail "a state with dropped evidence was judged"
run 1 assess --checks mine --max-age 0 --now 2026-06-03
run 0 query "SELECT count(*) FROM verdict WHERE verdict =
	'satisfied' AND check_id = 'node-fips-on'" --format csv
says 2
run 1 verify --now 2026-06-03

# ---- what comes back is whole again
cp exhibit.db dropped.db
{ host web-1 0 "a$filler" && host web-3 1 "c$filler"; } |
	collect 2026-06-04T00:00:00Z
run 1 verify --now 2026-06-05
run 0 query "SELECT key, outcome FROM node WHERE key <> 'web-2' ORDER BY key" \
	--as-of 1 --format csv
[ "$(sed 1d out | tr -d '\r' | tr '\n' ' ')" = 'web-1,observed web-3,observed ' ] ||
	fail "not restored"
[ "$(sql 'SELECT count(*) FROM tombstone')" = \
	"$(sql 'SELECT count(*) FROM tombstone' dropped.db)" ] ||
	fail "a tombstone went"
# and may go again
{ host web-1 1 && fleet_cover host/web-3 observed null 0; } |
	collect 2026-06-06T00:00:00Z
run 0 retain --older-than 30d --now 2026-08-01 --key exhibit-key.pem \
	--cert exhibit-cert.pem
! grep -q "a$filler" exhibit.db || fail "it was not dropped again"
run 1 verify --now 2026-08-02

# ---- tampering: triggers taken off and put back
edit() { # WHAT SQL
	what=$1
	cp dropped.db edited.db
	{
		sqlite3 edited.db "SELECT 'DROP TRIGGER ' || name || ';' FROM
			sqlite_schema WHERE type = 'trigger'"
		echo "$2;"
		sqlite3 edited.db "SELECT sql || ';' FROM sqlite_schema
			WHERE type = 'trigger'"
	} >edit.sql
	sqlite3 edited.db ".bail on" ".read edit.sql" >out 2>&1 ||
		fail "$what: the edit itself"
	run 3 verify --store edited.db --now 2026-06-03
	what=$1
}
live="(SELECT content FROM change WHERE run = 3 LIMIT 1)"
first='(SELECT min(content) FROM tombstone)'
edit 'a body gone without a tombstone' \
	"UPDATE content SET body = NULL WHERE id = $live"
says 'its bytes are gone without a tombstone'
edit 'a tombstone of its own making' \
	"INSERT INTO tombstone SELECT $live, max(record) FROM tombstone;
	UPDATE content SET body = NULL WHERE id = $live"
says 'does not list its digest' 'a state from the cut on needs them'
edit 'a tombstone under another record' "UPDATE tombstone SET record = 0
	WHERE content = $first"
says 'no log entry says why' 'does not list its digest'
edit 'a tombstone taken away' "DELETE FROM tombstone WHERE content = $first"
says 'its bytes are gone without a tombstone' \
	'the tombstone of a content it lists is missing'
edit 'another size' "UPDATE content SET size = size + 1 WHERE id = $first"
says 'does not list its digest and size'
edit 'other bytes put in' "UPDATE content SET body = '{}' WHERE id = $first"
says 'do not match its SHA-256'
edit 'a record that lists more' "UPDATE log SET body = replace(body,
	'\"contents\":{', '\"contents\":{\"' || (SELECT lower(hex(sha256)) FROM
	content WHERE id = $live) || '\":1,') WHERE type = 'tombstone'"
says 'does not match its leaf hash'
# a whole log made for it: leaf and caches too; the signed head tells
edit 'the record taken out of the log' "DELETE FROM tombstone;
	DELETE FROM log WHERE type = 'tombstone'"
says 'entries before it are missing'

# ---- killed in the middle: the old or the new, never half
n=0
for wait in 0 0.01 0.02 0.04 0.08 0.15 0.3 0.6; do
	cp whole.db killed.db
	rm -f killed.db-wal killed.db-shm killed.db-journal
	"$exhibit" retain --store killed.db --older-than 2y --now 2026-06-01 \
		--key exhibit-key.pem --cert exhibit-cert.pem >/dev/null 2>&1 &
	pid=$!
	sleep $wait
	kill -9 $pid 2>/dev/null || true
	wait $pid 2>/dev/null || true
	run 1 verify --store killed.db --now 2026-06-03
	gone=$(sql 'SELECT count(*) FROM content WHERE body IS NULL' killed.db)
	tombs=$(sql 'SELECT count(*) FROM tombstone' killed.db)
	[ "$gone" = "$tombs" ] || fail "killed after $wait s: $gone of $tombs"
	run 0 retain --store killed.db --older-than 2y --now 2026-06-01 \
		--key exhibit-key.pem --cert exhibit-cert.pem
	run 1 verify --store killed.db --now 2026-06-03
	n=$((n + 1))
done
[ $n = 8 ] || fail "killed $n times"
echo ok
