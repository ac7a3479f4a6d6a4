#!/bin/sh
# Newer facts into a directory of the user's: catalogues, and pages of NIST as a
# browser saves them. usage: catalog.sh EXHIBIT
set -eu

exhibit=$1
fixtures=$(cd "$(dirname "$0")" && pwd)/../fixtures/cmvp
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
	echo "FAILED: $*"
	exit 1
}
now=2026-11-25T00:00:00Z
# take FILE ARG...: import it; "out" tells
take() {
	"$exhibit" catalog import "$@" --catalogs mine --now $now >out 2>&1 ||
		fail "$*: $(cat out)"
}
# refuse TEXT FILE ARG...
refuse() {
	want=$1
	shift
	got=0
	"$exhibit" catalog import "$@" --catalogs mine --now $now >out 2>&1 || got=$?
	[ $got = 2 ] || fail "$*: status $got: $(cat out)"
	grep -qF -- "$want" out || fail "$*: $(cat out)"
}
# row CATALOGUE TEXT: a row of it begins so
row() {
	"$exhibit" catalog show "$1" --catalogs mine >rows
	grep -qF -- "$2" rows || fail "$1: no row '$2': $(tail -2 rows)"
}

echo '== the page of a certificate'
take "$fixtures/certificate.html" --observed 2026-11-20
grep -q '^certificate.html: a certificate.s page, seen on 2026-11-20, SHA-256 ' out || fail "$(cat out)"
grep -q '^1 observations added' out || fail "$(cat out)"
sha=$(sha256sum "$fixtures/certificate.html" | cut -d' ' -f1)
row cmvp-status "5021	Historical	2026-11-20		https://csrc.nist.gov/projects/cryptographic-module-validation-program/certificate/5021 (certificate.html, SHA-256 $sha)"
grep -q '^# date: 2026-11-20$' rows || fail 'its date'
"$exhibit" catalog diff cmvp-status --catalogs mine >diff && fail 'nothing differs'
[ "$(grep -c '^[-+][0-9]' diff)" = 1 ] || fail "more than a row was added: $(cat diff)"
[ ! -e mine/cmvp-certificates.tsv ] || fail 'a certificate that is known was added'
take "$fixtures/certificate.html" --observed 2026-11-20
grep -q '^0 observations added' out || fail "twice: $(cat out)"

echo '== the day without --observed is the file'"'"'s'
cp "$fixtures/certificate.html" day.html
touch -d 2026-11-21T12:00:00Z day.html
take day.html
row cmvp-status '5021	Historical	2026-11-21'
touch -d 2027-01-01T12:00:00Z day.html
refuse 'which is yet to come' day.html

echo '== a certificate that the catalogue does not know'
take "$fixtures/new.html" --observed 2026-11-20
grep -q '1 new to it' out || fail "$(cat out)"
row cmvp-certificates '99901	140-3	Amazon Web Services, Inc.	A Module & More		1	2025-05-26	2030-05-25	Y		other'
row cmvp-status '99901	Active	2026-11-20		https://csrc.nist.gov/projects/cryptographic-module-validation-program/certificate/99901 (new.html'

echo '== what contradicts what is known'
sed 's/2030-05-25/2031-01-01/; s|5/25/2030|1/1/2031|' "$fixtures/certificate.html" >moved.html
cmp -s moved.html "$fixtures/certificate.html" && fail 'the page has no such date'
refuse "certificate #5021: sunset '2031-01-01', known as '2030-05-25'" moved.html --observed 2026-11-20
[ ! -e mine/cmvp-certificates.tsv ] || ! grep -q '^5021.*2031-01-01' mine/cmvp-certificates.tsv ||
	fail 'it was taken all the same'
cp -r mine kept
take moved.html --observed 2026-11-20 --accept
grep -q 'replaced by --accept' out || fail "$(cat out)"
row cmvp-certificates '2031-01-01'
"$exhibit" catalog show cmvp-certificates --catalogs mine | grep -c '^5021	' >count
[ "$(cat count)" = 1 ] || fail 'its row stands there twice'
rm -rf mine && mv kept mine

