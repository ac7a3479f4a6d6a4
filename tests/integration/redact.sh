#!/bin/sh
# A package without names: nothing of them is in it, whoever has the map can
# disclose one, and what can be verified without the evidence is.
# usage: redact.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
# where no --now says another: certificates made below must be in force
echo 'now: 2026-07-06T00:00:00Z' >exhibit.yaml

fail() {
	echo "FAILED: $1" >&2
	[ ! -s "$dir/out" ] || sed 's/^/  out: /' "$dir/out" | head -40 >&2
	exit 1
}
# must STATUS WHAT ARG...
must() {
	want=$1 what=$2
	shift 2
	set +e
	"$exhibit" "$@" >"$dir/out" 2>&1
	got=$?
	set -e
	[ $got = "$want" ] || fail "$what: status $got, not $want"
}
says() {
	grep -qF -- "$1" out || fail "does not say: $1"
}

must 0 init init --now 2026-07-01T00:00:00Z
must 0 key key new --now 2026-07-01T00:00:00Z
cat "$here"/../fixtures/node/*.ndjson >all
must 1 import collect import all --now 2026-07-02T00:00:00Z
must 1 report report --now 2026-07-02T12:00:00Z --output clear
must 0 exception except add --check node-fips-on --subject debian12-off \
	--owner 'Anna Test' --approver 'Bert Test' --reason 'asked of anna@example.org' \
	--expires 2027-01-01 --now 2026-07-02T13:00:00Z

# ---- refusals ----

must 2 "no key" package --redact all
says "belong together"
must 2 "no profile" package --redact-key k
must 2 "another profile" package --redact most --redact-key k
says "there are all, hosts"
must 2 "a sample" package --redact all --redact-key k --sample 2 --seed s
says "leave one of them out"
echo short >k
must 2 "no key in it" package --redact all --redact-key k
says "64 hex digits"
rm k

# ---- the package ----

must 1 package package --redact all --redact-key k --redact-map map.csv \
	--now 2026-07-03T00:00:00Z --output q.asice
[ "$(stat -c %a k)$(stat -c %a map.csv)" = 600600 ] || fail "others may read the key"
[ "$(ls -A | grep -c '^\.exhibit')" = 0 ] || fail "a folder was left behind"
must 1 verify verify q.asice --trust exhibit-cert.pem --config exhibit.yaml
says "names were replaced (all)"
says "report.html: is report.xml for people"
mkdir t && unzip -q q.asice -d t
[ ! -e t/evidence.db ] || fail "the evidence is in it"

# no name, no identifier, no digest of the store is anywhere in it
{
	sed -n 's/.*"scope":"host\/\([^"]*\)".*/\1/p' all
	grep -o '"boot_id":"[^"]*"' all | cut -d '"' -f 4
	grep -oE 'i-[0-9a-f]{17}' all || true
	sqlite3 exhibit.db "SELECT lower(hex(c.sha256)) FROM change x JOIN content c
		ON c.id = x.content UNION SELECT lower(hex(name)) FROM subject"
	echo 'Anna Test'
	echo 'Bert Test'
	echo 'anna@example.org'
} | sort -u >names
[ "$(wc -l <names)" -gt 500 ] || fail "too few names to look for"
# (checks and catalogues are texts of the program, the same for everybody)
grep -rlFf names --exclude-dir=catalogs --exclude-dir=checks t >out || true
[ ! -s out ] || fail "a name is in $(tr '\n' ' ' <out)"
# the same search finds them in what is not redacted
grep -qFf names clear.xml || fail "the search finds nothing where names are"

# what is judged is what was judged
count() { # FILE VERDICT
	xmllint --xpath "string(//*[local-name()='result']/*[local-name()='prop'][@name='$2']/@value)" "$1"
}
for v in satisfied not-satisfied unknown; do
	[ "$(count clear.xml $v)" = "$(count t/report.xml $v)" ] || fail "other numbers: $v"
done
xmllint --noout --schema "$here/../fixtures/oscal/1.2.2/oscal_assessment-results_schema.xsd" \
	t/report.xml 2>out || fail "the redacted report is no OSCAL"

# ---- VERIFY.txt, by a stranger ----

sed -n 's/^    \([^ ].*\)/\1/p' t/VERIFY.txt |
	sed 's/openssl cms -verify/& -attime 1783296000/' >commands
grep -q redacted.csv commands || fail "VERIFY.txt does not speak of pseudonyms"
! grep -q evidence.db commands || fail "VERIFY.txt asks of evidence that is not there"
mkdir stranger && cp q.asice stranger/package.asice && cp exhibit-cert.pem stranger/ca.pem
(cd stranger && sh -e ../commands) >out 2>&1 || fail "VERIFY.txt"

# ---- one name is disclosed ----

line=$(grep '^host-[0-9a-f]*,host,rhel9-fips,' map.csv) || fail "the map lacks a host"
value=$(echo "$line" | cut -d , -f 3) salt=$(echo "$line" | cut -d , -f 4)
want=$(grep "^$(echo "$line" | cut -d , -f 1)," t/csv/redacted.csv | cut -d , -f 3 | tr -d '\r')
have() {
	printf '%s\0%s\0%s\0%s' exhibit-redaction-1 host "$1" "$2" | sha256sum | cut -c 1-64
}
[ "$(have "$value" "$salt")" = "$want" ] || fail "a true disclosure does not hold"
[ "$(have rhel8-fips "$salt")" != "$want" ] || fail "a false disclosure holds"
# and the digest of its evidence, which the store proves
digest=$("$exhibit" query "SELECT content_sha256 FROM node WHERE key = 'rhel9-fips'" --format csv |
	sed -n 2p | tr -d '\r')
grep -q "digest,$digest," map.csv || fail "the map lacks the digest of its evidence"
must 0 prove prove node host/rhel9-fips rhel9-fips --run 1 --output p
grep -q "$digest" p || fail "the proof is of other evidence"

# ---- the next package, the same names ----

must 1 next package --redact all --redact-key k --previous q.asice \
	--now 2026-07-04T00:00:00Z --output q2.asice
must 1 "verify next" verify q2.asice --previous q.asice \
	--trust exhibit-cert.pem --config exhibit.yaml
says "log entries stand unchanged"
unzip -qp q2.asice csv/redacted.csv | grep -q "^$(echo "$line" | cut -d , -f 1)," ||
	fail "the same host has another pseudonym"
must 1 "other key" package --redact hosts --redact-key k3 --now 2026-07-05T00:00:00Z \
	--output q3.asice
unzip -qp q3.asice csv/redacted.csv >redacted3
grep -q ',host,' redacted3 || fail "profile hosts replaces no host"
! grep -q ',user,' redacted3 || fail "profile hosts replaces people"
! grep -q "^$(echo "$line" | cut -d , -f 1)," redacted3 || fail "another key, the same pseudonym"
must 3 "a package that is not the one before" verify q2.asice --previous q3.asice \
	--trust exhibit-cert.pem
echo ok
