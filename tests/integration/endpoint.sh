#!/bin/sh
# exhibit asks a zoo of servers on loopback what they accept: openssl s_server
# with each version and kind of key, and those of tests/endpoint_server.c. What
# each accepts is written down here; sslscan, where installed, must agree.
# usage: endpoint.sh EXHIBIT ENDPOINT_SERVER
set -eu

exhibit=$1 server=$2
command -v openssl >/dev/null || {
	echo "skipped: no openssl here"
	exit 77
}
dir=$(mktemp -d)
pids=
stop() {
	for p in $pids; do
		kill "$p" 2>/dev/null || :
	done
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	[ ! -s out ] || cut -c1-400 out | head -20 >&2
	exit 1
}
ask() { # ARG...: collect, keep the lines in out
	"$exhibit" collect endpoint "$@" --emit >out 2>err || {
		cat err >&2
		fail "collect endpoint $*"
	}
}
has() { # TEXT [SCOPE]
	grep -F "\"scope\":\"endpoint/${2:-}" out | grep -qF -- "$1" ||
		fail "${2:-the answer} lacks '$1'"
}
lacks() {
	! grep -F "\"scope\":\"endpoint/${2:-}" out | grep -qF -- "$1" ||
		fail "${2:-the answer} has '$1'"
}
keys() { # KIND [PREFIX]: the sorted keys
	sed -n "s/^{\"key\":\"\($2[^\"]*\)\",\"kind\":\"$1\".*/\1/p" out | sort
}
accepts() { # KIND PREFIX: exactly the lines of standard input
	sort >want
	keys "$1" "$2" >got
	cmp -s want got || {
		diff want got >&2 || :
		fail "$1 $2: not what was written down"
	}
}

# ---- keys and certificates
certificate() { # NAME ARG...
	name=$1
	shift
	openssl req -x509 -nodes -days 300 -keyout "$name.key" -out "$name.pem" \
		-subj "/CN=$name" -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
		-addext keyUsage=digitalSignature,keyCertSign \
		-addext extendedKeyUsage=serverAuth "$@" 2>/dev/null || fail "openssl req $name"
}
certificate rsa -newkey rsa:2048
certificate ec -newkey ec -pkeyopt ec_paramgen_curve:P-384
certificate weak -newkey rsa:1024 -sha1
certificate ed -newkey ed25519
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout leaf.key -out leaf.csr -subj /CN=leaf 2>/dev/null
printf 'subjectAltName=DNS:other.example\nextendedKeyUsage=serverAuth\n' >ext
openssl x509 -req -in leaf.csr -CA ec.pem -CAkey ec.key -CAcreateserial \
	-days 100 -extfile ext -out leaf.pem 2>/dev/null

base=${EXHIBIT_TEST_TLS_PORT:-42440}
serve() { # PORT ARG...
	port=$1
	shift
	openssl s_server -accept "127.0.0.1:$port" -www "$@" >"s$port.log" 2>&1 &
	pids="$pids $!"
	pid=$!
	n=0
	until grep -q ACCEPT "s$port.log"; do
		kill -0 $pid 2>/dev/null || fail "s_server $*: $(cat "s$port.log")"
		n=$((n + 1))
		[ $n -lt 3000 ] || fail "s_server does not listen"
		sleep 0.05
	done
}
modern=$base old=$((base + 1)) only13=$((base + 2)) weak=$((base + 3))
chain=$((base + 4)) single=$((base + 5)) fips=$((base + 6))
serve $modern -cert rsa.pem -key rsa.key -dcert ec.pem -dkey ec.key \
	-serverpref -alpn h2,http/1.1 -no_dhe \
	-cipher ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305:AES128-SHA
serve $old -cert rsa.pem -key rsa.key -tls1_1 -no_dhe \
	-cipher AES128-SHA:ECDHE-RSA-AES256-SHA:@SECLEVEL=0
serve $only13 -cert ed.pem -key ed.key -tls1_3 -groups X25519:P-384 \
	-ciphersuites TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256
serve $weak -cert weak.pem -key weak.key -tls1_2 \
	-cipher DHE-RSA-AES128-GCM-SHA256:AECDH-AES128-SHA:@SECLEVEL=0
serve $chain -cert leaf.pem -key leaf.key -cert_chain ec.pem -tls1_2
serve $single -cert rsa.pem -key rsa.key -tls1_2 -groups P-521 \
	-cipher ECDHE-RSA-AES256-GCM-SHA384
serve $fips -cert ec.pem -key ec.key -serverpref -groups P-256:P-384 \
	-cipher ECDHE-ECDSA-AES256-GCM-SHA384 \
	-ciphersuites TLS_AES_256_GCM_SHA384

