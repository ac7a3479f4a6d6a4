#!/bin/sh
# What a person with the stock sqlite3 shell can do to a store, and what
# exhibit verify says of it. Triggers are taken off and put back, so that only
# the hashes can tell.
# usage: tamper.sh EXHIBIT
set -eu

exhibit=$1
for tool in openssl sqlite3; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
# where no --now says another: certificates made below must be in force
echo 'now: 2026-04-03T00:00:00Z' >exhibit.yaml

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
		grep -qF -- "$text" out || fail "$what: the answer lacks '$text'"
	done
}
host() { # NAME ENABLED
	printf '{"key":"%s","kind":"node","observation":{"attributes":{"fips_enabled":%s},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/%s"}\n' "$1" "$2" "$1"
	printf '{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/%s","subjects":1}}\n' "$1"
}
collect() { # DAY, lines on standard input
	run 0 collect import - --now "2026-03-0$1T10:00:00Z" \
		--key exhibit-key.pem --cert exhibit-cert.pem
}
keep() { # FILE: the newest checkpoint, as a reader would keep it
	sqlite3 exhibit.db "SELECT writefile('$1', note) FROM checkpoint
		ORDER BY id DESC LIMIT 1" >/dev/null
}
# edit WHAT SQL: a copy of the store is edited, and verify asked
edit() {
	what=$1
	cp exhibit.db edited.db
	{
		sqlite3 edited.db "SELECT 'DROP TRIGGER ' || name || ';' FROM
			sqlite_schema WHERE type = 'trigger'"
		echo "$2;"
		sqlite3 edited.db "SELECT sql || ';' FROM sqlite_schema
			WHERE type = 'trigger'"
	} >edit.sql
	sqlite3 edited.db ".bail on" ".read edit.sql" >out 2>&1 ||
		fail "$what: the edit itself"
	run 3 verify --store edited.db
}

run 0 init --name test --now 2026-03-01
run 0 key new --now 2026-03-01
{ host web-1 0 && host web-2 1; } | collect 1
keep kept1
cp exhibit.db old.db
{ host web-1 1 && host web-2 1; } | collect 2
{ host web-1 1 && host web-2 0; } | collect 3
"$exhibit" report --now 2026-03-03T11:00:00Z >/dev/null 2>&1 || true
keep kept3
mine="--trust exhibit-cert.pem --config exhibit.yaml"
# shellcheck disable=SC2086
{
	run 0 verify $mine
	says "Everything verifies."
	run 0 verify --checkpoint kept1 $mine
	run 0 verify --checkpoint kept3 $mine
}
run 1 verify
says "came with the evidence"

# ---- one row
edit 'an edited content' "UPDATE content SET body = replace(body,
	'\"fips_enabled\":0', '\"fips_enabled\":1') WHERE body LIKE '%attributes%'"
says 'node web-1 in host/web-1, run 1' 'do not match its SHA-256'
other='{"attributes":{"fips_enabled":2},"outcome":"observed"}'
edit 'an edited content with its digest' "UPDATE content SET sha256 = x'$(
	printf %s "$other" | openssl dgst -sha256 -r | cut -c 1-64)',
	body = '$other' WHERE body LIKE '%:0}%observed%'"
says 'run 1: its changes are not those' 'run 1: the state of all subjects'
edit 'an edited column' "UPDATE ended SET state = 'partial' WHERE run = 2"
says 'run 2: its columns are not what log entry'
edit 'an edited time' "UPDATE ended SET ended = '2026-03-09T00:00:00Z'
	WHERE run = 3"
says 'run 3: its columns are not what log entry'
edit 'an edited operator' "UPDATE attempt SET operator = 'x' WHERE id = 1"
says 'attempt 1: its columns'
edit 'a verdict turned' "UPDATE opinion SET content = (SELECT min(content)
	FROM opinion) WHERE content = (SELECT max(content) FROM opinion)"
says 'judgement 1: its verdicts are not those'
edit 'a removed coverage row' 'DELETE FROM answer_change WHERE run = 1 AND place =
	(SELECT min(place) FROM answer_change)'
says 'run 1: its coverage is not what it recorded'
edit 'an added subject' "INSERT INTO name VALUES (99, 'web-9');
	INSERT INTO item SELECT 3, kind, scope, 99, 4095 FROM item WHERE id = 1;
	INSERT INTO change VALUES (3, 2, 1, 2)"
says 'subject 3 (node host/web-' 'was edited' 'run 2: its changes are not those'
edit 'a subject moved' "UPDATE name SET text = 'web-8' WHERE text = 'web-1'"
says 'web-8' 'kind, scope, key or bucket was edited'
edit 'findings hidden' "UPDATE rule SET profile = 'hidden' WHERE id IN (SELECT rule
	FROM opinion o JOIN content c ON c.id = o.content WHERE c.body LIKE '%satisfied%')"
