#!/bin/sh
# A package is made, verified, countersigned, checked by hand as VERIFY.txt
# says, and tampered with in every way there is a name for.
# usage: package.sh EXHIBIT PACK
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
mkdir tmp
export TMPDIR="$dir/tmp"

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

# ------------------------------------------------------------------ making

sh "$here/pki.sh" pki
ca=pki/root.pem
host() { # NAME ENABLED
	printf '{"key":"%s","kind":"node","observation":{"attributes":{"fips_enabled":%s},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/%s"}\n' "$1" "$2" "$1"
	printf '{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/%s","subjects":1}}\n' "$1"
}
by="--key pki/p384.key --cert pki/p384-chain.pem"
run 0 init --name package-test --now 2026-03-01T00:00:00Z
for i in 1 2 3; do
	{
		host web-1 1
		host web-2 0
		host "day-$i" 1
	} >lines
	# shellcheck disable=SC2086
	run 0 collect import lines --now "2026-03-0${i}T10:00:00Z" $by
done
make() { # FILE NOW OPTION...
	file=$1 at=$2
	shift 2
	# shellcheck disable=SC2086
	run 1 package --output "$file" --now "$at" $by "$@"
}
cp exhibit.db before.db
make q1.asice 2026-03-31T23:00:00Z --sample 2 --seed first
[ -z "$(ls -A tmp)" ] || fail "package left something in TMPDIR"
[ -z "$(find . -maxdepth 1 -name '.exhibit-package*')" ] ||
	fail "package left its folder"
sqlite3 exhibit.db "SELECT body FROM log WHERE type = 'package'" >out
says '"name":"q1.asice"' '"files":'
run 0 verify --cert $ca

# the same store and time give the same package but for its signatures
cp exhibit.db after.db
cp before.db exhibit.db
make again.asice 2026-03-31T23:00:00Z --sample 2 --seed first
mkdir one two
unzip -q q1.asice -d one
unzip -q again.asice -d two
diff -r one two >out || :
sed 's/^Binary files //; s/ and .*//' out | sort >differs
printf '%s\n' one/META-INF/checkpoint.p7s one/META-INF/signature001.p7s \
	>expected
diff differs expected || fail "more than the signatures differs"
rm -r one two
cp after.db exhibit.db

{
	host web-1 0
	host web-3 1
} >lines
# shellcheck disable=SC2086
run 0 collect import lines --now 2026-06-30T10:00:00Z $by
make q2.asice 2026-06-30T23:00:00Z --sample 3 --seed second.2026 \
	--previous q1.asice --period 2026Q2
run 0 verify q2.asice --previous q1.asice --trust $ca
says 'container: can be read in one way only' 'signature001.p7s, preparer' \
	'log entries stand unchanged' 'csv/sample.csv: drawn again' \
	'report.xml: made anew' 'report.html: is report.xml for people'
[ -z "$(ls -A tmp)" ] || fail "verify left something in TMPDIR"
run 1 verify q2.asice
says 'who signed was not checked'

# what cannot be
# shellcheck disable=SC2086
{
	run 2 package --output no.asice --sample 3 $by
	says 'belong together'
	run 2 package --output no.asice --sample 0 --seed x $by
	run 2 package --output no.asice --sample 1 --seed 'a b' $by
	run 2 package --output no.asice --role reviewer $by
	run 2 package --output no.asice --previous missing.asice $by
	run 2 package --output none/no.asice $by
	run 2 package --countersign q2.asice $by
	run 2 package --countersign q2.asice --role king $by
	run 2 package countersign q2.asice --countersign q2.asice --role reviewer $by
	run 2 package sign q2.asice $by
}
[ ! -e no.asice ] || fail "a package was left half made"

# countersigned: the payload stays as it is
cp q2.asice both.asice
run 0 package --countersign both.asice --role reviewer --now \
	2026-07-01T10:00:00Z --key pki/rsa3072.key --cert pki/rsa3072-chain.pem
run 0 package --countersign both.asice --role approver --now \
	2026-07-01T11:00:00Z --key pki/p256.key --cert pki/p256-chain.pem
run 0 verify both.asice --trust $ca
says 'signature002.p7s, reviewer' 'signature003.p7s, approver'
mkdir one two
unzip -q q2.asice -d one
unzip -q both.asice -d two
diff -r one two >out || :
grep -v '^Only in two/META-INF: s' out >differs || :
[ ! -s differs ] || fail "countersigning changed the payload"
rm -r one two

# ----------------------------------------------------------------- by hand

by_hand() { # PACKAGE: its VERIFY.txt
	sh "$here/stranger.sh" stranger "$1" $ca >out 2>&1
}
by_hand q1.asice || fail "VERIFY.txt of q1 does not work"
by_hand both.asice || fail "VERIFY.txt of the countersigned does not work"
says 'CAdES Verification successful'

