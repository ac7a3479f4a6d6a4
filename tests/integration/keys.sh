#!/bin/sh
# Where a signing key may be, and how its passphrase or PIN is had: files
# encrypted or not, PKCS#12, a PKCS#11 token (SoftHSM). Each signature is
# verified by the stock openssl; each way of being wrong is told by its name.
# usage: keys.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")/.." && pwd)
for tool in openssl script sqlite3; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
unset OPENSSL_CONF PKCS11_MODULE_PATH || :

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
by_openssl() { # the newest checkpoint's signature, by the stock tool
	rm -f note note.p7s
	sqlite3 keys.db "SELECT writefile('note', note), writefile('note.p7s',
		cms) FROM checkpoint ORDER BY id DESC LIMIT 1" >/dev/null
	openssl cms -verify -binary -cades -purpose any -inform DER \
		-in note.p7s -content note -CAfile pki/root.pem \
		-out /dev/null >out 2>&1 || fail "openssl refuses it"
	says 'CAdES Verification successful'
}
count=0
import() { # STATUS OPTION...: a run, whose checkpoint is signed
	status=$1
	count=$((count + 1))
	shift
	run "$status" collect import lines --store keys.db \
		--now "2026-03-02T00:$((10 + count)):00Z" "$@"
}
signs() { # OPTION...
	import 0 "$@"
	by_openssl
}
loads() { # OPTION...
	run 0 key show "$@"
	says 'CN=exhibit test p'
}
refuses() { # TEXT OPTION...: no such signer, and why
	text=$1
	shift
	run 2 key show "$@"
	says "$text"
}

sh "$here/pki.sh" pki
run 0 init --store keys.db --name keys --now 2026-03-01
cat >lines <<'LINES'
{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":1},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/web-1"}
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":1}}
LINES

# ---- files, and the four ways to a passphrase
chain='--cert pki/p256-chain.pem'
echo 'correct horse' >good
printf 'correct horse\r\nsecond line\n' >dos
echo 'battery staple' >bad
: >nothing
# shellcheck disable=SC2086
{
	loads --key pki/p256.key $chain
	signs --key pki/p256-enc.key $chain --passphrase-file good
	loads --key pki/p256-enc.key $chain --passphrase-file dos
	loads --key "file:$dir/pki/p256-enc.key" $chain --passphrase-file good
	loads --key pki/p256-enc-all.pem --passphrase-file good
	signs --key pki/p256.p12 --passphrase-file good
	loads --key pki/p256-nopass.p12 $chain
	loads --key pki/p256-enc.key $chain --passphrase-fd 7 7<good
	loads --key pki/p256.p12 --passphrase-fd 7 7<good # is asked twice
}
grep -rqF 'correct horse' keys.db && fail "a passphrase was kept"

typed() { # STATUS WHAT: typed at the terminal that asks
	got=0
	(
		sleep 1
		echo "$2"
		sleep 2
	) | script -qec "$exhibit key show --key pki/p256-enc.key \
		--cert pki/p256-chain.pem" /dev/null >out 2>&1 || got=$?
	[ $got = "$1" ] || fail "typed: status $got, not $1"
}
typed 0 'correct horse'
says 'Passphrase or PIN of pki/p256-enc.key: ' 'CN=exhibit test p256'
grep -qF 'correct horse' out && fail "what was typed was shown"
typed 2 'battery staple'
says 'not opened with the passphrase given'

# nobody is asked where there is no terminal
# shellcheck disable=SC2086
{
	setsid -w "$exhibit" key show --key pki/p256-enc.key $chain >out 2>&1 \
		</dev/null && fail "unlocked"
	says 'encrypted, and no passphrase was given'
	refuses 'not opened with the passphrase given' \
		--key pki/p256-enc.key $chain --passphrase-file bad
	refuses 'not opened with the passphrase given' \
		--key pki/p256.p12 --passphrase-file bad
	refuses 'encrypted, and no passphrase was given' \
		--key pki/p256-enc.key $chain --passphrase-file nothing
	refuses 'no open file has that number' \
		--key pki/p256-enc.key $chain --passphrase-fd 9
	refuses 'not the number of an open file' \
		--key pki/p256-enc.key $chain --passphrase-fd x
	refuses 'give one' --key pki/p256-enc.key $chain --passphrase-fd 0 \
		--passphrase-file good
	refuses 'none: No such file' --key pki/p256-enc.key $chain \
		--passphrase-file none
	refuses 'none.key' --key none.key $chain
	refuses 'holds no private key' --key pki/p256.pem
	refuses 'belongs to the key' --key pki/p384.key $chain
	refuses 'holds no certificate' --key pki/p256.key
	refuses 'in the old way' --key pki/p256-old.key $chain \
		--passphrase-file good
}
for name in expired future; do
	import 2 --key pki/$name.key --cert pki/$name-chain.pem
	says ' is valid from '
