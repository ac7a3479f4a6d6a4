#!/bin/sh
# Releases of catalogues apart from the program: who may sign them, what is
# refused by name, and that nothing is written then.
# usage: catalog_release.sh EXHIBIT
set -eu

exhibit=$(realpath "$1")
for tool in openssl unzip zip; do
	command -v "$tool" >/dev/null || {
		echo "skipped: $tool is not installed"
		exit 77
	}
done
fixtures=$(cd "$(dirname "$0")" && pwd)/../fixtures/cmvp
dir=$(mktemp -d)
server=
stop() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || :
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 1' INT TERM
cd "$dir"
export OPENSSL_CONF=/dev/null
now=2026-12-25T00:00:00Z

fail() {
	echo "FAILED: $*" >&2
	exit 1
}
# refuse STATUS TEXT ARG...: and nothing is written
refuse() {
	r_status=$1 r_text=$2
	shift 2
	find mine -type f -exec sha256sum {} + 2>/dev/null | sort >before || :
	r_got=0
	"$exhibit" catalog update "$@" --catalogs mine >out 2>&1 || r_got=$?
	[ $r_got = "$r_status" ] || fail "$*: status $r_got: $(cat out)"
	grep -qF -- "$r_text" out || fail "$*: want '$r_text': $(cat out)"
	find mine -type f -exec sha256sum {} + 2>/dev/null | sort >after || :
	cmp -s before after || fail "$*: something was written"
}
key() {
	"$exhibit" key new --key "$1.key" --cert "$1.pem" --name "$1" --now 2026-11-01T00:00:00Z >/dev/null
}
# release OUT DAY KEY [DIR]: of what is compiled in, and in DIR
release() {
	"$exhibit" catalog release "$1" --key "$3.key" --cert "$3.pem" \
		--now "$2T00:00:00Z" ${4:+--catalogs "$4"} >out 2>&1 || fail "release: $(cat out)"
}
key project
key other
printf 'signers:\n  - certificate: project.pem\n    roles: [catalog]\n  - certificate: other.pem\n    roles: [prepare]\n' >signers.yaml

echo '== a release holds the tables, a manifest and a signature that openssl verifies'
mkdir newer
"$exhibit" catalog show cmvp-status |
	sed '/^# date: /s/: .*/: 2026-12-20/' >newer/cmvp-status.tsv
printf '4985\tActive\t2026-12-20\t\thttps://csrc.nist.gov/projects/cryptographic-module-validation-program/certificate/4985\n' \
	>>newer/cmvp-status.tsv
release one.zip 2026-12-21 project newer
mkdir one && unzip -q one.zip -d one
openssl cms -verify -binary -cades -purpose any -inform DER -in one/release.json.p7s \
	-content one/release.json -CAfile project.pem -out /dev/null 2>err || fail "openssl: $(cat err)"
sum=$(sha256sum <one/cmvp-status.tsv | cut -d' ' -f1)
grep -qF "{\"date\":\"2026-12-20\",\"name\":\"cmvp-status\",\"sha256\":\"$sum\"}" one/release.json ||
	fail "the manifest: $(cat one/release.json)"

echo '== nobody signed, or nobody who may'
refuse 2 'name who may sign releases' one.zip --now $now
refuse 2 'only https is used' http://127.0.0.1/one.zip --now $now
release alien.zip 2026-12-21 other newer
refuse 2 'other' alien.zip --signers signers.yaml --now $now
refuse 3 '' alien.zip --trust project.pem --now $now
cp -r one bare
rm bare/release.json.p7s
refuse 2 'release.json.p7s' bare --trust project.pem --now $now

echo '== other bytes than were signed'
cp -r one changed
sed -i 's/Active\t2026-12-20/Revoked\t2026-12-20/' changed/cmvp-status.tsv
refuse 3 'cmvp-status.tsv is not the one that was signed' changed --trust project.pem --now $now
cp -r one manifest
sed -i 's/2026-12-21T/2026-12-22T/' manifest/release.json
refuse 3 'manifest' manifest --trust project.pem --now $now
cp -r one lacks
rm lacks/cmvp-status.tsv
refuse 2 'cmvp-status.tsv' lacks --trust project.pem --now $now

echo '== it is taken, whole'
"$exhibit" catalog update one.zip --signers signers.yaml --catalogs mine --now $now >out
grep -q '^Release of 2026-12-21T00:00:00Z, signed by ' out || fail "$(cat out)"
grep -q '^1 of its .* tables differ' out || fail "$(cat out)"
"$exhibit" catalog show cmvp-status --catalogs mine >rows
grep -q '^4985	Active	2026-12-20' rows || fail 'the row is not there'
cmp -s mine/release.json one/release.json || fail 'the manifest is not kept'
"$exhibit" catalog update one --trust project.pem --catalogs mine --now $now >out
grep -q 'This release was taken before' out || fail "twice: $(cat out)"

echo '== a step back is refused by name'
release earlier.zip 2026-12-20 project newer
refuse 2 'released on 2026-12-20T00:00:00Z, and the release of 2026-12-21T00:00:00Z was taken before' \
	earlier.zip --trust project.pem --now $now
