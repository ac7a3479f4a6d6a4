#!/bin/sh
# --fips: everything that is hashed, signed and verified goes through a FIPS
# provider, or nothing is done. A provider is one that OpenSSL finds by itself,
# or that EXHIBIT_TEST_FIPS_CONF (an openssl.cnf) and EXHIBIT_TEST_FIPS_MODULES
# (the folder of fips.so) name.
# usage: fips.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")/.." && pwd)
command -v openssl >/dev/null || {
	echo "skipped: no openssl here"
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
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
	"$exhibit" "$@" >out 2>&1 </dev/null || got=$?
	[ $got = "$status" ] || fail "$*: status $got, not $status"
}
says() {
	for text; do
		grep -qF -- "$text" out || fail "the answer lacks '$text'"
	done
}

# ---- without a provider: nothing, and why
printf 'openssl_conf = init\n[init]\n' >none.cnf
mkdir none
export OPENSSL_CONF="$dir/none.cnf" OPENSSL_MODULES="$dir/none"
run 2 init --fips
says '--fips: OpenSSL has no FIPS provider here that loads'
[ ! -e exhibit.db ] || fail "a store was made without a provider"
printf 'no module\n' >none/fips.so
run 2 key new --fips
says '--fips: OpenSSL has no FIPS provider here that loads'
[ ! -e exhibit-key.pem ] || fail "a key was made without a provider"

# ---- with one
unset OPENSSL_CONF OPENSSL_MODULES
if [ -n "${EXHIBIT_TEST_FIPS_CONF:-}" ]; then
	export OPENSSL_CONF="$EXHIBIT_TEST_FIPS_CONF"
	export OPENSSL_MODULES="$EXHIBIT_TEST_FIPS_MODULES"
fi
"$exhibit" init --fips >out 2>&1 || {
	grep -qF 'no FIPS provider here that loads' out || fail "init --fips"
	echo "no provider was tried: there is none here"
	exit 0
}
(
	unset OPENSSL_CONF OPENSSL_MODULES
	sh "$here/pki.sh" pki
)
echo 'correct horse' >pass
cat >lines <<'LINES'
{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":1},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/web-1"}
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":1}}
LINES

for key in p256 p384 p521 rsa3072 pss3072; do
	run 0 collect import lines --fips --key pki/$key.key \
		--cert pki/$key-chain.pem
	run 0 verify --fips --trust pki/root.pem --crl pki/all.crl
done
run 0 key show --fips --key pki/p256-enc.key --cert pki/p256.pem \
	--passphrase-file pass
run 2 key show --fips --key pki/p256.p12 --passphrase-file pass
says 'no FIPS provider has; with --fips use PKCS#8'
run 2 key show --fips --key pki/p256-old.key --cert pki/p256.pem \
	--passphrase-file pass
run 2 key show --fips --key 'pkcs11:token=a;object=b' --cert pki/p256.pem
says 'with --fips'
run 1 report --fips --format xml --xmldsig --key pki/p384.key \
	--cert pki/p384-chain.pem
grep -q 'name="module" value="[^"]* [0-9][^"]* (build [^"]*), libcrypto [^"]*, fips=yes"' \
	exhibit-report.xml || fail "the report does not name the module"
for mode in --fips ''; do # verified in either mode, to the same bytes
	# shellcheck disable=SC2086
	run 0 verify $mode exhibit-report.xml --trust pki/root.pem
	says 'made anew from the store: the same bytes' 'holds'
done
run 0 key new --fips --key k.pem --cert c.pem
echo ok
