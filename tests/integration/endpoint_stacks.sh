#!/bin/sh
# Servers of other stacks on loopback, as far as they are installed: GnuTLS, nginx,
# haproxy, stunnel, Java's HttpsServer, and OpenSSL's s_server where it hides
# something. For each, openssl s_client is asked suite by suite: what it negotiates
# must be among what exhibit found, and where exhibit found more, s_client says why
# not (it lacks the suite). sslscan and nmap are asked too: what they find must
# be found, and what they miss is printed.
# usage: endpoint_stacks.sh EXHIBIT ENDPOINT_SERVER
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
export OPENSSL_CONF=/dev/null

fail() {
	echo "FAILED: $1" >&2
	exit 1
}
certificate() { # NAME KEY... : self-signed, for localhost
	name=$1
	shift
	openssl req -x509 -nodes -days 300 -keyout "$name.key" -out "$name.pem" \
		-subj "/CN=$name" -addext subjectAltName=DNS:localhost \
		-addext keyUsage=digitalSignature,keyEncipherment \
		-addext extendedKeyUsage=serverAuth "$@" 2>/dev/null || fail "openssl req"
}
certificate rsa -newkey rsa:2048
certificate ec -newkey ec -pkeyopt ec_paramgen_curve:P-256
certificate md5 -newkey rsa:2048 -md5
cat rsa.pem rsa.key >both.pem

base=${EXHIBIT_TEST_TLS_PORT:-42540}
wait_for() { # PORT NAME
	n=0
	until openssl s_client -connect "127.0.0.1:$1" </dev/null 2>/dev/null | grep -q CONNECTED; do
		n=$((n + 1))
		[ $n -lt 3000 ] || fail "$2 does not listen: $(cat "$2.log" 2>/dev/null)"
		sleep 0.2
	done
}
# OpenSSL's names and numbers of its suites
openssl ciphers -V -stdname ALL:COMPLEMENTOFALL:@SECLEVEL=0 2>/dev/null |
	awk '{ print $3, $5 }' >names
found() { # PORT: the names of TLS 1.2 suites that exhibit found
	"$exhibit" collect endpoint "127.0.0.1:$1" --emit >out 2>err || fail "collect: $(cat err)"
	sed -n 's/.*"kind":"tls.suite".*"name":"\([^"]*\)".*"version":"TLS 1.2".*/\1/p' out | sort >ours
}
by_s_client() { # PORT: the same, each suite asked alone
	: >theirs
	while read -r std name; do
		case $std in TLS_AES_*_GCM_SHA* | TLS_CHACHA20_* | TLS_AES_128_CCM*) continue ;; esac
		openssl s_client -connect "127.0.0.1:$1" -tls1_2 -cipher "$name:@SECLEVEL=0" \
			</dev/null 2>/dev/null | grep -q "Cipher is $name" && echo "$std"
	done <candidates | sort >theirs
}
agree() { # NAME PORT: with s_client, asked about suites that servers speak and those found
	found "$2"
	awk 'NR == FNR { want[$1]; next } $1 in want || /ECDHE_RSA_WITH_AES|^TLS_RSA_WITH_(AES_..._CBC|3DES)|DHE_RSA_WITH_AES_..._GCM/' \
		ours names | grep -v "PSK\|NULL\|ARIA" >candidates
	by_s_client "$2"
	comm -13 ours theirs >missed
	[ ! -s missed ] || fail "$1: s_client negotiates $(tr '\n' ' ' <missed), not found: $(head -1 out | cut -c1-700)"
	comm -23 ours theirs | while read -r std; do
		! grep -q "^$std " candidates || fail "$1: s_client refuses $std, found"
	done
	grep -q '"gaps":\[\]' out || fail "$1: unknown: $(head -1 out | cut -c1-900)"
	echo "$1: $(wc -l <ours) suites of TLS 1.2, as s_client"
}
serve() { # NAME PORT COMMAND...
	name=$1 port=$2
	shift 2
	"$@" >"$name.log" 2>&1 &
	pids="$pids $!"
	wait_for "$port" "$name"
}
skip() { echo "not asked: $1 is not installed"; }

# ---- stacks
if command -v gnutls-serv >/dev/null; then
	serve gnutls $base gnutls-serv -q --http -p $base --x509certfile rsa.pem \
		--x509keyfile rsa.key --priority NORMAL
	agree gnutls $base