# ---- versions, suites, order, groups, signatures, certificates
ask 127.0.0.1:$modern
has '"versions":["TLS 1.3","TLS 1.2"]'
has '"preference":"server"'
has '"alpn":["h2","http/1.1"]'
has '"fips_client":"negotiated"'
has '"fips_version":"TLS 1.3"'
has '"unanswered":[]'
has '"extended_master_secret":true'
has '"server_name":null'
accepts tls.suite 'TLS 1.3' <<'LIST'
TLS 1.3/TLS_AES_128_GCM_SHA256
TLS 1.3/TLS_AES_256_GCM_SHA384
TLS 1.3/TLS_CHACHA20_POLY1305_SHA256
LIST
accepts tls.suite 'TLS 1.2' <<'LIST'
TLS 1.2/TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
TLS 1.2/TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
TLS 1.2/TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
TLS 1.2/TLS_RSA_WITH_AES_128_CBC_SHA
LIST
accepts tls.group 'TLS 1.3' <<'LIST'
TLS 1.3/ffdhe2048
TLS 1.3/ffdhe3072
TLS 1.3/ffdhe4096
TLS 1.3/ffdhe6144
TLS 1.3/ffdhe8192
TLS 1.3/secp256r1
TLS 1.3/secp384r1
TLS 1.3/secp521r1
TLS 1.3/x25519
TLS 1.3/x448
LIST
accepts tls.signature 'TLS 1.3' <<'LIST'
TLS 1.3/ecdsa_secp384r1_sha384
TLS 1.3/rsa_pss_rsae_sha256
TLS 1.3/rsa_pss_rsae_sha384
TLS 1.3/rsa_pss_rsae_sha512
LIST
accepts tls.certificate '' <<'LIST'
ec/0
rsa/0
LIST
has '"name":"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384","position":1,'
has '"name":"TLS_RSA_WITH_AES_128_CBC_SHA","position":4,'
has '"curve":"secp384r1"'
has '"key_bits":2048,"key_type":"rsaEncryption"'
has '"name_matches":true'
cp out first
ask 127.0.0.1:$modern
cmp -s out first || fail "the same server gave other bytes"
grep '"kind":"tls.suite"' out | sed 's/.*"name":"\([^"]*\)".*"version":"\([^"]*\)".*/\2 \1/' |
	sort >ours

ask localhost:$old
has '"server_name":"localhost"'
has '"versions":["TLS 1.1"]'
has '"fips_client":"refused"'
has '"preference":"client"'
accepts tls.suite '' <<'LIST'
TLS 1.1/TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA
TLS 1.1/TLS_RSA_WITH_AES_128_CBC_SHA
LIST

ask 127.0.0.1:$only13
has '"versions":["TLS 1.3"]'
has '"extended_master_secret":null'
has '"fips_client":"refused"'
accepts tls.suite '' <<'LIST'
TLS 1.3/TLS_AES_128_CCM_SHA256
TLS 1.3/TLS_CHACHA20_POLY1305_SHA256
LIST
accepts tls.group '' <<'LIST'
TLS 1.3/secp384r1
TLS 1.3/x25519
LIST
accepts tls.signature '' <<'LIST'
TLS 1.3/ed25519
LIST
accepts tls.certificate '' <<'LIST'
ed25519/0
LIST

ask 127.0.0.1:$weak
has '"key_bits":1024'
has '"signature_hash":"SHA1"'
accepts tls.suite '' <<'LIST'
TLS 1.2/TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
TLS 1.2/TLS_ECDH_anon_WITH_AES_128_CBC_SHA
LIST

ask 127.0.0.1:$chain
accepts tls.certificate '' <<'LIST'
ec/0
ec/1
LIST
has '"signed_by_next":true'
has '"name_matches":false'
has '"extended_key_usage":["TLS Web Server Authentication"]'

ask 127.0.0.1:$single
accepts tls.group '' <<'LIST'
TLS 1.2/secp521r1
LIST
has '"fips_group":"secp521r1"'

ask 127.0.0.1:$fips
accepts tls.group 'TLS 1.3' <<'LIST'
TLS 1.3/secp256r1
TLS 1.3/secp384r1
LIST

# ---- several at once, a file of them, those that cannot be reached
{
	echo "# comment"
	echo "127.0.0.1:$modern"
	echo "  https://127.0.0.1:$fips/path   # with a path"
} >list
ask 127.0.0.1:$modern 127.0.0.1:1 nowhere.invalid:443 --endpoints list
[ "$(grep -c '^{"coverage"' out)" = 4 ] || fail "not four endpoints"
has '"reason":"no TLS: connection refused"' 127.0.0.1:1
has '"outcome":"unreachable"' nowhere.invalid:443
echo "127.0.0.1:$fips" | "$exhibit" collect endpoint --endpoints - --emit |
	grep -q '"key":"127.0.0.1:'$fips'"' || fail "--endpoints -"
