#!/bin/sh
# pki.sh DIR: keys, certificates and signatures for the tests, made by the
# stock openssl program. Every certificate is valid from 2020 to 2045 unless
# its name says otherwise, so the tests need no clock.
#
#	root > inter > p256 p384 p521 rsa2048 rsa3072 pss3072 …
#	NAME.key NAME.pem, NAME-chain.pem (with the intermediate)
#	other.pem: a root that issued nothing
set -eu

dir=$1
mkdir -p "$dir"
cd "$dir"
umask 077
# nothing of the user's configuration, and none of his environment
unset OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES || :
exec 2>pki.log

cat >ca.cnf <<'CNF'
[ca]
default_ca = any
[any]
database = index.txt
new_certs_dir = .
rand_serial = yes
unique_subject = no
policy = policy
default_md = sha384
default_startdate = 20200101000000Z
default_enddate = 20450101000000Z
[policy]
commonName = supplied
[req]
distinguished_name = dn
[dn]
[ca_ext]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[usage]
basicConstraints = critical,CA:FALSE
keyUsage = critical,keyEncipherment
[web]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth,clientAuth
[code]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = codeSigning
[mail]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth,emailProtection
[document]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,1.3.6.1.5.5.7.3.36
[anyuse]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = anyExtendedKeyUsage
[web_ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
extendedKeyUsage = serverAuth
CNF
: >index.txt

ec() { # NAME CURVE
	openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$2" \
		-out "$1.key"
}
rsa() { # NAME BITS [ALGORITHM]
	openssl genpkey -algorithm "${3:-RSA}" \
		-pkeyopt "rsa_keygen_bits:$2" -out "$1.key"
}
issue() { # NAME ISSUER EXTENSIONS [ca options]
	name=$1 ca=$2 ext=$3
	shift 3
	case $ca in
	self) set -- -selfsign -keyfile "$name.key" "$@" ;;
	*) set -- -cert "$ca.pem" -keyfile "$ca.key" "$@" ;;
	esac
	openssl req -new -config ca.cnf -key "$name.key" \
		-subj "/CN=exhibit test $name" -out "$name.csr"
	openssl ca -batch -notext -config ca.cnf -extensions "$ext" \
		-in "$name.csr" -out "$name.pem" "$@"
	rm "$name.csr"
	cat "$name.pem" inter.pem >"$name-chain.pem" 2>/dev/null || :
}

ec root P-384
issue root self ca_ext
ec other P-256
issue other self ca_ext
ec inter P-256
issue inter root ca_ext
rsa weakca 1024
issue weakca root ca_ext

ec p256 P-256
ec p384 P-384
ec p521 P-521
rsa rsa2048 2048
rsa rsa3072 3072
rsa pss3072 3072 RSA-PSS
for name in p256 p384 p521 rsa2048 rsa3072 pss3072; do
	issue "$name" inter leaf
done

# what must be refused
rsa rsa1024 1024
ec p224 P-224
ec k256 secp256k1
openssl genpkey -algorithm ED25519 -out ed25519.key
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
	-pkeyopt ec_param_enc:explicit -out explicit.key
for name in rsa1024 p224 k256; do
	issue "$name" inter leaf
done
issue ed25519 inter leaf
issue explicit inter leaf
cp p256.key usage.key
issue usage inter usage
cp p256.key expired.key
issue expired inter leaf -startdate 20200101000000Z -enddate 20210101000000Z
cp p256.key future.key
issue future inter leaf -startdate 20400101000000Z
cp p256.key underweak.key
issue underweak weakca leaf
cp p256.key sha1cert.key
issue sha1cert inter leaf -md sha1
cp p256.key twin.key
issue twin inter leaf # the same key in another certificate
cp p256.key notca.key
issue notca p384 leaf # issued by one that may not issue

for name in web code mail document anyuse; do # for a purpose
	cp p256.key $name.key
	issue $name inter $name
done
ec webca P-256
issue webca root web_ca
cp p256.key underweb.key
issue underweb webca leaf
cat underweb.pem webca.pem >underweb-chain.pem

openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out sm2.key
issue sm2 inter leaf
cp inter.key issuer.key # a CA's own key and certificate
cp inter.pem issuer.pem