else skip gnutls-serv; fi
if command -v nginx >/dev/null; then
	cat >nginx.conf <<N
daemon off; pid $dir/nginx.pid; error_log stderr; events {}
http { access_log off; server { listen 127.0.0.1:$((base + 1)) ssl;
ssl_certificate $dir/rsa.pem; ssl_certificate_key $dir/rsa.key; ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA; } }
N
	serve nginx $((base + 1)) nginx -c "$dir/nginx.conf" -p "$dir"
	agree nginx $((base + 1))
else skip nginx; fi
if command -v haproxy >/dev/null; then
	cat >haproxy.cfg <<H
defaults
	mode http
	timeout connect 1s
	timeout client 5s
	timeout server 5s
frontend f
	bind 127.0.0.1:$((base + 2)) ssl crt $dir/both.pem ssl-min-ver TLSv1.2 ciphers ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:AES256-SHA
	http-request return status 200
H
	serve haproxy $((base + 2)) haproxy -f haproxy.cfg
	agree haproxy $((base + 2))
else skip haproxy; fi
if command -v stunnel >/dev/null; then
	cat >stunnel.conf <<S
foreground = yes
pid =
[s]
accept = 127.0.0.1:$((base + 3))
connect = 127.0.0.1:1
cert = $dir/both.pem
ciphers = ECDHE-RSA-AES256-GCM-SHA384:AES128-GCM-SHA256
S
	serve stunnel $((base + 3)) stunnel stunnel.conf
	agree stunnel $((base + 3))
else skip stunnel; fi
if command -v java >/dev/null && command -v javac >/dev/null; then
	openssl pkcs12 -export -in rsa.pem -inkey rsa.key -passout pass:changeit -out k.p12
	cat >S.java <<J
import com.sun.net.httpserver.*; import java.io.*; import java.net.*;
import java.security.*; import javax.net.ssl.*;
public class S { public static void main(String[] a) throws Exception {
KeyStore s = KeyStore.getInstance("PKCS12");
s.load(new FileInputStream("k.p12"), "changeit".toCharArray());
KeyManagerFactory k = KeyManagerFactory.getInstance("SunX509"); k.init(s, "changeit".toCharArray());
SSLContext c = SSLContext.getInstance("TLS"); c.init(k.getKeyManagers(), null, null);
HttpsServer h = HttpsServer.create(new InetSocketAddress("127.0.0.1", $((base + 4))), 64);
h.setHttpsConfigurator(new HttpsConfigurator(c)); h.start(); } }
J
	javac S.java >java.log 2>&1 || fail "javac: $(cat java.log)"
	serve java $((base + 4)) java -cp . S
	agree java $((base + 4))
	# its handshakes end without an alert where no scheme is left to sign with
	grep -q '"name":"rsa_pss_rsae_sha256","version":"TLS 1.3"' out || fail "java: no signatures"
else skip java; fi

# ---- OpenSSL where it hides something behind what it prefers
good=ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384
has() { grep -q "$1" ours || fail "$2: $1 is not found, and s_client negotiates it"; }
serve srp $((base + 5)) openssl s_server -accept "127.0.0.1:$((base + 5))" -www -serverpref \
	-srpvfile /dev/null -cert ec.pem -key ec.key -dcert rsa.pem -dkey rsa.key -no_tls1 -no_tls1_1 \
	-cipher "$good:SRP-RSA-AES-128-CBC-SHA:SRP-AES-128-CBC-SHA:AES128-SHA:@SECLEVEL=0"
found $((base + 5))
has '^TLS_RSA_WITH_AES_128_CBC_SHA$' srp
grep -q '"gaps":\["suites"\]' out || fail "srp: what cannot be finished is unknown: $(head -1 out)"
serve md5 $((base + 6)) openssl s_server -accept "127.0.0.1:$((base + 6))" -www \
	-sigalgs ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256 -cert ec.pem -key ec.key \
	-dcert md5.pem -dkey md5.key -no_tls1 -no_tls1_1 -cipher "$good:AES128-SHA:@SECLEVEL=0"
agree md5 $((base + 6))
has '^TLS_RSA_WITH_AES_128_CBC_SHA$' md5
grep -q '"signature_hash":"MD5"' out || fail "md5: its certificate is not found"