for bad in '' 'a b' 'x:0' 'x:65536' '[::1' 'gopher://x' '-x' '[x]:1' 'x:y'; do
	got=0
	"$exhibit" collect endpoint --emit -- "$bad" >out 2>err || got=$?
	[ $got = 2 ] || fail "'$bad': status $got, not 2"
done
got=0
"$exhibit" collect endpoint x --starttls gopher --emit >out 2>err || got=$?
[ $got = 2 ] || fail "--starttls gopher: status $got"

# ---- what no library speaks, STARTTLS, SSH, and the hostile
"$server" ports &
pids="$pids $!"
n=0
until grep -q '^end' ports 2>/dev/null; do
	n=$((n + 1))
	[ $n -lt 3000 ] || fail "endpoint_server does not start"
	sleep 0.05
done
at() {
	printf '127.0.0.1:%s' "$(sed -n "s/^$1 //p" ports)"
}
set --
for name in ssl3 bytewise tired closes stalls garbage floods warns alerts large \
	wrong-version not-offered retries; do
	set -- "$@" "$(at $name)"
done
for name in postgres mysql ldap smtp imap rdp; do
	set -- "$@" "$name://$(at $name)"
done
set -- "$@" "postgres://$(at postgres-without)" "rdp://$(at rdp-without)"
for name in ssh ssh-garbage ssh-floods; do
	set -- "$@" "ssh://$(at $name)"
