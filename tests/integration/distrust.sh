#!/bin/sh
# Somebody who holds the signing key, or brings everything with him, cannot make
# verify say a false word: what was delivered configures nothing, a default anchor
# is no trust, an unsigned head is never good, a root is compared whole, and no
# blob of another length is taken for a digest.
# usage: distrust.sh EXHIBIT PACK
set -eu

exhibit=$1
pack=$2
here=$(cd "$(dirname "$0")/.." && pwd)
for tool in openssl sqlite3 unzip; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
unset OPENSSL_CONF SOURCE_DATE_EPOCH || :
export TMPDIR="$dir"

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
never() { # TEXT: is not said
	grep -qF -- "$1" out && fail "says '$1'"
	return 0
}

sh "$here/pki.sh" pki
ca=$dir/pki/root.pem
by="--key $dir/pki/p384.key --cert $dir/pki/p384-chain.pem"
evil="--key $dir/pki/mail.key --cert $dir/pki/mail.pem"
collect() { # FIPS [OPTION...]: a new store of one host
	on=$1
	shift
	run 0 init --name s --now 2026-03-01
	{
		printf '{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":%s},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/web-1"}\n' "$on"
		printf '{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":1}}\n'
	} >lines
	run 0 collect import lines --now 2026-03-01T10:00:00Z "$@"
}
make() { # FIPS [OPTION...]: a store, a report and a package, signed as these say
	collect "$@"
	shift
	"$exhibit" report --now 2026-03-02 "$@" >out 2>&1 || [ $? = 1 ] || fail report
	"$exhibit" package --output p.asice --now 2026-03-03 "$@" >out 2>&1 ||
		[ $? = 1 ] || fail package
}

# ---- somebody makes everything himself
mkdir own && cd own
run 0 key new --now 2026-03-01
make 1
run 1 verify --now 2026-03-04 # the anchor lies beside the evidence
never 'Everything holds'
run 1 verify exhibit-report.xml --now 2026-03-04
never 'Everything holds'
run 1 verify p.asice --now 2026-03-04
never 'Everything holds'
run 3 verify exhibit-report.xml --trust "$ca" --now 2026-03-04
run 3 verify p.asice --trust "$ca" --now 2026-03-04
# and tells the reader's program whom to trust, and which checks to take for own
printf 'cert: exhibit-cert.pem\ntrust: exhibit-cert.pem\n' >exhibit.yaml
for what in '' exhibit-report.xml p.asice; do
	got=0
	# shellcheck disable=SC2086
	"$exhibit" verify $what --now 2026-03-04 >out 2>&1 || got=$?
	[ $got = 1 ] || [ $got = 2 ] || fail "with a configuration beside it: $got"
	never 'Everything holds'
done
cd ..

# ---- signed by the one who is trusted
mkdir good && cd good
# shellcheck disable=SC2086
make 1 $by
run 0 verify --trust "$ca" --now 2026-03-04
run 0 verify exhibit-report.xml --trust "$ca" --now 2026-03-04
print=$(openssl x509 -in "$dir/pki/p384.pem" -noout -fingerprint -sha256 |
	sed 's/.*=//; s/://g')
run 0 verify exhibit-report.xml --trust "$ca" --fingerprint "$print" --now 2026-03-04
run 3 verify exhibit-report.xml --trust "$ca" --now 2026-03-04 --fingerprint \
	0000000000000000000000000000000000000000000000000000000000000000
run 3 verify exhibit-report.xml --trust "$ca" --subject CN=nobody --now 2026-03-04

# ---- the policy that is in force stands in the report
printf 'signers:\n  - name: who prepares\n    certificate: %s\n    roles: [prepare]\n' \
	"$dir/pki/p384.pem" >signers.yaml
# shellcheck disable=SC2086
"$exhibit" package --output policed.asice --now 2026-03-04 --signers signers.yaml $by \
	>out 2>&1 || [ $? = 1 ] || fail 'package --signers'
unzip -q policed.asice -d policed
grep -q 'Who may sign what' policed/report.html || fail 'the policy is not in the page'
grep -qi "$print" policed/report.xml || fail "the policy's certificate is not in the report"
run 0 verify policed.asice --signers signers.yaml --now 2026-03-05

