#!/bin/sh
# Checkpoints that were published show a store that was rebuilt, rolled back, or
# exists twice; nothing that was published is replaced.
# usage: published.sh EXHIBIT
set -eu

exhibit=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	[ ! -s out ] || sed 's/^/  out: /' out | head -20 >&2
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
	grep -qF -- "$1" out || fail "the answer lacks '$1'"
}
collect() { # STORE DAY FIPS
	{
		printf '{"key":"k","kind":"node","observation":{"attributes":{"fips_enabled":%s},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/k"}\n' "$3"
		printf '{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/k","subjects":1}}\n'
	} | "$exhibit" collect import --store "$1" --now "2026-01-0$2" \
		--key exhibit-key.pem --cert exhibit-cert.pem >out 2>&1 ||
		fail "collect"
}
held() { # STATUS STORE
	run "$1" verify --store "$2" --published there --cert exhibit-cert.pem \
		--now 2026-01-09
}
mkdir there
run 0 key new --now 2026-01-01
run 0 init --store s.db --name s --now 2026-01-01
collect s.db 2 1
run 0 checkpoint publish there --store s.db
says 'Published 1 checkpoint to there.'
run 0 checkpoint publish there --store s.db
says 'Published 0 checkpoints'
cp s.db old.db
cp s.db fork.db
collect s.db 3 0
run 0 checkpoint publish there --store s.db
held 0 s.db
says 'all 2 published checkpoints'

held 3 old.db # rolled back
says 'entries were removed, or this is an older copy'
collect fork.db 3 1 # twice
held 3 fork.db
says 'it was rebuilt, or there are two of it'
run 3 checkpoint publish there --store fork.db
says 'the store has two histories'
run 0 init --store new.db --name s --now 2026-01-01 # rebuilt
collect new.db 2 0
collect new.db 3 0
held 3 new.db
says 'it was rebuilt, or there are two of it'
run 0 init --store other.db --name t --now 2026-01-01
run 3 verify --store other.db --published there
says 'no checkpoint of this store was published there'
echo x >>"$(ls there/*.txt | head -1)"
held 3 s.db # and what was published is edited
run 2 checkpoint publish nowhere --store s.db
echo ok