says 'rule ' 'its profile hidden is not that of judgement 1'
edit 'a signature taken off' 'UPDATE checkpoint SET cms = NULL WHERE id = 1'
says 'checkpoints 1 to 1, which log entry' 'one of them was edited'
edit 'every checkpoint taken away' 'DELETE FROM checkpoint'
says 'one of them is missing'
edit 'dates made earlier' "UPDATE checkpoint SET made = '2026-01-01T00:00:00Z' WHERE id = 2"
says 'checkpoints 2 to 2' 'one of them was edited'
edit 'a change removed' 'DELETE FROM change WHERE run = 2'
says 'run 2: its changes are not those' 'run 2: the state of all subjects'

# ---- whole runs
edit 'the newest run deleted' 'DELETE FROM change WHERE run = 3;
	DELETE FROM answer_change WHERE run = 3;
	DELETE FROM opinion; DELETE FROM judgement;
	DELETE FROM ended WHERE run = 3'
says 'run 3, which it records, is missing'
edit 'the newest run deleted with its log' "DELETE FROM opinion;
	DELETE FROM judgement; DELETE FROM change WHERE run = 3;
	DELETE FROM answer_change WHERE run = 3;
	DELETE FROM log_node WHERE (idx + 1) * (1 << level) >
		(SELECT record FROM attempt WHERE id = 3);
	CREATE TEMP TABLE cut AS SELECT record AS seq FROM attempt WHERE id = 3;
	DELETE FROM ended WHERE run = 3; DELETE FROM attempt WHERE id = 3;
	DELETE FROM log WHERE seq >= (SELECT seq FROM cut)"
says 'the log is shorter than it says: entries were removed'
edit 'a middle run deleted' 'DELETE FROM change WHERE run = 2;
	DELETE FROM answer_change WHERE run = 2;
	DELETE FROM ended WHERE run = 2'
says 'run 2, which it records, is missing'
edit 'a middle run deleted, the later moved up' 'DELETE FROM change WHERE run = 2;
	DELETE FROM answer_change WHERE run = 2;
	DELETE FROM ended WHERE run = 2; UPDATE change SET run = 2 WHERE run = 3;
	UPDATE answer_change SET run = 2 WHERE run = 3;
	UPDATE ended SET run = 2 WHERE run = 3'
says 'run 2: its columns are not what log entry'
swap='UPDATE change SET run = -run WHERE run IN (2, 3);
	UPDATE answer_change SET run = -run WHERE run IN (2, 3);
	UPDATE ended SET run = -run WHERE run IN (2, 3);
	UPDATE change SET run = 5 + run WHERE run < 0;
	UPDATE answer_change SET run = 5 + run WHERE run < 0;
	UPDATE ended SET run = 5 + run WHERE run < 0'
edit 'runs reordered' "$swap"
says 'run 2: its columns are not what log entry' \
	'run 3: its columns are not what log entry'
# their records too, and the numbers in them
edit 'runs reordered with their records' "$swap;
	UPDATE log SET body = replace(body, '\"run\":2,', '\"run\":X,')
		WHERE type = 'run';
	UPDATE log SET body = replace(body, '\"run\":3,', '\"run\":2,')
		WHERE type = 'run';
	UPDATE log SET body = replace(body, '\"run\":X,', '\"run\":3,')
		WHERE type = 'run'"
says 'does not match its leaf hash' 'its root is not the log'

# ---- the log
edit 'log entries reordered' 'UPDATE log SET seq = -seq WHERE seq IN (1, 3);
	UPDATE log SET seq = 4 + seq WHERE seq < 0'
says 'entries before it were changed, removed or reordered'
edit 'a log entry cut out' 'DELETE FROM log WHERE seq = 2'
says 'entries before it are missing'
edit 'a leaf and its body' "UPDATE log SET body = '{\"type\":\"t\"}',
	type = 't', leaf = x'$(printf '\000{"type":"t"}' | openssl dgst -sha256 -r |
	cut -c 1-64)' WHERE seq = 1"
says 'its root is not the log' 'log node 1/0' 'attempt 1'
edit 'a checkpoint turned back' "UPDATE checkpoint SET size = 1 WHERE id = 2"
says 'checkpoint 2: its columns are not what its note says'
edit 'a note rewritten' "UPDATE checkpoint SET note = (SELECT note FROM
	checkpoint WHERE id = 1), size = (SELECT size FROM checkpoint WHERE id = 1),
	root = (SELECT root FROM checkpoint WHERE id = 1) WHERE id = 2"
says 'checkpoint 2' 'not those that were signed'

# ---- triggers and views
what='a dropped trigger and an updated row'
cp exhibit.db edited.db
sqlite3 edited.db "DROP TRIGGER name_keep_update;
	UPDATE name SET text = 'host/x' WHERE text = 'host/web-2'"
run 3 verify --store edited.db
says 'trigger name_keep_update: is missing: it was dropped' \
	'kind, scope, key or bucket was edited'
what='a trigger that does nothing'
sqlite3 edited.db "CREATE TRIGGER name_keep_update BEFORE UPDATE ON name
	BEGIN SELECT 1; END"
