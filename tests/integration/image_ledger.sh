#!/bin/sh
# What the ledger and the checks say of images: each match, each reason, on both
# sides of a transition, from one look at each.
# usage: image_ledger.sh EXHIBIT
set -eu

exhibit=$(realpath "$1")
for tool in tar gzip gcc sha256sum; do
	command -v "$tool" >/dev/null || {
		echo "skipped: $tool is not installed"
		exit 77
	}
done
. "$(dirname "$0")/../image_make.sh"
. "$(dirname "$0")/../missing.sh"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
failed=0

wrong() {
	echo "FAILED: $1" >&2
	failed=1
}

# image NAME: of what is in the folder NAME, as layout NAME
image() {
	layer "$1" "$1.tar.gz"
	config "$1.json" amd64 PATH=/bin
	i_digest=$(manifest "$1.oci" "$1.manifest" "$1.json" "$1.tar.gz")
	index "$1.oci" x "$i_digest" linux/amd64
}

# provider FOLDER NAME VERSION
provider() {
	library "$1/usr/lib/ossl-modules/fips.so" "$2" buildinfo "$3" status
	library "$1/usr/lib/libcrypto.so.3" 'OpenSSL 3.4.1 11 Feb 2025' 'crypto/evp/x.c'
}

configured() {
	mkdir -p "$1/etc/ssl"
	cat >"$1/etc/ssl/openssl.cnf" <<-EOF
		openssl_conf = i
		[i]
		providers = p
		alg_section = a
		[p]
		fips = f
		base = b
		[f]
		activate = 1
		[b]
		activate = 1
		[a]
		default_properties = fips=yes
	EOF
}

# exact build of 4985, with its configuration, and a program that uses it
provider exact-fips 'OpenSSL FIPS Provider' 3.1.2
configured exact-fips
mkdir -p exact-fips/bin
echo 'int main(void) { return 0; }' >main.c
gcc -o exact-fips/bin/app main.c -Wl,--no-as-needed -Lexact-fips/usr/lib -l:libcrypto.so.3
image exact-fips
# another build of its stream; libsodium beside it, and no configuration
provider stream 'OpenSSL FIPS Provider' 3.1.9
library stream/usr/lib/libsodium.so.23 x
mkdir -p stream/bin
gcc -o stream/bin/app main.c -Wl,--no-as-needed -Lstream/usr/lib -l:libsodium.so.23
image stream
# a name that is known, and a series that is not; and a claim
provider different-fips 'OpenSSL FIPS Provider' 3.9.0
image different-fips
# FIPS 140-2
provider old 'OpenSSL FIPS Provider' 3.0.8
configured old
image old
# OpenSSL without a provider
library none-fips/usr/lib/libcrypto.so.3 'OpenSSL 3.4.1 11 Feb 2025' 'crypto/evp/x.c'
image none-fips
# nothing at all
mkdir -p empty/etc
image empty
# BoringCrypto tells no version
library boring/usr/lib/libcrypto.so 'OpenSSL 1.1.1 (compatible; BoringSSL)' \
	'FIPS integrity test failed.'
image boring
# a file in it that cannot be told
provider unread 'OpenSSL FIPS Provider' 3.1.2
mkdir -p unread/bin
head -c 1000 unread/usr/lib/libcrypto.so.3 >unread/bin/cut
image unread
# go_program FILE LINES: a program with this build information behind it
go_program() {
	mkdir -p "$(dirname "$1")"
	printf "$2" >lines
	gcc -o "$1" main.c
	{
		printf '\377 Go buildinf:\010\002'
		printf '\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000'
		printf '\010go1.24.2'
		printf "\\$(printf %03o $(($(size lines) + 32)))"
		printf 0123456789abcdef
		cat lines
		printf 0123456789abcdef
	} >>"$1"
}
go_program go-fips/app 'path\tx.io/a\nbuild\tDefaultGODEBUG=fips140=on\nbuild\tGOFIPS140=v1.0.0-c2097c7c\n'
image go-fips
go_program go-plain/app 'path\tx.io/b\n'
go_program go-plain/other 'path\tx.io/c\nbuild\tDefaultGODEBUG=fips140=on\nbuild\tGOFIPS140=latest\n'
image go-plain
# one that cannot be read
mkdir broken
image broken
printf x >>"broken.oci/blobs/sha256/$(sha256sum broken.tar.gz | cut -d' ' -f1)"

