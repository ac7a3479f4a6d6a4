# What the integration scripts share; sourced from tests/ with the script's own
# arguments. Leaves the script in a new folder $dir, with $tests and $exhibit
# as full paths. Servers whose ids stand in $servers are stopped at the end.
exhibit=$(realpath "$1")
tests=$(pwd)
dir=$(mktemp -d)
servers=
failed=0

cleanup() {
	for server_id in $servers; do
		kill "$server_id" 2>/dev/null
	done
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

fail() {
	echo "FAILED: $1" >&2
	[ ! -s "$dir/err" ] || cat "$dir/err" >&2
	failed=$((failed + 1))
}

# Wait, five minutes at most, until a server has written FILE.
wait_for() { # FILE
	for _ in $(seq 3000); do
		[ ! -s "$1" ] || return 0
		sleep 0.1
	done
	fail "no server: $1"
	exit 1
}

# A certificate for 127.0.0.1 that vouches for itself.
loopback_certificate() { # KEY CERT
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1" -out "$2" -days 2 \
		-subj /CN=kubernetes -addext subjectAltName=IP:127.0.0.1 \
		>/dev/null 2>&1 || exit 1
}

cd "$dir" || exit 1
