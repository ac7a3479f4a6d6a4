#!/bin/sh
# Time stamps (RFC 3161) over checkpoints: good ones verify here and with the
# stock openssl; of bad ones the reason is told and the checkpoint is kept.
# usage: tsa.sh EXHIBIT TSA_SERVER
set -eu

exhibit=$1 server=$2
here=$(cd "$(dirname "$0")/.." && pwd)
for tool in openssl sqlite3; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || :; rm -rf "$dir"' EXIT
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
	grep -qF -- "$1" out || fail "the answer lacks '$1'"
}
newest() { # COLUMN FILE
	rm -f "$2"
	sqlite3 "${3:-exhibit.db}" "SELECT writefile('$2', $1) FROM checkpoint
		ORDER BY id DESC LIMIT 1" >/dev/null
}
unstamped() {
	[ "$(sqlite3 exhibit.db 'SELECT tst IS NULL FROM checkpoint
		ORDER BY id DESC LIMIT 1')" = 1 ] || fail "$1 was kept as a stamp"
}

# ---- an authority: a root, a certificate for stamping, others
cat >lines <<'LINES'
{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":1},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/web-1"}
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":1}}
LINES
sh "$here/authority.sh" tsa
"$server" "$dir/tsa" &
pid=$!
i=0
while [ ! -s tsa/port ] && [ $i -lt 3000 ]; do
	sleep 0.1
	i=$((i + 1))
done
[ -s tsa/port ] || fail "the server does not start"
url=http://127.0.0.1:$(cat tsa/port)
collect() { # STATUS PATH ARG...
	status=$1 path=$2
	shift 2
	run "$status" collect import lines --tsa "$url$path" "$@"
}

# ---- a good one
run 0 init --name test
run 0 key new
collect 0 /good --tsa-cert tsa/root.pem --key exhibit-key.pem \
	--cert exhibit-cert.pem
newest note note
newest tst note.tst
openssl ts -verify -data note -token_in -in note.tst -CAfile tsa/root.pem \
	>out 2>&1 || fail "openssl does not verify the token"
run 1 verify --tsa-cert tsa/root.pem --verbose
says '1 of 1 time stamps verified'
says 'CN=stamp'
run 1 verify --tsa-cert tsa/stamp.pem # the authority itself as an anchor
run 1 verify
says '1 time stamps NOT VERIFIED: name'
run 3 verify --tsa-cert tsa/otherroot.pem
says 'time stamp of checkpoint 1'
says 'certificate'
run 2 verify --tsa-cert tsa/nothing.pem
run 2 verify --tsa-cert lines
says 'no certificate'
collect 0 /good # without a certificate only the answer is looked at
run 3 verify --tsa-cert tsa/mail.pem

# ---- tokens that are not what they should be, put into the store
replace() { # FILE: the newest checkpoint gets it as its token
	cp exhibit.db edited.db
	sqlite3 edited.db "DROP TRIGGER checkpoint_keep_update;
		UPDATE checkpoint SET tst = readfile('$1') WHERE id = 1;
		$(sqlite3 exhibit.db "SELECT sql FROM sqlite_schema
			WHERE name = 'checkpoint_keep_update'")"
}
openssl cms -verify -noverify -inform DER -in note.tst -out tstinfo 2>/dev/null
resign() { # CERTIFICATE: the same statement, signed by another
	openssl cms -sign -binary -nodetach -cades -md sha384 -in tstinfo \
		-econtent_type 1.2.840.113549.1.9.16.1.4 -signer "tsa/$1.pem" \
		-inkey "tsa/$1.key" -outform DER -out token
	replace token
}
resign stamp # as good a token, and not the one that was kept
run 3 verify --store edited.db --tsa-cert tsa/root.pem
says '2 of 2 time stamps verified'
says 'one of them was edited'
for wrong in mail both root; do
	resign $wrong
	run 3 verify --store edited.db --tsa-cert tsa/root.pem
	says 'time stamp of checkpoint 1: the time stamp does not verify'
done
resign mail
run 3 verify --store edited.db --tsa-cert tsa/root.pem
says 'purpose'
resign otherstamp
run 3 verify --store edited.db --tsa-cert tsa/root.pem
says 'does not verify'
newest tst token # of the second checkpoint
replace token
run 3 verify --store edited.db --tsa-cert tsa/root.pem
says 'the time stamp is over other bytes'
head -c 500 note.tst >token
replace token
run 3 verify --store edited.db --tsa-cert tsa/root.pem
says 'not a time stamp'
{ cat note.tst && echo; } >token
replace token
run 3 verify --store edited.db --tsa-cert tsa/root.pem
says 'not a time stamp'
cp note token
replace token
run 3 verify --store edited.db --tsa-cert tsa/root.pem
size=$(wc -c <note.tst)
for part in 3 5 6 7; do # a bit in the statement, or in the signature
	cp note.tst token
	printf '\125' | dd of=token bs=1 seek=$((size * part / 8)) \
		conv=notrunc 2>/dev/null
	cmp -s token note.tst && continue
	replace token
	got=0
	"$exhibit" verify --store edited.db --tsa-cert tsa/root.pem \
		>out 2>&1 || got=$?
	openssl ts -verify -data note -token_in -in token \
		-CAfile tsa/root.pem >/dev/null 2>&1 && want=2 || want=1
	[ $got = 3 ] || fail "a changed token: status $got, not 3"
	says "$want of 2 time stamps verified"
done

# ---- answers that are refused: kept without a stamp, told, status 1
refused() { # PATH WHY
	collect 1 "$1" --tsa-timeout 20
	says 'the checkpoint is kept, but not time-stamped'
	says "$2"
	unstamped "$1"
}
refused /nonce 'answers another question (nonce)'
refused /imprint 'over other bytes'
refused /algorithm 'did not grant it'
refused /garbage 'not a time-stamp response'
refused /empty 'not a time-stamp response'
refused /cut 'not a time-stamp response'
refused /more 'not a time-stamp response'
refused /large 'too large'
refused /type 'does not answer as a time-stamp authority'
refused /redirect 'redirects are not followed'
refused /error 'HTTP 500'
collect 1 /other --tsa-cert tsa/root.pem # another authority than expected
says 'does not verify'
unstamped /other
collect 1 /hang --tsa-timeout 1
says 'Timeout was reached'
unstamped /hang
run 1 collect import lines --tsa http://127.0.0.1:1/ --tsa-timeout 5
says "Couldn't connect"
unstamped nobody
run 1 verify --tsa-cert tsa/root.pem # the others are still as they were

# ---- what is not even asked: nothing was done yet
before=$(sqlite3 exhibit.db 'SELECT count(*) FROM log')
for bad in http://example.org/ ftp://127.0.0.1/ file:///etc/passwd tsa \
	https://a:b@127.0.0.1/ http://127.example.org/ http://localhost.example/ \
	''; do
	run 2 collect import lines --tsa "$bad"
	says '--tsa'
done
run 2 collect import lines --tsa "$url/good" --tsa-timeout 0
run 2 collect import lines --tsa "$url/good" --tsa-cert nothing.pem
[ "$before" = "$(sqlite3 exhibit.db 'SELECT count(*) FROM log')" ] ||
	fail "something was done before the options were looked at"

# ---- reports and judgements are stamped too
run 1 report --tsa "$url/good" --tsa-cert tsa/root.pem
[ "$(sqlite3 exhibit.db 'SELECT count(*) FROM checkpoint WHERE tst IS NULL AND
	id > (SELECT max(id) - 2 FROM checkpoint)')" = 0 ] ||
	fail "a report's checkpoints are not stamped"
run 1 verify --tsa-cert tsa/root.pem
echo ok