done
ask --connection-time 1 "$@"
[ "$(grep -c '^{"coverage"' out)" = $# ] || fail "not every endpoint is told of"
has '"versions":["SSL 3.0"]' "$(at ssl3)"
has 'SSL 3.0/TLS_RSA_WITH_RC4_128_MD5' "$(at ssl3)"
for name in bytewise postgres mysql ldap smtp imap rdp; do
	has '"versions":["TLS 1.2"]' "$(at $name)"
	has '"name":"TLS_RSA_WITH_AES_128_GCM_SHA256","position":1' "$(at $name)"
	has '"name":"TLS_RSA_WITH_AES_128_CBC_SHA","position":2' "$(at $name)"
done
has '"starttls":"mysql"' "$(at mysql)"
reason() { # NAME OUTCOME REASON
	has "{\"outcome\":\"$2\",\"reason\":\"$3\"}" "$(at "$1")"
}
reason closes error 'no TLS: closed before an answer'
reason stalls unreachable 'no TLS: no answer in time'
reason garbage error 'no TLS: no TLS record'
reason floods error 'no TLS: records without end'
reason warns error 'no TLS: warning alerts without end'
reason postgres-without error 'no TLS: PostgreSQL answers that it has no TLS'
reason rdp-without error 'no TLS: RDP refuses TLS'
reason ssh-garbage error 'no SSH: not an SSH packet'
reason ssh-floods error 'no SSH: no SSH version line'
has '"versions":[]' "$(at alerts)"
has 'a handshake message of more than 131072 bytes' "$(at large)"
has 'first contact: no shape of hello is accepted' "$(at wrong-version)"
has 'first contact: no shape of hello is accepted' "$(at not-offered)"
has 'control: ' "$(at tired)"
# what was not answered in full is never concluded to be gone
has '{"kind":"tls.suite","outcome":"error","reason":"not every question was answered"}' \
	"$(at tired)"
has '"software":"Test_1.0 x","strict_kex":true' "$(at ssh)"
has '"class":"cipher","name":"aes128-cbc","position":2,"to_client":false,"to_server":true' \
	"$(at ssh)"
lacks 'ext-info' "$(at ssh)"

# ---- what is thought of it
"$exhibit" collect endpoint 127.0.0.1:$modern 127.0.0.1:$old 127.0.0.1:$only13 \
	127.0.0.1:$weak 127.0.0.1:$fips 127.0.0.1:1 "$(at large)" "$(at alerts)" "$(at ssl3)" \
	"ssh://$(at ssh)" "ssh://$(at ssh-garbage)" >run 2>&1 || [ $? = 1 ] ||
	fail "collect: $(cat run)"
"$exhibit" report --unsigned >run 2>&1 || [ $? = 1 ] || fail "report: $(cat run)"
says() { # CHECK ENDPOINT VERDICT [WORDS]
	"$exhibit" query --format csv "SELECT v.verdict, v.reason FROM verdict v
		JOIN (SELECT subject, key FROM tls_endpoint UNION ALL
			SELECT subject, key FROM ssh_endpoint) e USING (subject)
		WHERE v.check_id = '$1' AND e.key = '$2'" | tail -1 >said
	grep -q "^$3," said && grep -qF -- "${4:-}" said ||
		fail "$1 of $2: $(cat said), not $3 ${4:-}"
}
for check in tls-versions tls-suites tls-groups tls-signatures tls-certificate \
	tls-extensions tls-fips-client tls-endpoint-complete; do
	says $check 127.0.0.1:$fips satisfied
	says $check 127.0.0.1:1 unknown 'connection refused'
	says $check "$(at alerts)" unknown
done
says tls-suites 127.0.0.1:$fips satisfied 'is another question'
says tls-suites 127.0.0.1:$modern not-satisfied ChaCha20
says tls-groups 127.0.0.1:$modern not-satisfied x25519
says tls-fips-client 127.0.0.1:$modern satisfied 'TLS 1.3'
says tls-versions 127.0.0.1:$old not-satisfied 'TLS 1.1'
says tls-fips-client 127.0.0.1:$old not-satisfied refused
says tls-extensions 127.0.0.1:$only13 satisfied 'TLS 1.3 only'
says tls-extensions "$(at ssl3)" not-satisfied 'no extended master secret'
says tls-signatures 127.0.0.1:$old not-applicable
says tls-signatures 127.0.0.1:$only13 unknown EdDSA
says tls-certificate 127.0.0.1:$only13 unknown EdDSA
says tls-certificate 127.0.0.1:$weak not-satisfied 'below 2048 bits'
says tls-suites 127.0.0.1:$weak not-satisfied 'TLS_ECDH_anon'
says tls-versions 127.0.0.1:$weak not-satisfied 'but not TLS 1.3'
says tls-endpoint-complete "$(at large)" unknown 'more than 131072 bytes'
says ssh-algorithms "$(at ssh)" not-satisfied curve25519-sha256
says ssh-algorithms "$(at ssh-garbage)" unknown 'not an SSH packet'
grep -q 'TLS endpoints' exhibit-report.html || fail "the report has no section"
# the same certificate, asked about later
"$exhibit" collect endpoint 127.0.0.1:$fips --now 2037-01-01T00:00:00Z \
	--store later.db >run 2>&1 || fail "collect: $(cat run)"
"$exhibit" report --unsigned --store later.db --now 2037-01-01T00:00:01Z >run 2>&1 ||
	[ $? = 1 ] || fail "report: $(cat run)"
"$exhibit" query --store later.db "SELECT reason FROM verdict
	WHERE check_id = 'tls-certificate'" | grep -q 'its validity is over' ||
	fail "a certificate that is over was not noticed"

# ---- what the store knows already is asked again
"$exhibit" collect endpoint --known --connection-time 2 >run 2>&1 || [ $? = 1 ] ||
	fail "--known: $(cat run)"
grep -q '^Run 2 .* 0 new, ' run || fail "--known: $(cat run)"
"$exhibit" query known-endpoints >said || fail "known-endpoints: $(cat said)"
grep -q "127.0.0.1:$fips  *asked before" said || fail "known-endpoints: $(cat said)"
grep -q "ssh://$(at ssh)" said || fail "known-endpoints has no ssh: $(cat said)"
got=0
"$exhibit" collect endpoint --known --emit >out 2>err || got=$?
[ $got = 2 ] && grep -q 'asks the store' err || fail "--known --emit: $got $(cat err)"
got=0
"$exhibit" collect endpoint --known --store empty.db >out 2>err || got=$?
[ $got = 2 ] && grep -q 'knows of no endpoint' err || fail "--known of nothing: $got $(cat err)"

# ---- a stall costs no more than its limits
ask --connection-time 1 --endpoint-time 1 "$(at stalls)"
reason stalls unreachable 'no TLS: no answer in time'

# ---- an old hand agrees
if command -v sslscan >/dev/null; then
	sslscan --no-colour --no-heartbleed --no-renegotiation --no-groups \
		127.0.0.1:$modern >scan 2>&1 || fail "sslscan"
	openssl ciphers -V -stdname ALL:COMPLEMENTOFALL:@SECLEVEL=0 |
		awk '{ print $5, $3 }' >stdnames
	awk 'FNR == NR { std[$1] = $2; next }
		$1 == "Accepted" || $1 == "Preferred" {
			v = $2; sub(/TLSv/, "TLS ", v)
			for (i = 3; i <= NF; i++)
				if ($i == "bits") { print v, std[$(i + 1)]; break }
		}' stdnames scan | sort -u >theirs
	[ -s theirs ] || fail "sslscan: nothing understood: $(cat scan)"
	cmp -s ours theirs || {
		diff ours theirs >&2 || :
		fail "sslscan sees other suites"
	}
else
	echo "not asked: sslscan is not installed"
fi
echo ok
