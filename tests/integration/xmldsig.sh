#!/bin/sh
# Detached XML signatures of the report: verified by exhibit and by xmlsec1,
# and every way of being wrong refused by both, or by exhibit where xmlsec1 has
# another idea of what a signature may be.
# usage: xmldsig.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")/.." && pwd)
for tool in openssl xmlsec1 xmllint; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
unset OPENSSL_CONF || :

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
		grep -qF -- "$text" out || fail "$what: the answer lacks '$text'"
	done
}
what='the first one'

sh "$here/pki.sh" pki
run 0 init
cat >lines <<'LINES'
{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":1},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/web-1"}
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":1}}
LINES
run 0 collect import lines
by_xmlsec() { # FILE [CA]
	xmlsec1 --verify --enabled-key-data x509 --trusted-pem "${2:-$dir/pki/root.pem}" \
		--enabled-reference-uris empty,same-doc,local,remote \
		"$1.xmldsig" >out 2>&1
}
for key in p256 p384 p521 rsa3072; do
	what=$key
	run 1 report --format xml --output "r-$key" --xmldsig \
		--key pki/$key.key --cert pki/$key-chain.pem
	run 0 verify --store exhibit.db "r-$key.xml" --trust pki/root.pem
	says "r-$key.xml.xmldsig: the XML signature of CN=exhibit test $key holds"
	xmllint --noout "r-$key.xml.xmldsig" || fail "$key: not well-formed"
	by_xmlsec "r-$key.xml" || fail "xmlsec1 refuses what $key signed"
	by_xmlsec "r-$key.xml" pki/other.pem && fail "xmlsec1 trusts anybody"
	run 3 verify --store exhibit.db "r-$key.xml" --trust pki/other.pem
	says "r-$key.xml.xmldsig: the signer is not trusted"
done
run 1 verify --store exhibit.db r-p384.xml
says 'holds (NOT TRUSTED)'
run 0 verify --store exhibit.db r-p384.xml --trust pki/root.pem \
	--crl pki/all.crl
run 3 verify --store exhibit.db r-p384.xml --trust pki/root.pem \
	--crl pki/inter.crl
says 'r-p384.xml.xmldsig: the signer: whether it was revoked'
what='what cannot be'
run 2 report --format xml --output r --xmldsig --key pki/pss3072.key \
	--cert pki/pss3072-chain.pem
says 'RSA-PSS'
run 2 report --format xml --output 'r r' --xmldsig --key pki/p256.key \
	--cert pki/p256-chain.pem
says 'names its file'
run 2 report --format xml --output r --xmldsig --unsigned
says '--xmldsig with --unsigned'

count=0
cp r-p256.xml r.xml
cp r-p256.xml.p7s r.xml.p7s
sed s/r-p256.xml/r.xml/ r-p256.xml.xmldsig >renamed
run 1 report --format xml --output t --xmldsig --key pki/p256.key \
	--cert pki/p256-chain.pem
