#!/bin/sh
# What exhibit signs, verified by BouncyCastle and the JDK: reports, packages
# with several signers and time stamps, XML signatures; and what they must not
# take, they do not.
# usage: second.sh EXHIBIT TSA_SERVER PACK
set -eu

exhibit=$1 server=$2 pack=$3
here=$(cd "$(dirname "$0")/.." && pwd)
for tool in openssl unzip java javac; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
jars=/usr/share/java
cp=$jars/bcprov.jar:$jars/bcpkix.jar:$jars/bcutil.jar
[ -e $jars/bcpkix.jar ] || {
	echo "skipped: no $jars/bcpkix.jar here (libbcpkix-java)"
	exit 77
}
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || :; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
unset OPENSSL_CONF SOURCE_DATE_EPOCH || :

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
second() {
	java -Xshare:auto -cp "$cp:$dir/classes" SecondVerifier "$@" >out 2>&1
}
javac -nowarn -cp $cp -d classes "$here/SecondVerifier.java" >out 2>&1 ||
	fail "javac"

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
stamped="--tsa http://127.0.0.1:$(cat tsa/port)/good --tsa-cert tsa/root.pem"
ca=pki/root.pem
run 0 init
cat >lines <<'LINES'
{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":1},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/web-1"}
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":1}}
LINES
run 0 collect import lines
by() { # NAME: options to sign by it
	echo "--key pki/$1.key --cert pki/$1-chain.pem"
}

# ---- reports, by every kind of key
# shellcheck disable=SC2046,SC2086
for key in p384 rsa3072 pss3072; do
	xml=--xmldsig
	[ $key != pss3072 ] || xml=
	run 1 report --format xml --output $key $xml $(by $key)
	second file $key.xml $ca - || fail "BouncyCastle refuses $key"
	grep -q "CN=exhibit test $key, claimed" out || fail "$key: not its name"
	second file $key.xml pki/other.pem - && fail "$key: trusts anybody"
	[ -z "$xml" ] || second xml $key.xml $ca || fail "the JDK refuses $key"
	[ -z "$xml" ] || ! second xml $key.xml pki/other.pem ||
		fail "$key: the JDK trusts anybody"
done
echo >>p384.xml
second file p384.xml $ca - && fail "BouncyCastle takes other bytes"
second xml p384.xml $ca && fail "the JDK takes other bytes"

# ---- a package, stamped and countersigned
# shellcheck disable=SC2046,SC2086
{
	run 1 package --output p.asice $(by p384) $stamped
	run 0 package --countersign p.asice --role reviewer $(by rsa3072) $stamped
	run 0 package --countersign p.asice --role approver $(by p256)
}
second package p.asice $ca tsa/root.pem || fail "BouncyCastle refuses the package"
for text in 'signature001.p7s: CN=exhibit test p384, stamped' \
	'signature002.p7s: CN=exhibit test rsa3072, stamped' \
	'signature003.p7s: CN=exhibit test p256, claimed' \
	'statement003.p7s: CN=exhibit test p256' 'checkpoint.p7s: CN' \
	'META-INF/timestamp001.tst: 20' 'META-INF/checkpoint.tst: 20'; do
	grep -qF "$text" out || fail "the second verifier lacks '$text'"
done
second package p.asice $ca tsa/otherroot.pem && fail "trusts any authority"
second package p.asice pki/other.pem tsa/root.pem && fail "trusts any CA"
refused() { # WHAT SED FILE: the package with that file edited
	rm -rf t bad.asice
	mkdir t
	unzip -q p.asice -d t
	LC_ALL=C sed -i "$2" "t/$3"
	"$pack" zip t bad.asice || fail pack
	second package bad.asice $ca tsa/root.pem && fail "$1 was taken"
	got=0
	"$exhibit" verify bad.asice --trust $ca --tsa-cert tsa/root.pem \
		>out 2>&1 || got=$?
	[ $got = 3 ] || fail "$1: exhibit says $got"
}
refused 'an edited page' 's/satisfied/Satisfied/' report.html
refused 'an edited manifest' 's/text\/csv/text\/plain/' META-INF/ASiCManifest001.xml
refused 'an edited statement' s/reviewer/approver/ META-INF/statement002.json
refused 'an edited checkpoint' '2s/.*/3/' checkpoint.txt
echo ok
