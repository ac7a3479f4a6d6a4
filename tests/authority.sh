#!/bin/sh
# authority.sh DIR: what tsa_server needs to answer from DIR: a root, a
# certificate for stamping, one of another authority, and some that may not.
set -eu

mkdir -p "$1"
cd "$1"
section() { # NAME CERTIFICATE
	cat <<-CNF
		[$1]
		serial = serial
		crypto_device = builtin
		signer_cert = $2.pem
		signer_key = $2.key
		signer_digest = sha384
		certs = root.pem
		default_policy = 1.2.3.4.1
		digests = sha384
		accuracy = secs:1
		ess_cert_id_chain = no
		ess_cert_id_alg = sha256
	CNF
}
{
	section tsa stamp
	section other otherstamp
} >tsa.cnf
echo 01 >serial
ec='-newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -days 3000'
root() { # NAME
	openssl req -x509 $ec -keyout $1.key -out $1.pem -subj "/CN=$1" \
		-addext basicConstraints=critical,CA:TRUE \
		-addext keyUsage=critical,keyCertSign 2>/dev/null
}
issue() { # NAME ROOT EXTENSION...
	name=$1 ca=$2
	shift 2
	printf '%s\n' basicConstraints=critical,CA:FALSE "$@" >ext
	openssl req -new $ec -keyout "$name.key" -out csr \
		-subj "/CN=$name" 2>/dev/null
	openssl x509 -req -in csr -CA "$ca.pem" -CAkey "$ca.key" \
		-CAcreateserial -out "$name.pem" -days 2000 -sha384 \
		-extfile ext 2>/dev/null
}
root root
root otherroot
issue stamp root keyUsage=critical,digitalSignature \
	extendedKeyUsage=critical,timeStamping
issue otherstamp otherroot keyUsage=critical,digitalSignature \
	extendedKeyUsage=critical,timeStamping
issue mail root keyUsage=critical,digitalSignature \
	extendedKeyUsage=critical,emailProtection
issue both root keyUsage=critical,digitalSignature \
	extendedKeyUsage=timeStamping,serverAuth