# tampered WHAT TEXT [xmlsec1 too]: t.xml.xmldsig was edited
tampered() {
	what=$1
	cmp -s good.xmldsig t.xml.xmldsig && cmp -s good.xml t.xml &&
		fail "$1: nothing was changed"
	got=0
	"$exhibit" verify t.xml --trust ../pki/root.pem >out 2>&1 || got=$?
	[ $got = 3 ] || fail "$1: status $got, not 3"
	says "t.xml.xmldsig: $2"
	[ $# = 2 ] || ! by_xmlsec t.xml || fail "$1: xmlsec1 takes it"
	count=$((count + 1))
	cp good.xmldsig t.xml.xmldsig
	cp good.xml t.xml
}
edit() { # SED
	sed -i "$1" t.xml.xmldsig
}
mkdir alone # without a store: only the signatures are asked of
mv t.xml* alone
cp r-p384.xml.xmldsig renamed alone
cd alone
cp t.xml.xmldsig good.xmldsig
cp t.xml good.xml
run 1 verify t.xml --trust ../pki/root.pem
form='not an XML signature of t.xml as exhibit writes it'
printf ' ' >>t.xml
tampered 'a byte more' 'the bytes are not those that were signed' both
cp r-p384.xml.xmldsig t.xml.xmldsig
tampered "another file's" "$form"
cp renamed t.xml.xmldsig
edit 's/r\.xml/t.xml/'
tampered "another file's, renamed" 'the XML signature was not made by the key' both
edit '0,/<ds:DigestValue>./s//<ds:DigestValue>_/'
tampered 'no base64' "$form" both
edit '0,/<ds:DigestValue>[^<]*/s//<ds:DigestValue>AAAA/'
tampered 'a short digest' 'the XML signature was not made by the key' both
edit 's/<ds:SignatureValue>..../<ds:SignatureValue>AAAA/'
tampered 'another value' 'the XML signature was not made by the key' both
edit 's/<ds:SignatureValue>..../<ds:SignatureValue>/'
tampered 'a short value' "the signature's value is not of the key's length" both
edit 's/ecdsa-sha384/ecdsa-sha256/'
tampered 'another algorithm' "$form" both
edit 's/ecdsa-sha384/rsa-sha384/'
tampered "another key's algorithm" 'the signature algorithm does not fit' both
certificate() { # NAME: its base64
	sed '/^-/d' "../pki/$1.pem" | tr -d '\n'
}
edit "0,/<ds:X509Certificate>[^<]*/s||<ds:X509Certificate>$(certificate twin)|"
tampered 'another certificate of the key' 'the certificates are not those' both
edit "0,/<ds:X509Certificate>[^<]*/s||<ds:X509Certificate>$(certificate p384)|"
tampered 'a certificate of another curve' "the signature's value is not of" both
edit "0,/<ds:X509Certificate>[^<]*/s||<ds:X509Certificate>$(certificate self)|"
tampered 'another certificate' 'the XML signature was not made by the key' both
edit "0,/<ds:X509Certificate>[^<]*/s||<ds:X509Certificate>$(certificate inter)|"
tampered "the CA's certificate" 'the certificate of CN=exhibit test inter is a'
edit "0,/<ds:X509Certificate>[^<]*/s||<ds:X509Certificate>$(certificate rsa1024)|"
tampered 'a weak key' "the signer's certificate: RSA of 1024 bits"
edit 's/<ds:X509Data>/<ds:X509Data><!-- -->/'
tampered 'a comment' "$form"
edit 's/ URI="t.xml"/ Type="x" URI="t.xml"/'
tampered 'an attribute' "$form" both
edit 's/<ds:Reference URI="t.xml">/&<ds:Transforms><ds:Transform Algorithm="http:\/\/www.w3.org\/2000\/09\/xmldsig#enveloped-signature"><\/ds:Transform><\/ds:Transforms>/'
tampered 'a transform' "$form" both
edit '/URI="#key"/,/<\/ds:Reference>/d'
tampered 'the reference to the key removed' "$form" both
edit '2s/^/<!DOCTYPE x [<!ENTITY a "b">]>\n/'
tampered 'a DTD' "$form"
edit 's/ds:/d:/g; s/xmlns:ds/xmlns:d/'
tampered 'another prefix' "$form" both
edit '$d'
tampered 'cut off' "$form" both
printf '\n' >>t.xml.xmldsig
tampered 'something behind it' "$form"
: >t.xml.xmldsig
tampered 'empty' "$form" both
head -c 300000 /dev/zero >t.xml.xmldsig
tampered 'too large' 'too large for an XML signature' both
edit 's/<ds:KeyInfo.*//; /<ds:X509/d; /<\/ds:X509Data>/d; s/<\/ds:KeyInfo>/<ds:KeyInfo><ds:KeyValue><\/ds:KeyValue><\/ds:KeyInfo>/'
tampered 'a bare key' "$form" both
run 1 verify t.xml --trust ../pki/root.pem
echo "ok: $count kinds of tampering refused"
