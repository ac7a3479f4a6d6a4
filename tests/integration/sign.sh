#!/bin/sh
# Signatures with a time stamp in them (CAdES-T), of several people, by
# certificates that have ended or were revoked since: what verify says of each,
# what the stock openssl says, and every way of being wrong.
# usage: sign.sh EXHIBIT TSA_SERVER PACK
set -eu

exhibit=$1 server=$2 pack=$3
here=$(cd "$(dirname "$0")/.." && pwd)
for tool in openssl sqlite3 unzip; do
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
unset OPENSSL_CONF SOURCE_DATE_EPOCH || :

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
}
says() {
	for text; do
		grep -qF -- "$text" out || fail "the answer lacks '$text'"
	done
}

sh "$here/pki.sh" pki
sh "$here/authority.sh" tsa
"$server" "$dir/tsa" &
pid=$!
i=0
while [ ! -s tsa/port ] && [ $i -lt 3000 ]; do
	sleep 0.1
	i=$((i + 1))
done
[ -s tsa/port ] || fail "the server does not start"
url=http://127.0.0.1:$(cat tsa/port)/good
ca=pki/root.pem tsa=tsa/root.pem

run 0 init
cat >lines <<'LINES'
{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":1},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/web-1"}
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":1}}
LINES
by="--key pki/p384.key --cert pki/p384-chain.pem"
stamped="--tsa $url --tsa-cert $tsa"
# shellcheck disable=SC2086
run 0 collect import lines $by

# ---- a report, stamped
# shellcheck disable=SC2086
run 1 report --format html,xml --output r $by $stamped
judge() { # STATUS OPTION...: of the page alone
	status=$1
	shift
	run "$status" verify --store exhibit.db r.html --trust $ca "$@"
}
judge 0 --tsa-cert $tsa
says 'chains to CN=exhibit test root, which you trust' \
	'time-stamped: signed by' 'CN=stamp' 'was not looked up: no --crl'
judge 1
says 'a time stamp of' 'NOT TRUSTED: name the authority'
judge 0 --tsa-cert $tsa --crl pki/all.crl
says 'not revoked by then, by the lists given'
judge 3 --tsa-cert tsa/otherroot.pem
says 'r.html.p7s: the time stamp does not verify: the authority is not trusted'
judge 2 --tsa-cert lines
judge 2 --crl lines
says 'revocation lists'
judge 3 --crl pki/stale-all.crl
says 'whether it was revoked cannot be told'
by_openssl() { # FILE
	openssl cms -verify -binary -cades -purpose any -inform DER \
		-in "$1.p7s" -content "$1" -CAfile $ca -out /dev/null >out 2>&1 ||
		fail "openssl refuses $1"
}
by_openssl r.html

# ---- the stamp by hand, as the auditor's guide says
value_and_token() { # SIGNATURE
	openssl asn1parse -inform DER -in "$1" >asn1
	openssl asn1parse -inform DER -in "$1" -noout -out value -strparse \
		"$(grep -m 1 ':d=5 .*OCTET STRING' asn1 | cut -d : -f 1 | tr -d ' ')"
	at=$(grep -A 2 -m 1 ':id-smime-aa-timeStampToken' asn1 | tail -n 1 |
		cut -d : -f 1 | tr -d ' ')
	[ -z "$at" ] || openssl asn1parse -inform DER -in "$1" -noout \
		-out token -strparse "$at"
}
value_and_token r.html.p7s
mkdir guide
cp r.html guide/exhibit-report.html
cp r.html.p7s guide/exhibit-report.html.p7s
cp $ca guide/exhibit-cert.pem
cp $tsa guide/tsa.pem
if command -v xmlsec1 >/dev/null; then
	# shellcheck disable=SC2086
	run 1 report --format xml --output guide/exhibit-report --xmldsig $by
fi
sed -n '/^## 1\./,/^## 2\./s/^    //p' "$here/../docs/auditor-guide.md" >guide/lines
[ "$(wc -l <guide/lines)" -ge 8 ] || fail "the guide has no commands"
(cd guide && sh -e lines) >out 2>&1 || fail "the auditor's guide does not work"
says 'CAdES Verification successful' 'Verification: OK'
! command -v xmlsec1 >/dev/null || says 'SignedInfo References (ok/all): 2/2'