# --------------------------------------------------------------- tampering

count=0
refused() { # NAME TEXT...: bad.asice is, and told so
	name=$1
	shift
	count=$((count + 1))
	got=0
	"$exhibit" verify bad.asice --trust "${trust:-$ca}" >out 2>&1 || got=$?
	[ $got = 3 ] || fail "$name: status $got, not 3"
	says "$@"
	[ -z "$(ls -A tmp)" ] || fail "$name: verify left something behind"
}
bytes() { # NAME FROM TO TEXT: a sed command on the container's bytes
	LC_ALL=C sed "$2" both.asice >bad.asice
	cmp -s both.asice bad.asice && fail "$1: nothing was changed"
	refused "$1" "$3"
}

(
	printf x
	cat both.asice
) >bad.asice
refused 'a byte before it' 'container'
(
	cat both.asice
	printf x
) >bad.asice
refused 'a byte behind it' 'does not end as a ZIP does'
head -c 9000 both.asice >bad.asice
refused 'cut off' 'does not end as a ZIP does'
: >bad.asice
refused 'empty' 'not a ZIP file'
bytes 'local name changed' '0,/csv\/gaps.csv/s//csv\/gabs.csv/' \
	'local header and directory say different things'
bytes 'renamed' 's/csv\/gaps.csv/csv\/gabs.csv/g' \
	'csv/gaps.csv: is in the manifest, but not in the package'
bytes 'traversal' 's/csv\/gaps.csv/..\/gapss.csv/g' \
	'the name leads out of its folder'
bytes 'traversal within' 's/csv\/gaps.csv/csv\/..\/a.csv/g' \
	'the name leads out of its folder'
bytes 'absolute' 's/csv\/gaps.csv/\/sv\/gaps.csv/g' 'the name is absolute'
bytes 'backslash' 's/csv\/gaps.csv/csv\\gaps.csv/g' 'a character other'
bytes 'control character' 's/csv\/gaps.csv/csv\/ga\x07s.csv/g' \
	'a character other'
bytes 'not ASCII' 's/csv\/gaps.csv/csv\/ga\xe9s.csv/g' 'a character other'
bytes 'twice' 's/csv\/gaps.csv/csv\/runs.csv/g' 'csv/runs.csv: is there twice'
bytes 'twice but for case' 's/csv\/gaps.csv/csv\/Runs.csv/g' 'is there twice'
bytes 'another mimetype' 's/vnd.etsi.asic-e+zip/vnd.etsi.asic-s+zip/' \
	'mimetype: its CRC-32'

open() { # [PACKAGE]: its files in t
	rm -rf t
	mkdir t
	unzip -q "${1:-q2.asice}" -d t
}
close() {
	rm -f bad.asice
	"$pack" zip t bad.asice || fail "pack"
}
flip() { # FILE: its middle byte
	at=$(($(wc -c <"t/$1") / 2))
	old=$(dd if="t/$1" bs=1 skip=$at count=1 2>/dev/null | od -An -tu1)
	# shellcheck disable=SC2059
	printf "\\$(printf %o $(((old + 1) % 256)))" |
		dd of="t/$1" bs=1 seek=$at conv=notrunc 2>/dev/null
}
for file in report.html report.xml report.poam.xml evidence.db checkpoint.txt \
	VERIFY.txt package.json signer.pem consistency.txt \
	previous-checkpoint.txt csv/population.csv csv/sample.csv \
	csv/findings.csv csv/evidence.csv checks/node-fips-on.sql; do
	open
	flip $file
	close
	refused "flipped $file" "$file: has another SHA-384 than"
done
for file in SHA256SUMS; do
	open
	flip $file
	close
	refused "flipped $file" "$file: has another SHA-384"
done
for file in META-INF/signature001.p7s META-INF/ASiCManifest001.xml; do
	open
	flip $file
	close
	refused "flipped $file" "META-INF/signature001.p7s"
done
open
flip META-INF/checkpoint.p7s
close
refused 'flipped checkpoint.p7s' 'META-INF/checkpoint.p7s'

open
echo more >t/csv/more.csv
close
refused 'added' 'csv/more.csv: is in the package, but not in the manifest'
open
echo more >t/META-INF/more.xml
close
refused 'added to META-INF' 'is no file that META-INF may hold'
for file in csv/runs.csv evidence.db report.html; do
	open
	rm t/$file
	close
	refused "removed $file" "$file: is in the manifest, but not in the"
done
for file in META-INF/ASiCManifest001.xml META-INF/signature001.p7s; do
	open
	rm t/$file
	close
	refused "removed $file" "$file: is missing"