# ---- and behind what refuses hellos for their size: of the zoo, through sockets
"$server" ports &
pids="$pids $!"
n=0
until grep -q '^end' ports 2>/dev/null; do
	n=$((n + 1))
	[ $n -lt 3000 ] || fail "endpoint_server does not start"
	sleep 0.05
done
for name in at-most-128-suites below-256-bytes closes-on-chosen; do
	found "$(sed -n "s/^zoo-$name //p" ports)"
	has '^TLS_RSA_WITH_AES_128_CBC_SHA$' "$name"
done

# ---- sshd with a short key
if command -v ssh-keygen >/dev/null && [ -x /usr/sbin/sshd ] && [ "$(id -u)" = 0 ]; then
	mkdir -p /run/sshd
	ssh-keygen -q -t rsa -b 1024 -N '' -f short
	ssh-keygen -q -t ecdsa -b 384 -N '' -f long
	printf 'Port %s\nListenAddress 127.0.0.1\nPidFile none\nHostKey %s\nHostKey %s\n' \
		$((base + 7)) "$dir/short" "$dir/long" >sshd.conf
	/usr/sbin/sshd -t -o RequiredRSASize=1024 -f sshd.conf 2>/dev/null &&
		echo "RequiredRSASize 1024" >>sshd.conf
	/usr/sbin/sshd -D -e -f "$dir/sshd.conf" 2>sshd.log &
	pids="$pids $!"
	n=0
	until grep -q listening sshd.log; do
		n=$((n + 1))
		[ $n -lt 3000 ] || fail "sshd: $(cat sshd.log)"
		sleep 0.05
	done
	"$exhibit" collect endpoint "ssh://127.0.0.1:$((base + 7))" >run 2>&1 || [ $? = 1 ] ||
		fail "collect: $(cat run)"
	"$exhibit" assess >run 2>&1 || [ $? = 1 ] || fail "assess: $(cat run)"
	"$exhibit" query "SELECT algorithm, key_type, key_bits, curve FROM ssh_host_key ORDER BY 1" >said
	grep -q 'rsa-sha2-256  *ssh-rsa  *1024' said || fail "sshd: $(cat said)"
	grep -q 'nistp384' said || fail "sshd: $(cat said)"
	"$exhibit" query "SELECT verdict, reason FROM verdict WHERE check_id = 'ssh-host-keys'" >said
	grep -q 'not-satisfied.*1024 bits' said || fail "sshd: $(cat said)"
else
	echo "not asked: sshd is not installed, or this is not root"
fi

# ---- old hands, for the record: what they find is found
theirs_are_ours() { # TOOL PORT NAME
	comm -13 ours theirs >missed
	[ ! -s missed ] || fail "$3: $1 finds $(tr '\n' ' ' <missed), not found"
	comm -23 ours theirs | sed "s/^/$3: $1 does not find, the server accepts: /"
}
by_sslscan() { # PORT
	sslscan --no-colour --no-heartbleed --no-renegotiation --no-groups \
		"127.0.0.1:$1" >scan 2>&1 || fail sslscan
	awk 'FNR == NR { std[$2] = $1; next }
		($1 == "Accepted" || $1 == "Preferred") && $2 == "TLSv1.2" {
			for (i = 3; i <= NF; i++)
				if ($i == "bits") { print std[$(i + 1)]; break }
		}' names scan | sort -u >theirs
}
by_nmap() { # PORT: names are IANA's
	nmap -n -Pn --script ssl-enum-ciphers -p "$1" 127.0.0.1 >scan 2>&1 || fail nmap
	awk '$2 ~ /^(SSLv|TLSv)/ { v = $2 } v == "TLSv1.2:" && $2 ~ /^TLS_/ { print $2 }' scan |
		sort -u >theirs
}
for pair in "srp $((base + 5))" "md5 $((base + 6))"; do
	name=${pair% *} port=${pair#* }
	found "$port"
	for tool in sslscan nmap; do
		if command -v $tool >/dev/null; then
			by_$tool "$port"
			[ -s theirs ] || fail "$name: $tool finds nothing: $(cat scan)"
			theirs_are_ours $tool "$port" "$name"
		else
			skip $tool
		fi
	done
done
echo ok