refuse 2 'which is yet to come' one.zip --trust project.pem --now 2026-12-20T12:00:00Z
mkdir older
sed '/^# date: /s/: .*/: 2026-01-01/' newer/cmvp-status.tsv >older/cmvp-status.tsv
release older.zip 2026-12-23 project older
refuse 2 'cmvp-status is of 2026-01-01, and what is known of 2026-12-20' older.zip --trust project.pem --now $now

echo '== what contradicts is refused by name, or taken'
cp -r newer against
"$exhibit" catalog show cmvp-certificates |
	sed 's/^4985\t140-3\tThe OpenSSL Project\tOpenSSL FIPS Provider/4985\t140-3\tThe OpenSSL Project\tAnother Module/; /^5021\t/d; s/\t2030-03-10\tN\t\topenssl/\t2031-03-10\tN\t\topenssl/' \
		>against/cmvp-certificates.tsv
grep -v '^4282	Historical' newer/cmvp-status.tsv >against/cmvp-status.tsv
release against.zip 2026-12-23 project against
for text in "certificate #4985: module 'Another Module', known as 'OpenSSL FIPS Provider'" \
	"sunset '2031-03-10', known as '2030-03-10'" ; do
	refuse 2 "$text" against.zip --trust project.pem --now $now
done
cp -r newer lost
grep -v '^4282	Historical' newer/cmvp-status.tsv >lost/cmvp-status.tsv
release lost.zip 2026-12-22 project lost
refuse 2 'certificate #4282: that it was Historical on 2026-09-30 is gone' lost.zip --trust project.pem --now $now
cp -r newer dropped
"$exhibit" catalog show cmvp-certificates | sed '/^5021\t/d' >dropped/cmvp-certificates.tsv
release dropped.zip 2026-12-22 project dropped
refuse 2 'certificate #5021 is gone' dropped.zip --trust project.pem --now $now

echo '== a table or a column that does not fit'
cp -r newer column
"$exhibit" catalog show cmvp-certificates |
	sed '/^certificate\tstandard/s/builds/versions/' >column/cmvp-certificates.tsv
release column.zip 2026-12-22 project column
refuse 2 "cmvp-certificates lacks the column 'builds'" column.zip --trust project.pem --now $now
cp -r newer strange
printf '# title: x\n# date: 2026-12-20\n# source: x\na\n1\n' >strange/strange.tsv
release strange.zip 2026-12-22 project strange
refuse 2 "no catalog named 'strange'" strange.zip --trust project.pem --now $now

"$exhibit" catalog update against.zip --trust project.pem --accept --catalogs mine --now $now >out
grep -q 'contradictions taken by --accept' out || fail "$(cat out)"
"$exhibit" catalog show cmvp-certificates --catalogs mine | grep -q 'Another Module' || fail 'not taken'

echo '== it judges: an observation that a release brought counts'
"$exhibit" query certificates --as-of 2027-01-20 --catalogs one --format csv >late.csv
grep '^4985,' late.csv | grep -qi 'active' || fail "4985 in 2027: $(grep '^4985' late.csv)"
"$exhibit" query certificates --as-of 2027-01-20 --format csv >stale.csv
grep '^4985,' stale.csv | grep -qi 'unknown' || fail "4985 without: $(grep '^4985' stale.csv)"

echo '== from an https address'
openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 3000 \
	-keyout web.key -out web.pem -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost 2>/dev/null || fail 'openssl req'
port=${EXHIBIT_TEST_HTTPS_PORT:-42590}
openssl s_server -accept "127.0.0.1:$port" -WWW -cert web.pem -key web.key >web.log 2>&1 &
server=$!
n=0
until openssl s_client -connect "127.0.0.1:$port" </dev/null 2>/dev/null | grep -q CONNECTED; do
	n=$((n + 1))
	[ $n -lt 300 ] || fail "the server does not listen: $(cat web.log)"
	sleep 0.2
done
rm -rf mine
"$exhibit" catalog update "https://localhost:$port/one.zip" --ca web.pem --trust project.pem \
	--catalogs mine --now $now >out 2>&1 || fail "https: $(cat out)"
cmp -s mine/release.json one/release.json || fail 'https: not taken'
refuse 2 "https://localhost:$port/one.zip" "https://localhost:$port/one.zip" --trust project.pem --now $now

echo '== pages in a folder are imported as files are'
mkdir pages
cp "$fixtures/certificate.html" pages
"$exhibit" catalog update pages --observed 2026-12-24 --catalogs paged --now $now >out || fail "pages: $(cat out)"
grep -q '1 observations added' out || fail "$(cat out)"

echo '== who demands a signature gets nothing without one'
mkdir unsigned
"$exhibit" catalog show cmvp-environments >unsigned/cmvp-environments.tsv
for by in '--trust project.pem' "--signers signers.yaml"; do
	# shellcheck disable=SC2086
	if "$exhibit" catalog update unsigned --catalogs trusting $by --now $now >out 2>&1; then
		fail "unsigned, $by: $(cat out)"
	fi
	grep -qE 'no release: it has no release.json|signers.yaml' out || fail "unsigned, $by: $(cat out)"
done
[ ! -e trusting/cmvp-environments.tsv ] || fail 'an unsigned table was taken'