# ---- tokens that are not of this signature, or not by this authority
cp r.html.p7s good.p7s
cp token good.token
# shellcheck disable=SC2086
run 1 report --format html --output plain $by
[ "$(openssl asn1parse -inform DER -in plain.html.p7s |
	grep -c timeStampToken)" = 0 ] || fail "stamped without being asked"
forged() { # WHAT TOKEN TEXT: the page's bare signature with this token
	"$pack" stamp plain.html.p7s "$2" bad.html.p7s || fail "$1: pack"
	cp plain.html bad.html
	got=0
	"$exhibit" verify --store exhibit.db bad.html --trust $ca \
		--tsa-cert $tsa >out 2>&1 || got=$?
	[ $got = 3 ] || fail "$1: status $got, not 3"
	says "bad.html.p7s: $3"
	by_openssl bad.html # openssl does not look at it: exhibit must
}
forged 'of another signature' good.token 'the time stamp is over other bytes'
cp plain.html.p7s sig.p7s
value_and_token sig.p7s
query() { # SECTION: a token over the value, from that authority's key
	openssl ts -query -data value -sha384 -cert -out query 2>/dev/null
	(cd tsa && openssl ts -reply -config tsa.cnf -section "$1" \
		-queryfile ../query -token_out -out ../token 2>/dev/null)
}
query tsa
"$pack" stamp plain.html.p7s token fine.html.p7s
cp plain.html fine.html
run 1 verify --store exhibit.db fine.html --trust $ca --tsa-cert $tsa
says 'time-stamped: signed by'
openssl cms -verify -noverify -inform DER -in token -out statement 2>/dev/null
query other
forged 'by another authority' token 'the time stamp does not verify: the auth'
restate() { # CERTIFICATE OPTION...: the good statement, signed by another
	name=$1
	shift
	openssl cms -sign -binary -nodetach -in statement \
		-econtent_type 1.2.840.113549.1.9.16.1.4 -signer "tsa/$name.pem" \
		-inkey "tsa/$name.key" -outform DER -out token "$@"
}
restate stamp -cades -md sha384
"$pack" stamp plain.html.p7s token fine.html.p7s
run 1 verify --store exhibit.db fine.html --trust $ca --tsa-cert $tsa
for wrong in mail both root; do
	restate $wrong -cades -md sha384
	forged "by the key of $wrong" token 'the time stamp does not verify'
done
restate stamp -md sha384
forged 'no signing certificate named' token \
	'the time stamp does not verify: not a CAdES signature'
restate stamp -cades -md sha1
forged 'SHA-1' token 'the time stamp does not verify: the digest is not'
restate stamp -cades -md sha384 -nocerts
forged 'no certificate in it' token 'the time stamp does not verify: the signer'
openssl cms -sign -binary -nodetach -cades -md sha384 -in statement \
	-signer tsa/stamp.pem -inkey tsa/stamp.key -outform DER -out token
forged 'not a statement of time' token 'not a time stamp: a CMS, but not over'
cp good.p7s token
forged 'a signature for a token' token 'not a time stamp: a CMS, but not over'
printf '\060\003\002\001\001' >token
forged 'any SEQUENCE' token 'not a time stamp'
"$pack" stamp good.p7s good.token two.p7s 2>out && fail "stamped twice"
says 'it has a time stamp already'

# a flipped byte of the stamped signature: refused, or nothing it says changes
judge 0 --tsa-cert $tsa
cp out good.out
size=$(wc -c <good.p7s)
changed=0
for part in 1 2 3 4 5 6 7; do
	cp good.p7s r.html.p7s
	printf '\125' | dd of=r.html.p7s bs=1 seek=$((size * part / 8)) \
		conv=notrunc 2>/dev/null
	cmp -s good.p7s r.html.p7s && continue
	got=0
	"$exhibit" verify --store exhibit.db r.html --trust $ca --tsa-cert $tsa \
		>out 2>&1 || got=$?
	if [ $got = 3 ]; then
		says 'r.html.p7s: '
		changed=$((changed + 1))
	else
		cmp -s good.out out || fail "byte $part: status $got"
	fi