# revoked since 2026-06-01, and the lists that say so
cp p256.key revoked.key
issue revoked inter leaf
openssl ca -config ca.cnf -cert inter.pem -keyfile inter.key \
	-revoke revoked.pem -crl_reason keyCompromise
sed -i 's/[0-9]*Z,keyCompromise/260601000000Z,keyCompromise/' index.txt
crl() { # NAME ISSUER FROM UNTIL
	openssl ca -config ca.cnf -cert "$2.pem" -keyfile "$2.key" -gencrl \
		-crl_lastupdate "$3" -crl_nextupdate "$4" -out "$1.crl"
}
crl root root 20200101000000Z 20450101000000Z
crl inter inter 20260602000000Z 20450101000000Z
crl stale inter 20260602000000Z 20260603000000Z
cat root.crl inter.crl >all.crl
cat root.crl stale.crl >stale-all.crl
openssl crl -in inter.crl -outform DER -out inter.der
ec forger P-256
openssl req -x509 -new -config ca.cnf -key forger.key -out forger.pem \
	-subj '/CN=exhibit test inter' -days 9000 -extensions ca_ext
crl forged forger 20260602000000Z 20450101000000Z
cat root.crl forged.crl >forged-all.crl

# self-signed, as exhibit makes them
ec self P-256
issue self self leaf

# other containers of the same keys; the passphrase is "correct horse"
openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 1000 -in p256.key \
	-passout 'pass:correct horse' -out p256-enc.key
openssl ec -in p256.key -aes-256-cbc -passout 'pass:correct horse' \
	-out p256-old.key
openssl pkey -in p256.key -outform DER -out p256.der
openssl pkcs12 -export -inkey p256.key -in p256.pem -certfile inter.pem \
	-passout 'pass:correct horse' -iter 1000 -out p256.p12
openssl pkcs12 -export -inkey p256.key -in p256.pem -passout pass: \
	-iter 1000 -out p256-nopass.p12
cat p256.key p256-chain.pem >p256-all.pem
cat p256-enc.key p256-chain.pem >p256-enc-all.pem
printf 'not a key\n' >garbage.key
cp p256.key damaged.key
printf -- '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n' \
	>>damaged.key

# signatures by the stock tool over "content"
printf 'what was signed\n' >content
sign() { # NAME SIGNER options
	out=$1 who=$2
	shift 2
	openssl cms -sign -binary -in content -signer "$who.pem" \
		-inkey "$who.key" -certfile inter.pem -nosmimecap \
		-outform DER -out "$out.p7s" "$@"
}
sign stock p384 -md sha384 -cades
sign stock-sha256 rsa3072 -md sha256 -cades
sign stock-pss rsa3072 -md sha384 -cades -keyopt rsa_padding_mode:pss
sign stock-keyid p256 -md sha512 -cades -keyid
sign not-cades p256 -md sha384
sign sha1 p256 -md sha1 -cades
sign sha224 p256 -md sha224 -cades
sign embedded p256 -md sha384 -cades -nodetach
sign no-attributes p256 -md sha384 -noattr
sign no-certificate p256 -md sha384 -cades -nocerts
sign streamed p256 -md sha384 -cades -stream -nodetach
sign usage usage -md sha384 -cades
sign weak rsa1024 -md sha384 -cades
sign explicit explicit -md sha384 -cades
sign underweak underweak -md sha384 -cades -certfile weakca.pem
sign sha1cert sha1cert -md sha384 -cades
sign notca notca -md sha384 -cades -certfile p384-chain.pem
sign web web -md sha384 -cades
sign code code -md sha384 -cades
sign underweb underweb -md sha384 -cades -certfile webca.pem
sign expired expired -md sha384 -cades # signed now: after its end
openssl cms -sign -binary -in content -signer inter.pem -inkey inter.key \
	-nosmimecap -outform DER -out issuer.p7s -md sha384 -cades
sign two p256 -md sha384 -cades -signer p384.pem -inkey p384.key
openssl cms -data_create -in content -outform DER -out data.p7s
openssl cms -encrypt -binary -in content -aes256 -outform DER \
	-out encrypted.p7s p256.pem