echo '== lists'
take "$fixtures/list.html" --observed 2026-11-22
grep -q '^1 of its 2 certificates are in the catalogue, 0 new to it$' out || fail "$(cat out)"
row cmvp-status '5369	Active	2026-11-22		https://csrc.nist.gov/projects/cryptographic-module-validation-program/validated-modules/search?SearchMode=Advanced'
sed '/saved from url/d' "$fixtures/list.html" >bare.html
refuse 'give --status' bare.html --observed 2026-11-22
take bare.html --observed 2026-11-23 --status Revoked
row cmvp-status '5369	Revoked	2026-11-23'
refuse 'is Active, Historical or Revoked' bare.html --status Lost

echo '== modules in process'
take "$fixtures/in-process.html"
grep -q 'seen on 2026-11-13' out || fail "$(cat out)"
grep -q '^2 observations added' out || fail "$(cat out)"
row cmvp-in-process 'Amazon Linux 2023 Kernel Cryptographic API	Amazon Web Services, Inc.	140-3	Finalization (11/10/2026)	2026-11-13	https://csrc.nist.gov/'
row cmvp-in-process 'A module of two lines	A vendor	140-3	Review (11/2/2026)	2026-11-13'

echo '== JSON'
take "$fixtures/modules.json"
grep -q 'seen on 2026-11-20' out || fail "$(cat out)"
row cmvp-status '5369	Active	2026-11-20'

echo '== a newer catalogue, whole'
"$exhibit" catalog show cmvp-environments | sed 's/^# date: .*/# date: 2026-11-24/' >cmvp-environments.tsv
take cmvp-environments.tsv
"$exhibit" catalog --catalogs mine --format csv | grep -q '^cmvp-environments,2026-11-24' || fail 'its date'
sed 's/^# date: .*/# date: 2026-01-01/' cmvp-environments.tsv >older
mv older cmvp-environments.tsv
refuse 'an older catalogue is not taken' cmvp-environments.tsv
echo '== and what it contradicts'
"$exhibit" catalog show cmvp-certificates | sed 's/^# date: .*/# date: 2026-11-24/; s/^\(5021	[^	]*	\)[^	]*/\1Somebody Else/' >cmvp-certificates.tsv
refuse 'contradicts what is known: certificate #5021' cmvp-certificates.tsv
sed '/^#/!s/	[^	]*$//' cmvp-environments.tsv | sed 's/^# date: .*/# date: 2026-11-25/' >narrow.tsv
mv narrow.tsv cmvp-environments.tsv
refuse 'lacks the column' cmvp-environments.tsv
echo 'a	b' >broken.tsv
refuse "it needs '# title:'" broken.tsv

echo '== refused'
echo '<html><body><h1>Welcome</h1></body></html>' >other.html
refuse "neither a certificate's page" other.html
: >empty.html
refuse 'is empty' empty.html
sed 's/Historical/Lost/' "$fixtures/certificate.html" >lost.html
refuse 'Status is not Active' lost.html
sed 's/Certificate #5021/Certificate #five/' "$fixtures/certificate.html" >number.html
refuse 'has no number' number.html
echo '{"modules":[{"certificate_number":1}]}' >none.json
refuse 'give --status' none.json
echo '{"a":1}' >odd.json
refuse "JSON without 'modules'" odd.json
echo '{' >cut.json
refuse 'cut.json' cut.json
sed '/<tr id="cert-row/,/<\/tr>/d' "$fixtures/list.html" >rowless.html
refuse 'without a row' rowless.html
refuse 'No such file' nothing.html
"$exhibit" catalog import other.html 2>err && fail 'taken without a directory'
grep -q -- '--catalogs' err || fail "$(cat err)"

echo '== before the first run'
"$exhibit" init --store day.db --now 2026-11-01T00:00:00Z >/dev/null
"$exhibit" query certificates --store day.db --format csv --as-of 2026-11-01 >day.csv || fail "$(cat day.csv)"
grep -q '^4985,.*,active,' day.csv || fail "$(head -3 day.csv)"
"$exhibit" query nodes --store day.db --as-of 2026-11-01 2>err && fail 'nodes of no run'

echo '== and it changes what is judged'
"$exhibit" init --now 2026-11-01T00:00:00Z >/dev/null
"$exhibit" query certificates --format csv --now $now --catalogs mine | grep '^5021,' | grep -q ',historical,' ||
	fail 'the observation is not used'
echo 'catalog: ok'