run 3 verify --store edited.db
says 'trigger name_keep_update: was altered'
what='a view that lies'
run 0 show --views views.db
cp views.db edited.db
sqlite3 edited.db "DROP VIEW node; CREATE VIEW node AS SELECT 'web-1' AS key,
	1 AS fips_enabled"
run 3 verify --store edited.db
says 'view node: was altered'
what='a view that is not there' # as in a store of before its kind was known
cp views.db edited.db
sqlite3 edited.db 'DROP VIEW node; DROP VIEW node_at'
# shellcheck disable=SC2086
run 0 verify --store edited.db $mine
what='a store of no run'
run 0 init --store empty.db --name empty
run 1 verify --store empty.db
says "no signed checkpoint"
what='views that lie are not read'
sqlite3 views.db "SELECT 'DROP VIEW ' || name || '; CREATE VIEW ' || name ||
	' AS SELECT ''lie'' AS key, ''lie'' AS lie;' FROM sqlite_schema
	WHERE type = 'view'" >lies.sql
grep -q 'DROP VIEW node_at' lies.sql || fail "$what: none to replace"
cp views.db edited.db
sqlite3 edited.db ".bail on" ".read lies.sql" || fail "$what"
same() { # ARG...: the edited store answers as the whole one
	"$exhibit" "$@" --store exhibit.db --now 2026-04-01T00:00:00Z >whole 2>&1 ||
		[ $? = 1 ] || fail "$what: $*: $(cat whole)"
	"$exhibit" "$@" --store edited.db --now 2026-04-01T00:00:00Z >out 2>&1 ||
		[ $? = 1 ] || fail "$what: $*"
	sed -i '/^store  /d' whole out # the file's name
	[ -s whole ] || fail "$what: $* says nothing"
	cmp -s whole out || fail "$what: $* answers otherwise"
}
for name in node NODE Node_At '"node"' '[nOdE]' '`node`' 'temp.node'; do
	same query "SELECT key, fips_enabled FROM $name WHERE run > 0"
done
same query 'SELECT (SELECT max(fips_enabled) FROM node) AS x'
for name in nodes node-hours first-last verdicts; do
	same query $name
	same query $name --as-of 2
done
same history node
same diff 1 2
same show
what='a judgement of a store whose views lie'
cp exhibit.db honest.db
for store in honest edited; do
	"$exhibit" assess --store $store.db --max-age 1 \
		--now 2026-04-02T00:00:00Z >/dev/null 2>&1 || [ $? = 1 ] ||
		fail "$what: $store"
	"$exhibit" query --store $store.db --format csv "SELECT check_id, key,
		verdict, reason FROM verdict ORDER BY 1, 2" >$store.csv
done
[ "$(wc -l <honest.csv)" -gt 2 ] || fail "$what: no verdicts"
cmp -s honest.csv edited.csv || fail "$what"

# ---- whole stores: only what was kept elsewhere tells
what='an older copy put in place'
# shellcheck disable=SC2086
run 0 verify --store old.db $mine # whole in itself
run 3 verify --store old.db --checkpoint kept3
says 'the log has' 'entries were removed, or this is an older copy'
# shellcheck disable=SC2086
run 0 verify --store old.db --checkpoint kept1 $mine

what='signed again by another key'
cp exhibit-cert.pem trusted.pem
printf '[req]\ndistinguished_name = dn\n[dn]\n' >req.cnf
openssl req -x509 -config req.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes \
	-keyout thief.key -out thief.pem -subj '/CN=signer (self-signed by exhibit)' \
	-days 3650 -addext basicConstraints=CA:FALSE \
	-addext keyUsage=digitalSignature 2>/dev/null
sqlite3 exhibit.db "SELECT writefile('note', note) FROM checkpoint
	WHERE id = 2" >/dev/null
openssl cms -sign -binary -cades -md sha384 -in note -signer thief.pem \
	-inkey thief.key -outform DER -out note.p7s
edit "$what" "UPDATE checkpoint SET cms = readfile('note.p7s') WHERE id = 2"
says 'checkpoint 2' 'is not trusted'
run 3 verify --store edited.db --cert trusted.pem
says 'checkpoint 2' 'is not trusted'
run 3 verify --store edited.db --cert thief.pem # nor does it hide the others
says 'checkpoint 1' 'is not trusted'

what='made anew from nothing, under the same name'
mkdir new && cp exhibit.yaml new && cd new
run 0 init --name test --now 2026-03-01
run 0 key new --now 2026-03-01
{ host web-1 1 && host web-2 1; } | collect 1
{ host web-1 1 && host web-2 1; } | collect 2
{ host web-1 1 && host web-2 1; } | collect 3
run 1 verify # whole in itself
run 3 verify --cert ../trusted.pem
says 'is not trusted'
run 3 verify --checkpoint ../kept1
says 'another root at that size: its past was changed'

# ---- and the store that nobody touched still holds
cd ..
run 0 verify --checkpoint kept1 --cert trusted.pem --config exhibit.yaml
echo ok