# ---- the head of the log is unsigned, or gone
edited() { # STATUS WHAT SQL: of a copy of the store
	cp exhibit.db edited.db
	sqlite3 edited.db "PRAGMA ignore_check_constraints = ON; SELECT 'DROP TRIGGER ' ||
		name || ';' FROM sqlite_schema WHERE type = 'trigger'" >drop.sql
	sqlite3 edited.db "PRAGMA ignore_check_constraints = ON" ".read drop.sql" "$3"
	got=0
	"$exhibit" verify --store edited.db --trust \
		"$ca" --now 2026-03-05 >out 2>&1 || got=$?
	[ $got = "$1" ] || fail "$2: status $got, not $1"
	never 'Everything holds'
}
edited 3 'the newest signature taken off' "UPDATE checkpoint SET cms = NULL
	WHERE id = (SELECT max(id) FROM checkpoint)"
edited 3 'every signature taken off' 'UPDATE checkpoint SET cms = NULL'
edited 3 'no checkpoint' 'DELETE FROM checkpoint'
mkdir again && cd again # the same, built once more without a key
collect 1
got=0
"$exhibit" verify --trust "$ca" --now 2026-03-04 \
	>out 2>&1 || got=$?
[ $got = 1 ] || [ $got = 3 ] || fail "rebuilt without a key: status $got"
never 'Everything holds'
cd ..

# ---- every blob of fixed length, empty or one byte long: named, and no crash
sqlite3 exhibit.db "SELECT m.name || '.' || c.name FROM sqlite_schema m,
	pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'BLOB'
	AND c.name NOT IN ('cms', 'tst')" >blobs
[ "$(wc -l <blobs)" -ge 5 ] || fail 'no blobs'
while IFS=. read -r table column; do
	for bytes in "x''" "x'00'" 'zeroblob(33)'; do
		edited 3 "$table.$column = $bytes" "UPDATE $table SET $column = $bytes
			WHERE rowid = (SELECT max(rowid) FROM $table)" 2>/dev/null ||
			fail "$table.$column"
	done
done <<END
$(grep -v '^log_node\.' blobs)
END
unzip -q p.asice -d t
cp t/evidence.db evidence.db
close() { # the manifest made again, signed by the one who is trusted
	"$pack" seal t
	openssl cms -sign -binary -nosmimecap -in t/META-INF/ASiCManifest001.xml \
		-signer "$dir/pki/p384.pem" -inkey "$dir/pki/p384.key" \
		-certfile "$dir/pki/inter.pem" -cades -md sha384 -outform DER \
		-out t/META-INF/signature001.p7s 2>/dev/null
	rm -f bad.asice
	"$pack" zip t bad.asice
}
for where in content.sha256 log.leaf ended.state_root; do
	for bytes in "x''" "x'00'"; do
		cp evidence.db t/evidence.db
		sqlite3 t/evidence.db "PRAGMA ignore_check_constraints = ON" \
			"DROP TRIGGER ${where%.*}_keep_update" \
			"UPDATE ${where%.*} SET ${where#*.} = $bytes WHERE rowid = 1"
		close
		run 3 verify bad.asice --trust "$ca" --now 2026-03-04
	done
done

# ---- a report whose root is another word, signed by the one who is trusted
root=$(sed -n 3p t/checkpoint.txt)
[ ${#root} = 44 ] || fail 'no root'
own=$(sed -n 's/.*name="root"[^>]*value="\([A-Za-z0-9+\/=]*\)".*/\1/p' exhibit-report.xml | head -1)
for word in exhibit "${own%?}" "$own$own"; do
	sed "s|$own|$word|" exhibit-report.xml >bad.xml
	cmp -s bad.xml exhibit-report.xml && fail "root '$word': nothing was changed"
	openssl cms -sign -binary -nosmimecap -in bad.xml -signer "$dir/pki/p384.pem" \
		-inkey "$dir/pki/p384.key" -certfile "$dir/pki/inter.pem" -cades \
		-md sha384 -outform DER -out bad.xml.p7s 2>/dev/null
	run 3 verify bad.xml --trust "$ca" --now 2026-03-04
done

# ---- a key that nobody could verify signs nothing, and nothing is kept
size=$(sqlite3 exhibit.db 'SELECT count(*) FROM log')
run 2 except add --check 'node-*' --subject web-1 --owner o --approver a --reason r \
	--expires 2026-12-01 --key "$dir/pki/future.key" --cert "$dir/pki/future.pem" \
	--now 2026-03-05
[ "$(sqlite3 exhibit.db 'SELECT count(*) FROM log')" = "$size" ] ||
	fail 'an exception that could not be signed was kept'
echo ok