done
[ $changed -ge 3 ] || fail "only $changed flipped bytes were noticed"
cp good.p7s r.html.p7s

# ---- signed by a clock that runs ahead of the authority's
cp exhibit.db clean.db
# shellcheck disable=SC2086
cp exhibit.db late.db # which goes on in another time
run 1 report --store late.db --format html --output late --now 2044-01-01T00:00:00Z $by \
	$stamped
run 3 verify --store late.db late.html --trust $ca --now 2044-01-02T00:00:00Z
says 'claims to be signed at 2044-01-01T00:00:00Z, but was time-stamped before'

# ---- certificates that end, or are revoked, after the signature
day() { # HOW FAR, FORMAT
	date -u -d "$1 days" "+$2"
}
new_key() { # NAME END
	cp pki/p256.key "pki/$1.key"
	(cd pki && openssl req -new -config ca.cnf -key "$1.key" -subj "/CN=$1" \
		-out csr && openssl ca -batch -notext -config ca.cnf \
		-cert inter.pem -keyfile inter.key -extensions leaf -in csr \
		-out "$1.pem" -enddate "$2" && cat "$1.pem" inter.pem >"$1-chain.pem") \
		2>/dev/null || fail "issuing $1"
}
new_key short "$(day 30 %Y%m%d000000Z)"
later=$(day 60 %Y-%m-%dT00:00:00Z)
# shellcheck disable=SC2086
{
	run 1 report --format html --output short --key pki/short.key \
		--cert pki/short-chain.pem $stamped
	run 1 report --format html --output bare --key pki/short.key \
		--cert pki/short-chain.pem
}
run 0 init --store empty.db # whose checkpoints are by no key
run 0 collect import lines --store empty.db
here_and_later() { # STATUS FILE OPTION...
	status=$1 file=$2
	shift 2
	run "$status" verify --store empty.db "$file.html" --trust $ca \
		--now "$later" "$@"
}
run 1 verify --store empty.db bare.html --trust $ca
says 'no time stamp: when it was signed, it only claims'
here_and_later 1 short --tsa-cert $tsa
says 'time-stamped: signed by'
here_and_later 1 short
says 'EXPIRED on' 'only the signature says' \
	'1 signature is by a certificate that has expired since'
here_and_later 1 bare --tsa-cert $tsa
says 'EXPIRED on'
revoke() { # NAME WHEN: as its CA says from then on
	(cd pki && openssl ca -config ca.cnf -cert inter.pem -keyfile inter.key \
		-revoke "$1.pem" -crl_reason superseded &&
		sed -i "s/[0-9]*Z,superseded/$2,superseded/" index.txt &&
		openssl ca -config ca.cnf -cert inter.pem -keyfile inter.key -gencrl \
			-crl_lastupdate 20260602000000Z \
			-crl_nextupdate 20450101000000Z -out now.crl &&
		cat root.crl now.crl >now-all.crl) 2>/dev/null || fail "revoking $1"
}
revoke short "$(day 2 %y%m%d000000Z)" # after the stamp
here_and_later 1 short --tsa-cert $tsa --crl pki/now-all.crl
says 'not revoked by then'
here_and_later 3 short --crl pki/now-all.crl
says 'was revoked at' '(superseded), and that it was signed before, only'
here_and_later 3 bare --crl pki/now-all.crl --tsa-cert $tsa
says 'was revoked at'
sed -i "s/[0-9]*Z,superseded/$(day -2 %y%m%d000000Z),superseded/" pki/index.txt
(cd pki && openssl ca -config ca.cnf -cert inter.pem -keyfile inter.key -gencrl \
	-crl_lastupdate 20260602000000Z -crl_nextupdate 20450101000000Z \
	-out now.crl 2>/dev/null && cat root.crl now.crl >now-all.crl)
here_and_later 3 short --tsa-cert $tsa --crl pki/now-all.crl # before the stamp
says 'was revoked at'

