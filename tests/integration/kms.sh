#!/bin/sh
# Signing with a key in AWS KMS: a server of our own that checks each request's
# signature and parameters and signs as KMS does. What it signs is verified by
# the stock openssl; what it must not do, or does wrong, is told.
# usage: kms.sh EXHIBIT AWS_SERVER
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
run() { # STATUS ARG...: with nothing of the caller's environment
	status=$1
	shift
	got=0
	env -i HOME="$dir" PATH="$PATH" ASAN_OPTIONS="${ASAN_OPTIONS:-}" \
		AWS_EC2_METADATA_DISABLED=true \
		AWS_ACCESS_KEY_ID=AKIAEXHIBITTEST00001 \
		AWS_SECRET_ACCESS_KEY=secret/of+the/first+key ${region:-} \
		"$exhibit" "$@" >out 2>&1 || got=$?
	[ $got = "$status" ] || fail "$*: status $got, not $status"
}
says() {
	for text; do
		grep -qF -- "$text" out || fail "the answer lacks '$text'"
	done
}

sh "$here/pki.sh" pki
mkdir kms
cat >kms/common.sh <<'SH'
body=$(cat)
member() {
	printf %s "$body" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}
refuse() { # CODE
	printf 'HTTP/1.1 400 Bad\nContent-Type: application/x-amz-json-1.1\nx-amzn-errortype: %s\n\n{"__type":"%s","message":"refused"}' "$1" "$1"
	exit
}
answer() {
	printf 'HTTP/1.1 200 OK\nContent-Type: application/x-amz-json-1.1\n\n%s' "$1"
	exit
}
id=$(member KeyId)
key=${id##*/}
case $key in
denied) refuse AccessDeniedException ;;
off) refuse DisabledException ;;
empty) answer '{}' ;;
noise) answer '{"PublicKey":"AAAA","Signature":"AAAA"}' ;;
esac
file=${key%-*} # rsa3072-liar
[ -e "../pki/$file.key" ] || refuse NotFoundException
SH
cat >kms/public.sh <<'SH'
. ./common.sh
answer "{\"KeyId\":\"$id\",\"KeyUsage\":\"SIGN_VERIFY\",\"PublicKey\":\"$(openssl pkey \
	-in ../pki/$file.key -pubout -outform DER | base64 -w 0)\"}"
SH
cat >kms/sign.sh <<'SH'
. ./common.sh
[ "$(member MessageType)" = DIGEST ] || refuse ValidationException
member Message | base64 -d >../digest
size=$(wc -c <../digest)
# AWS KMS Developer Guide: one algorithm a curve
case $file:$(member SigningAlgorithm):$size in
p256:ECDSA_SHA_256:32 | rsa*:RSASSA_PKCS1_V1_5_SHA_384:48) ;;
p384:ECDSA_SHA_384:48 | p521:ECDSA_SHA_512:64) ;;
*) refuse ValidationException ;;
esac
case $key in
*-liar) head -c "$size" /dev/zero >../digest ;;
*-away) refuse KMSInternalException ;;
esac
answer "{\"KeyId\":\"$id\",\"Signature\":\"$(openssl pkeyutl -sign \
	-inkey ../pki/$file.key -in ../digest \
	-pkeyopt digest:sha$((size * 8)) | base64 -w 0)\"}"
SH
echo '!run sh public.sh' >kms/kms.GetPublicKey
echo '!run sh sign.sh' >kms/kms.Sign
"$server" "$dir/kms" log >port &
pid=$!
i=0
while [ ! -s port ] && [ $i -lt 3000 ]; do
	sleep 0.1
	i=$((i + 1))
done
[ -s port ] || fail "the server does not start"
port=$(cat port)