done
open
rm t/META-INF/checkpoint.p7s
close
refused 'removed checkpoint.p7s' 'META-INF/checkpoint.p7s: is missing'
open
rm t/mimetype
close
refused 'no mimetype' 'not a package: its first entry is not mimetype'
open
mv t/csv/runs.csv t/csv/RUNS.csv
close
refused 'case changed' 'csv/RUNS.csv: is in the package, but not in'

open
unzip -q -o q1.asice META-INF/ASiCManifest001.xml -d t
close
refused "another package's manifest" 'META-INF/signature001.p7s' \
	'evidence.db: has another SHA-384'
open
unzip -q -o q1.asice META-INF/signature001.p7s -d t
close
refused "another package's signature" 'META-INF/signature001.p7s'
open
unzip -q -o q1.asice META-INF/ASiCManifest001.xml META-INF/signature001.p7s -d t
close
refused "another package's manifest and signature" \
	'evidence.db: has another SHA-384'
open
sed -i 's/MimeType="text\/csv"/MimeType="text\/plain"/' \
	t/META-INF/ASiCManifest001.xml
close
refused 'manifest reworded' 'is not the manifest of these files'
open
echo '-- ' >>t/checks/node-fips-on.sql
"$pack" seal t
close
refused 'manifest made again, not signed' 'META-INF/signature001.p7s'

