#!/bin/sh
# A cluster of 5,000 nodes, 20,000 pods, 2,000 roles and 4,000 bindings: how long
# reading takes against curl that fetches the same pages one after another from
# the same server (figure: 1.2), how much memory (64 MiB), and how long the
# question who may read secrets takes (1 s).
# usage: bench_kube.sh EXHIBIT SERVER [ROUNDS]
set -eu

exhibit=$(realpath "$1")
program=$(realpath "$2")
rounds=${3:-5}
fixtures=$(dirname "$0")/../fixtures/kube/real
for need in /usr/bin/time curl openssl; do
	command -v "$need" >/dev/null || {
		echo "skipped: $need is not installed"
		exit 77
	}
done
dir=$(mktemp -d)
server=
cleanup() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/key.pem" \
	-out "$dir/ca.pem" -days 2 -subj /CN=kubernetes \
	-addext subjectAltName=IP:127.0.0.1 >/dev/null 2>&1
"$program" "$dir/ports" "$dir/ca.pem" "$dir/key.pem" \
	"$fixtures/nodes-p1.json" "$fixtures/pods.json" 5000 20000 2000 4000 &
server=$!
while [ ! -f "$dir/ports" ]; do sleep 0.2; done
url=https://127.0.0.1:$(sed -n 's/^paged //p' "$dir/ports")
cat >"$dir/config" <<END
apiVersion: v1
kind: Config
current-context: x
contexts: [{name: x, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "$url", certificate-authority: $dir/ca.pem}}]
users: [{name: u, user: {token: t}}]
END
collect() {
	"$exhibit" collect kube --emit --kubeconfig "$dir/config"
}

# the same requests, as one curl with one connection
collect >"$dir/lines"
sed -n "s#^paged \(.*\)#url = $url\1#p" "$dir/ports.log" |
	sed 's#$#\noutput = /dev/null#' >"$dir/urls"
fetch() {
	curl -s --http1.1 --cacert "$dir/ca.pem" -K "$dir/urls"
}
# The median wall time of a command in seconds.
median() {
	for _ in $(seq "$rounds"); do
		from=$(date +%s%N)
		"$@" >/dev/null
		echo $(($(date +%s%N) - from))
	done | sort -n | awk '{ v[NR] = $1 }
		END { printf "%.3f", v[int((NR + 1) / 2)] / 1e9 }'
}
curl=$(median fetch)
ours=$(median collect)
/usr/bin/time -f %M -o "$dir/peak" "$exhibit" collect kube --emit \
	--kubeconfig "$dir/config" >/dev/null
# Wall time is a matter of who else is there; what is computed is not.
cpu() {
	/usr/bin/time -f '%U %S' -o "$dir/cpu" "$@" >/dev/null 2>&1
	awk '{ printf "%.2f", $1 + $2 }' "$dir/cpu"
}
echo "requests           $(grep -c '^url' "$dir/urls"), $(wc -l <"$dir/lines") observations"
echo "curl, one by one   $curl s, CPU $(cpu curl -s --http1.1 --cacert "$dir/ca.pem" -K "$dir/urls") s"
echo "exhibit            $ours s, ratio $(awk "BEGIN { printf \"%.2f\", $ours / $curl }") (1.2), CPU $(cpu "$exhibit" collect kube --emit --kubeconfig "$dir/config") s, peak $(($(tail -1 "$dir/peak") / 1024)) MiB (64)"

"$exhibit" init --store "$dir/s.db" >/dev/null
"$exhibit" collect import "$dir/lines" --store "$dir/s.db" >/dev/null || true
who() {
	"$exhibit" query --store "$dir/s.db" who-can --format csv
}
check() {
	"$exhibit" assess --store "$dir/s.db" || true
}
dangerous() {
	"$exhibit" query --store "$dir/s.db" kube-rbac --format csv
}
echo "who can get secrets $(median who) s (1)"
echo "dangerous grants    $(median dangerous) s (1)"
echo "all checks          $(rounds=1 && median check) s"