run 0 init --store s.db --name kms --now 2026-03-01
cat >lines <<'LINES'
{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":1},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/web-1"}
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":1}}
LINES
arn=awskms:arn:aws:kms:us-east-1:123456789012:key
at="?endpoint-url=http://127.0.0.1:$port"
by_openssl() { # DIGEST: the newest checkpoint's signature
	rm -f note note.p7s
	sqlite3 s.db "SELECT writefile('note', note), writefile('note.p7s',
		cms) FROM checkpoint ORDER BY id DESC LIMIT 1" >/dev/null
	openssl cms -verify -binary -cades -purpose any -inform DER \
		-in note.p7s -content note -CAfile pki/root.pem \
		-out /dev/null >out 2>&1 || fail "openssl refuses it"
	openssl cms -cmsout -print -inform DER -in note.p7s |
		grep -A 1 digestAlgorithms: -A 3 | grep -q "$1" ||
		fail "not by $1"
}
for key in p384:sha384 p256:sha256 p521:sha512 rsa3072:sha384; do
	name=${key%:*}
	run 0 collect import lines --store s.db --key "$arn/$name$at" \
		--cert "pki/$name-chain.pem"
	by_openssl "${key#*:}"
done
run 0 key show --key "awskms:alias/p384$at&region=us-east-1" \
	--cert pki/p384-chain.pem
says 'ECDSA P-384' 'CN=exhibit test p384'
region=AWS_REGION=us-west-2
run 0 key show --key "awskms:alias/p384$at" --cert pki/p384-chain.pem
region=
grep -q '^kms.Sign us-east-1 AKIAEXHIBITTEST00001 signed' log ||
	fail "no signed request for a signature"
grep -q '^kms.GetPublicKey us-west-2 ' log || fail "not in the region"
grep -v ' signed$' log && fail "a request was not signed"
run 0 verify --store s.db --trust pki/root.pem

before=$(sqlite3 s.db 'SELECT count(*) FROM checkpoint')
refuses() { # TEXT ARG...: no signer
	text=$1
	shift
	run 2 key show "$@"
	says "$text"
}
refuses 'KMS keeps no certificate' --key "$arn/p384$at"
refuses 'belongs to the key' --key "$arn/p384$at" --cert pki/p256-chain.pem
refuses 'AccessDenied' --key "$arn/denied$at" --cert pki/p384-chain.pem
refuses 'NotFoundException' --key "$arn/nobody$at" --cert pki/p384-chain.pem
refuses 'no .PublicKey' --key "$arn/empty$at" --cert pki/p384-chain.pem
refuses 'neither ECDSA on a NIST curve nor RSA' --key "$arn/noise$at" \
	--cert pki/p384-chain.pem
refuses 'neither ECDSA on a NIST curve nor RSA' --key "$arn/ed25519$at" \
	--cert pki/ed25519-chain.pem
refuses 'secp256k1' --key "$arn/k256$at" --cert pki/k256-chain.pem
refuses 'RSA of 1024 bits' --key "$arn/rsa1024$at" --cert pki/rsa1024-chain.pem
refuses 'in which region' --key "awskms:alias/p384$at" \
	--cert pki/p384-chain.pem
refuses 'no name of a region' --key "awskms:alias/p384$at&region=a/b" \
	--cert pki/p384-chain.pem
refuses 'alone' --key "$arn/p384$at&profile=x" --cert pki/p384-chain.pem
refuses 'say awskms:' --key awskms: --cert pki/p384-chain.pem
run 3 collect import lines --store s.db --key "$arn/rsa3072-liar$at" \
	--cert pki/rsa3072-chain.pem
says 'the signature that came back from where the key is'
run 2 collect import lines --store s.db --key "$arn/p384-away$at" \
	--cert pki/p384-chain.pem
says 'KMSInternalException'
[ "$before" = "$(sqlite3 s.db 'SELECT count(*) FROM checkpoint')" ] ||
	fail "a checkpoint was kept with a signature that was not had"
run 1 report --store s.db --key "$arn/p384$at" --cert pki/p384-chain.pem
for file in xml html; do
	openssl cms -verify -binary -cades -purpose any -inform DER \
		-in exhibit-report.$file.p7s -content exhibit-report.$file \
		-CAfile pki/root.pem -out /dev/null >out 2>&1 || fail "$file"
done
grep -q 'name="key-held-by" value="AWS KMS"' exhibit-report.xml ||
	fail "the report does not say where the key is"
grep -q 'Its key is held by AWS KMS' exhibit-report.html ||
	fail "the page does not say where the key is"
run 0 verify --store s.db exhibit-report.xml --trust pki/root.pem
says 'made anew from the store: the same bytes'
grep -qF 'secret/of' s.db out && fail "a secret was kept"
echo ok