# with somebody's key: the manifest made and signed again
sign() { # CERTIFICATE [CMS OPTION...]
	name=$1
	shift
	[ $# -gt 0 ] || set -- -cades -md sha384
	openssl cms -sign -binary -nosmimecap -in t/META-INF/ASiCManifest001.xml \
		-signer "pki/$name.pem" -inkey "pki/$name.key" \
		-certfile pki/inter.pem "$@" -outform DER \
		-out t/META-INF/signature001.p7s 2>/dev/null
}
resign() { # [CERTIFICATE [CMS OPTION...]]
	[ $# -gt 0 ] || set -- p384
	"$pack" seal t
	sign "$@"
	close
}
open
resign
run 0 verify bad.asice --trust $ca # it is the edit that is refused, not this

open
resign other
refused 'signed under another CA' 'META-INF/signature001.p7s'
trust=pki/other.pem
cp q2.asice bad.asice
refused 'another CA trusted' 'META-INF/signature001.p7s'
trust=
open
resign expired
refused 'signed with an expired certificate' 'META-INF/signature001.p7s'
open
resign future
refused 'signed before the certificate holds' 'META-INF/signature001.p7s'
open
resign usage
refused 'a key that may not sign' 'META-INF/signature001.p7s'
open
resign notca
refused 'issued by one that may not' 'META-INF/signature001.p7s'
open
resign p384 -md sha384
refused 'no signing-certificate attribute' 'META-INF/signature001.p7s'
open
resign p384 -cades -md sha1
refused 'SHA-1' 'META-INF/signature001.p7s'
open
resign p384 -cades -md sha384 -nodetach
refused 'not detached' 'META-INF/signature001.p7s'
open
resign p384 -cades -md sha384 -signer pki/p256.pem -inkey pki/p256.key
refused 'two signers in one' 'META-INF/signature001.p7s'
open
resign p256
refused 'another signer than of the checkpoint' \
	'META-INF/checkpoint.p7s: is of another certificate'

edited() { # NAME TEXT...: what was edited in t is signed again, and refused
	resign
	refused "$@"
}
open
sed -i '1s/^..../0000/' t/SHA256SUMS
"$pack" list t
sign p384
close
refused 'SHA256SUMS says otherwise' 'SHA256SUMS: differs from the files'
open
sqlite3 t/evidence.db "DROP TRIGGER content_keep_update;
	UPDATE content SET body = replace(body, '\"fips_enabled\":0',
	'\"fips_enabled\":1') WHERE body LIKE '%\"fips_enabled\":0%'" >/dev/null
(cd t && find . -type f | sed 's/^\.\///' | grep -v -e ^META-INF -e ^mimetype \
	-e ^SHA256SUMS | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
close
refused 'evidence and SHA256SUMS, not the manifest' \
	'evidence.db: has another SHA-384'
edited 'evidence edited and signed' 'content'
open
sqlite3 t/evidence.db "DROP TRIGGER log_keep_delete; DELETE FROM log
	WHERE seq = (SELECT max(seq) FROM log)"
edited 'log cut' 'evidence.db'
open
unzip -q -o q1.asice evidence.db -d t
edited 'older evidence' 'checkpoint.txt: is not of the log'
open
unzip -q -o q1.asice evidence.db checkpoint.txt META-INF/checkpoint.p7s -d t
edited 'older evidence with its checkpoint' 'package.json'
open
unzip -q -o q1.asice checkpoint.txt META-INF/checkpoint.p7s -d t
edited 'older checkpoint' 'checkpoint.txt: is not of the log'
open
printf 'garbage' >t/evidence.db
edited 'no database' 'evidence.db'
open
unzip -q -o q1.asice report.xml report.html -d t
edited 'report of another judgement' \
	'report.xml: is of another judgement'
open
sed -i 's/not-satisfied/satisfied/' t/report.xml
edited 'report edited' 'differs from what the store gives'
open
sed -i 's/[Nn]ot satisfied/Satisfied/' t/report.html
edited 'page edited' 'report.html: is not the page'
open
sed -i '2d' t/csv/findings.csv
edited 'finding left out' 'csv/findings.csv: is not what evidence.db'
open
echo >>t/csv/population.csv
edited 'line added to a table' 'csv/population.csv: is not what'
open
sed -i '2d' t/csv/sample.csv
edited 'sample shortened' 'csv/sample.csv: is not what evidence.db gives'
open
sed -i 's/second.2026/second.2027/' t/package.json
edited 'another seed' 'csv/sample.csv: is not what'
open
sed -i 's/"judgement":2/"judgement":1/' t/package.json
edited 'another judgement' 'package.json: is not of its judgement'
open
sed -i 's/"run":4/"run":3/' t/package.json
edited 'another run' 'package.json: is not of its judgement'
open
echo '{}' >t/package.json
edited 'package.json emptied' 'package.json: '
open
echo '-- ' >>t/checks/node-fips-on.sql
edited 'check edited' 'checks/node-fips-on.sql: is not what'
open
sed -i 's/-cades//' t/VERIFY.txt
edited 'VERIFY.txt edited' 'VERIFY.txt: is not what'
open
cp pki/p256.pem t/signer.pem
edited 'another certificate' 'signer.pem: is another certificate'
open
sed -i '2s/.*/3/' t/previous-checkpoint.txt
edited 'previous checkpoint edited' 'previous-checkpoint.txt'
open
sed -i 's/^type consistency/type record/' t/consistency.txt
edited 'no proof of consistency' 'consistency.txt'

# countersignatures
open both.asice
sed -i s/reviewer/approver/ t/META-INF/statement002.json
close
refused 'role changed' 'META-INF/statement002.p7s'
open both.asice
rm t/META-INF/signature002.p7s
close
refused 'statement alone' 'statement002.json: without its signature'
open both.asice
rm t/META-INF/statement002.json
close
refused 'countersigned as nothing' 'statement002.json: is missing'
open both.asice
for k in signature statement; do
	cp t/META-INF/${k}003.p7s t/META-INF/${k}002.p7s
done
close
refused "another's signature under a statement" 'META-INF/statement002.p7s'
open both.asice
cp t/META-INF/statement003.json t/META-INF/statement002.json
cp t/META-INF/statement003.p7s t/META-INF/statement002.p7s
close
refused "another's statement" 'statement002.json: is of another signature'

# history
run 0 verify q1.asice --trust $ca
got=0
"$exhibit" verify q1.asice --previous q2.asice --trust $ca >out 2>&1 || got=$?
[ $got = 3 ] || fail "rolled back: status $got"
says 'q2.asice: ' 'fewer than'
count=$((count + 1))
mkdir other
(cd other && "$exhibit" init --now 2026-03-01T00:00:00Z >/dev/null &&
	"$exhibit" collect import ../lines --now 2026-06-30T10:00:00Z \
		--key ../pki/p384.key --cert ../pki/p384-chain.pem >/dev/null &&
	{ "$exhibit" package --output ../alien.asice --now 2026-06-30T12:00:00Z \
		--key ../pki/p384.key --cert ../pki/p384-chain.pem >/dev/null ||
		[ $? = 1 ]; })
got=0
"$exhibit" verify q2.asice --previous alien.asice --trust $ca >out 2>&1 || got=$?
[ $got = 3 ] || fail "another store: status $got"
says 'alien.asice: is of another store'
count=$((count + 1))
# shellcheck disable=SC2086
run 2 package --output no.asice --previous alien.asice $by
says 'is a package of another store'
cp after.db exhibit.db
# shellcheck disable=SC2086
run 3 package --output no.asice --previous q2.asice $by
says 'fewer than'

# a stranger notices too
open
sed -i 's/[Nn]ot satisfied/Satisfied/' t/report.html
close
by_hand bad.asice && fail "VERIFY.txt does not notice an edited page"
open
sed -i '2d' t/csv/sample.csv
resign
by_hand bad.asice && fail "VERIFY.txt does not notice another sample"
open
sqlite3 t/evidence.db "DROP TRIGGER log_keep_update; UPDATE log SET
	body = replace(body, 'T', 't') WHERE seq = 1"
resign
by_hand bad.asice && fail "VERIFY.txt does not notice an edited log"

[ $count -ge 60 ] || fail "only $count kinds of tampering were tried"
echo "$count kinds of tampering refused"