cat >cluster.ndjson <<'EOF'
{"key":"reg.example/unseen@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","kind":"kube.image","observation":{"attributes":{"digest":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","namespaces":["a"],"references":["reg.example/unseen:1"]},"outcome":"observed"},"provenance":{"collector":"kube/1","source":"/api/v1/pods"},"scope":"kube/c1"}
{"coverage":{"calls":1,"collector":"kube","denied":0,"gaps":[],"kinds":["kube.image"],"outcome":"observed","reason":null,"scope":"kube/c1","subjects":1}}
EOF
"$exhibit" init --now 2026-07-01T00:00:00Z >out
"$exhibit" collect import cluster.ndjson --now 2026-07-01T00:00:00Z >out
"$exhibit" collect image oci:exact-fips.oci oci:stream.oci oci:different-fips.oci \
	oci:old.oci oci:none-fips.oci oci:empty.oci oci:boring.oci oci:broken.oci \
	oci:unread.oci oci:go-fips.oci oci:go-plain.oci \
	--now 2026-07-01T01:00:00Z >out || true

# ledger DATE: what the query says
"$exhibit" query modules --param scope='image/*' --now 2026-08-01T00:00:00Z \
	--format csv >ledger.csv
# row IMAGE TEXT...: one line of the ledger is of this image and holds these
row() {
	r_image=$1
	grep -F "oci:$r_image.oci" ledger.csv >rows || {
		wrong "no row of $r_image"
		return 0
	}
	shift
	for r_text; do
		grep -F -- "$r_text" rows >more || wrong "$r_image: no row with $r_text: $(cat rows)"
		mv more rows
	done
}
row exact-fips 'OpenSSL FIPS Provider,3.1.2,4985' exact active 'the build of certificate 4985'
row stream '3.1.9,4985' stream 'another build in the stream of certificate 4985'
row different-fips 3.9.0 different
row old '3.0.8,4282' exact 'active'
row none-fips none 'OpenSSL 3.4.1 without a FIPS provider in the image'
row stream libsodium none 'the catalogue knows no certificate of it'
row empty 'no library of cryptography was recognised'
row boring BoringCrypto 'cannot tell' 'it does not say which version it is'
row unread 'cannot tell' '1 of its files could not be told, for instance bin/cut'
row unread 3.1.2 exact
row go-fips 'Go Cryptographic Module,v1.0.0-c2097c7c,5247' exact
row go-plain none 'start without FIPS mode (for instance app)'
row go-plain none 'no version that was validated (for instance other)'
row broken 'cannot tell' 'could not be looked through'
grep -q 'reg.example/unseen.*not looked at' ledger.csv || {
	"$exhibit" query modules --now 2026-08-01T00:00:00Z --format csv |
		grep -q 'not looked at' || wrong "an image in use that nobody looked at is missing"
}

# judged CHECK IMAGE VERDICT TEXT [DATE]
judge() {
	"$exhibit" assess --now "$1T12:00:00Z" --max-age 0 >out || [ $? = 1 ]
	"$exhibit" query "SELECT check_id, scope, verdict, reason FROM verdict WHERE check_id LIKE 'image-%'" \
		--format csv >verdicts.csv
}
judged() {
	grep -F "$1,image/oci:$2.oci,$3," verdicts.csv >rows || {
		wrong "$1 of $2 is not $3: $(grep -F "$1,image/oci:$2.oci" verdicts.csv)"
		return 0
	}
	grep -qF -- "$4" rows || wrong "$1 of $2 does not say $4: $(cat rows)"
}
judge 2026-08-01
judged image-looked-at exact-fips satisfied 'looked through'
judged image-looked-at broken unknown 'bytes that its manifest names'
judged image-module-validated exact-fips satisfied 'certificate 4985'
judged image-module-validated stream satisfied 'stream'
judged image-module-validated different-fips not-satisfied 'neither its build nor its series'
judged image-module-validated none-fips not-satisfied 'without a FIPS provider'
judged image-module-validated empty unknown 'no library of cryptography was recognised'
judged image-module-validated boring unknown 'which version'
judged image-module-validated broken unknown 'could not be looked through'
judged image-certificate-status old satisfied '4282'
judged image-certificate-status none-fips not-applicable 'no certificate is in question'
judged image-fips-claim exact-fips satisfied 'openssl exact, certificate 4985'
judged image-fips-claim none-fips not-satisfied 'its name claims it (none-fips.oci)'
judged image-fips-claim different-fips not-satisfied 'different'
judged image-fips-claim stream not-applicable 'claims nothing'
judged image-openssl-active exact-fips satisfied '/etc/ssl/openssl.cnf activates it'
judged image-openssl-active stream unknown 'openssl.cnf does not tell'
judged image-openssl-active none-fips not-applicable 'no FIPS provider is in it'
judged image-unvalidated-beside stream not-satisfied 'libsodium.so is needed by 1 files, for instance bin/app'
judged image-unvalidated-beside exact-fips satisfied 'no other cryptography was recognised'
judged image-unvalidated-beside none-fips not-applicable 'no validated module'
judged image-looked-at unread unknown '1 files could not be told'
judged image-module-validated unread unknown 'could not be told'
judged image-unvalidated-beside unread unknown 'cannot be told'
judged image-go-fips unread unknown 'some files could not be told'
judged image-go-fips go-fips satisfied "all 1 programs of Go compute with Go's module"
judged image-go-fips go-plain not-satisfied '2 of 2 programs'
judged image-module-validated go-fips satisfied 'certificate 5247'
judged image-fips-claim go-fips satisfied 'go exact, certificate 5247'
judged image-go-fips exact-fips not-applicable 'no program of Go'
missing exhibit.db 2026-08-01T12:00:00Z together 'image/' 'sha256:' '"scope":"kube/' ||
	wrong "less evidence, better verdicts"
grep -q 'image-looked-at,kube/c1,unknown,' verdicts.csv ||
	wrong "an image in use that nobody looked at is not unknown"

# the same evidence, after FIPS 140-2 ended
judge 2026-10-01
judged image-certificate-status old not-satisfied 'historical'
judged image-certificate-status exact-fips satisfied '4985'

"$exhibit" query images --now 2026-08-01T00:00:00Z --format csv >images.csv
grep -q 'oci:exact-fips.oci,linux/amd64,sha256:.*,exact-fips.oci,' images.csv ||
	wrong "query images: $(head -3 images.csv)"

[ "$failed" = 0 ] && echo "images are judged"
exit "$failed"
