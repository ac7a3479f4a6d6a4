#!/bin/sh
# How long, against sslscan: one server of about 20 suites; then 1,000
# endpoints (loopback addresses of four servers), their time and the peak of
# memory. Figures to reach: 5 times faster; 30 s.
# usage: bench_endpoint.sh EXHIBIT [ROUNDS]
set -eu

exhibit=$(realpath "$1")
rounds=${2:-7}
for tool in openssl sslscan; do
	command -v $tool >/dev/null || {
		echo "skipped: $tool is not installed"
		exit 77
	}
done
[ -x /usr/bin/time ] || {
	echo "skipped: GNU time is not installed"
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

openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 30 \
	-keyout key -out cert -subj /CN=localhost 2>/dev/null
openssl req -x509 -nodes -newkey rsa:2048 -days 30 -keyout rsa.key \
	-out rsa.cert -subj /CN=localhost 2>/dev/null
base=${EXHIBIT_TEST_TLS_PORT:-42480}
for i in 0 1 2 3; do # on every address of 127.0.0.0/8
	openssl s_server -accept $((base + i)) -4 -cert cert -key key \
		-dcert rsa.cert -dkey rsa.key -www -serverpref -no_dhe \
		-cipher 'ECDHE+AES:ECDHE+CHACHA20:AES128-SHA' >s$i 2>&1 &
	pids="$pids $!"
done
for i in 0 1 2 3; do
	until grep -q ACCEPT s$i; do sleep 0.05; done
done

median() { # of wall times, in seconds
	for _ in $(seq "$rounds"); do
		from=$(date +%s%N)
		"$@" >/dev/null 2>&1 || true
		echo $(($(date +%s%N) - from))
	done | sort -n | awk '{ v[NR] = $1 }
		END { printf "%.4f\n", v[int((NR + 1) / 2)] / 1e9 }'
}
n=$("$exhibit" collect endpoint 127.0.0.1:$base --emit | grep -c '"kind":"tls.suite"')
theirs=$(median sslscan --no-heartbleed --no-renegotiation --no-fallback \
	--no-compression 127.0.0.1:$base)
ours=$(median "$exhibit" collect endpoint 127.0.0.1:$base --emit)
echo "$ours $theirs $n" | awk '{
	printf "one endpoint, %d suites: %.1f ms; sslscan %.1f ms; %.1f x faster%s\n",
		$3, $1 * 1e3, $2 * 1e3, $2 / $1, ($2 / $1 < 5) ? "   BELOW 5 x" : ""
}'
for i in $(seq 0 999); do
	echo "127.1.$((i / 250)).$((i % 250 + 1)):$((base + i % 4))"
done >list
/usr/bin/time -f '%M %e %U %S' -o peak "$exhibit" collect endpoint \
	--endpoints list --emit >lines
echo "$(tail -1 peak) $(grep -c '^{"coverage".*"outcome":"observed"' lines) $(grep -c '"unanswered":\[\]' lines)" | awk '{
	printf "1,000 endpoints: %.1f s (%.1f s of our CPU), %.1f MiB peak; %d answered, %d in full%s\n",
		$2, $3 + $4, $1 / 1024, $5, $6, ($2 > 30) ? "   OVER 30 s" : ""
}'