# ---- several people under one package, each with a stamp
cp clean.db exhibit.db
# shellcheck disable=SC2086
{
	run 1 package --output p.asice $by $stamped
	run 0 package countersign p.asice --role reviewer --key pki/rsa3072.key \
		--cert pki/rsa3072-chain.pem $stamped
	run 0 package --countersign p.asice --role approver --key pki/p256.key \
		--cert pki/p256-chain.pem $stamped
}
run 0 verify p.asice --trust $ca --tsa-cert $tsa --crl pki/now-all.crl
says 'signature001.p7s, preparer' 'signature002.p7s, reviewer' \
	'signature003.p7s, approver' 'signed by CN=exhibit test p384' \
	'signed by CN=exhibit test rsa3072' 'signed by CN=exhibit test p256' \
	'META-INF/timestamp001.tst: CN=stamp had seen it at'
[ "$(grep -c 'time-stamped: signed by' out)" -ge 3 ] ||
	fail "not every signature has its stamp"
sh "$here/stranger.sh" stranger p.asice $ca $tsa >out 2>&1 ||
	fail "VERIFY.txt does not work"
[ "$(grep -c '^Verification: OK' out)" -ge 8 ] ||
	fail "VERIFY.txt does not verify every stamp"
sh "$here/stranger.sh" stranger p.asice $ca tsa/otherroot.pem >out 2>&1 &&
	fail "VERIFY.txt trusts another authority"

open() {
	rm -rf t
	mkdir t
	unzip -q p.asice -d t
}
count=0
refused() { # NAME TEXT...
	name=$1
	shift
	rm -f bad.asice
	"$pack" zip t bad.asice || fail "pack"
	got=0
	"$exhibit" verify bad.asice --trust $ca --tsa-cert $tsa >out 2>&1 || got=$?
	[ $got = 3 ] || fail "$name: status $got, not 3"
	says "$@"
	count=$((count + 1))
}
for n in 1 2 3; do
	open
	cp "t/META-INF/signature00$(((n % 3) + 1)).p7s" swap
	cp "t/META-INF/signature00$n.p7s" "t/META-INF/signature00$(((n % 3) + 1)).p7s"
	cp swap "t/META-INF/signature00$n.p7s"
	refused "signatures $n and another exchanged" 'is of another certificate'
done
open
for f in META-INF/statement002.p7s META-INF/statement003.p7s META-INF/checkpoint.p7s; do
	open
	rm "t/$f"
	refused "without $f" "$f: is missing"
	open
	cp good.p7s "t/$f"
	refused "$f of a report" "$f: the bytes are not those that were signed"
done
restamp() { # FILE TOKEN: its signature without its stamp, and with this one
	"$pack" bare "$1" bare.p7s && "$pack" stamp bare.p7s "$2" "$1"
}
for f in signature001 signature002 signature003 statement002 checkpoint; do
	open
	restamp "t/META-INF/$f.p7s" good.token || fail "restamp $f"
	refused "another stamp in $f" \
		"META-INF/$f.p7s: the time stamp is over other bytes"
done
open
cp good.token t/META-INF/timestamp001.tst
refused 'another stamp over the package' 'timestamp001.tst: the time stamp is over'
open
cp good.token t/META-INF/checkpoint.tst
refused 'another stamp over the checkpoint' 'checkpoint.tst: the time stamp is ov'
open
cp t/META-INF/statement002.json t/META-INF/statement004.json
refused 'a statement of nobody' 'statement004.json: without its signature'
open
cp t/META-INF/signature002.p7s t/META-INF/signature005.p7s
refused 'a signature without its statement' 'statement005.json: is missing'
open
rm t/META-INF/ASiCManifest002.xml
refused 'the stamped manifest removed' 'ASiCManifest002.xml: is missing'
open
sed -i 's/application\/pkcs7-signature/application\/pkcs7/' \
	t/META-INF/ASiCManifest002.xml
refused 'the stamped manifest edited' 'ASiCManifest002.xml'
echo "ok: $count kinds of tampering with the signatures of a package"