done
refuses 'does not allow digitalSignature' --key pki/usage.key \
	--cert pki/usage-chain.pem
refuses 'RSA of 1024 bits' --key pki/rsa1024.key --cert pki/rsa1024-chain.pem
refuses 'neither ECDSA nor RSA' --key pki/ed25519.key \
	--cert pki/ed25519-chain.pem
refuses 'elliptic curve secp256k1' --key pki/k256.key --cert pki/k256-chain.pem
refuses 'elliptic curve secp224r1' --key pki/p224.key --cert pki/p224-chain.pem

# ---- a token
engine=$(openssl version -e 2>/dev/null | cut -d '"' -f 2)
module=
for m in /usr/lib/softhsm/libsofthsm2.so /usr/lib64/pkcs11/libsofthsm2.so; do
	[ ! -e "$m" ] || module=$m
done
if [ -z "$module" ] || [ ! -e "$engine/pkcs11.so" ] ||
	! command -v softhsm2-util >/dev/null; then
	echo "no token was tried: needs softhsm2 and libengine-pkcs11-openssl"
	exit 0
fi
mkdir tokens
cat >softhsm2.conf <<-CNF
	directories.tokendir = $dir/tokens
	objectstore.backend = file
	log.level = ERROR
CNF
export SOFTHSM2_CONF="$dir/softhsm2.conf"
# the engine keeps what it allocated when a key is not to be had
export ASAN_OPTIONS=detect_leaks=0
softhsm2-util --init-token --free --label audit --so-pin 87654321 \
	--pin 123456 >/dev/null
id=0
for key in p384 p256 rsa3072 rsa1024; do
	id=$((id + 1))
	openssl pkcs8 -topk8 -nocrypt -in pki/$key.key -out token.key
	softhsm2-util --import token.key --token audit --pin 123456 \
		--label $key --id 0$id >/dev/null
	rm token.key
done
uri="pkcs11:token=audit;type=private"
at="?module-path=$module"
echo 123456 >pin
for key in p384 p256 rsa3072; do
	signs --key "$uri;object=$key$at" --cert pki/$key-chain.pem \
		--passphrase-file pin
done
run 0 key show --key "$uri;object=p256$at&pin-value=123456" \
	--cert pki/p256-chain.pem
run 0 verify --store keys.db --trust pki/root.pem
grep -qF 123456 keys.db && fail "a PIN was kept"
run 0 key show --key "$uri;object=p384$at" --cert pki/p384-chain.pem \
	--passphrase-file pin
says 'ECDSA P-384' 'held by a PKCS#11 token'

refuses 'PIN incorrect' --key "$uri;object=p384$at" --cert pki/p384-chain.pem \
	--passphrase-file bad
refuses 'PIN incorrect' --key "$uri;object=p384$at&pin-value=000000" \
	--cert pki/p384-chain.pem
grep -qF 000000 out && fail "a PIN was shown"
refuses 'no passphrase was given' --key "$uri;object=p384$at" \
	--cert pki/p384-chain.pem --passphrase-file nothing
refuses 'no such' --key "pkcs11:token=absent;type=private;object=p384$at" \
	--cert pki/p384-chain.pem --passphrase-file pin
refuses 'no such' --key "$uri;object=absent$at" --cert pki/p384-chain.pem \
	--passphrase-file pin
refuses 'belongs to the key' --key "$uri;object=p384$at" \
	--cert pki/p256-chain.pem --passphrase-file pin
refuses 'RSA of 1024 bits' --key "$uri;object=rsa1024$at" \
	--cert pki/rsa1024-chain.pem --passphrase-file pin
refuses 'pkcs11:' --key "$uri;object=p384?module-path=/none.so" \
	--cert pki/p384-chain.pem --passphrase-file pin
refuses 'not a PKCS#11 URI' --key "$uri;object=p384?module-path=%zz" \
	--cert pki/p384-chain.pem --passphrase-file pin
# the right PIN still opens it: a wrong one was tried once, not until it locked
run 0 key show --key "$uri;object=p384$at" --cert pki/p384-chain.pem \
	--passphrase-file pin
echo ok
