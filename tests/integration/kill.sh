#!/bin/sh
# exhibit is killed at any moment, again and again, over one store: what a run
# did not end is not there, and the next one works as if nothing had been.
# usage: kill.sh EXHIBIT
# EXHIBIT_KILL_SEED chooses the delays, EXHIBIT_KILL_ROUNDS how many.
set -u

exhibit=$(realpath "$1")
rounds=${EXHIBIT_KILL_ROUNDS:-40}
seed=${EXHIBIT_KILL_SEED:-$(date +%s)}
dir=$(mktemp -d)
pid=
cleanup() {
	[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
root=$PWD/fixtures/node/al2023-fips
other=$PWD/fixtures/node/al2023-off
cd "$dir" || exit 1
echo "EXHIBIT_KILL_SEED=$seed"

fail() {
	echo "FAILED: $1" >&2
	[ ! -s err ] || sed 's/^/    /' err | head -5 >&2
	exit 1
}

# A large import, another one each round, so that kills hit its merge too.
many() { # ROUND
	awk -v round="$1" 'BEGIN {
		for (i = 0; i < 4000; i++)
			printf "{\"key\":\"p%05d\",\"kind\":\"node.file\",\"observation\":{\"attributes\":{\"mode\":\"0644\",\"modified\":null,\"sha256\":null,\"size\":%d,\"target\":null},\"outcome\":\"observed\"},\"provenance\":{\"collector\":\"node/1\",\"source\":\"/p\"},\"scope\":\"host/many\"}\n", i, round
		print "{\"coverage\":{\"calls\":1,\"collector\":\"node\",\"denied\":0,\"gaps\":[],\"kinds\":[\"node.file\"],\"outcome\":\"observed\",\"reason\":null,\"scope\":\"host/many\",\"subjects\":4000}}"
	}'
}

start() { # ROUND
	case $(($1 % 4)) in
	0) "$exhibit" collect import many.ndjson --store s.db ;;
	1) "$exhibit" collect node --root "$root" --name h --store s.db ;;
	2) "$exhibit" collect node --root "$other" --name h --store s.db ;;
	3) "$exhibit" report --unsigned --store s.db --output r ;;
	esac >/dev/null 2>&1 &
	pid=$!
}

# How long each command takes when nobody interrupts, in milliseconds: the
# delays are drawn from that, so that every stage is hit.
milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}
many 0 >many.ndjson
"$exhibit" init --store s.db >/dev/null || fail "no store"
for i in 1 2 3 4; do
	from=$(milliseconds)
	start "$i"
	wait "$pid"
	[ $? -le 1 ] || fail "round $i without a kill"
	eval "took_$((i % 4))=$(($(milliseconds) - from + 2))"
done

killed=0
round=0
while [ "$round" -lt "$rounds" ]; do
	round=$((round + 1))
	many "$round" >many.ndjson
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	eval "most=\$took_$((round % 4))"
	# shellcheck disable=SC2154
	delay=$((1 + seed / 65536 % most))
	start "$round"
	sleep "$(printf '0.%03d' "$delay")"
	kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	status=$?
	pid=
	[ $status -ne 137 ] || killed=$((killed + 1))
	[ $status -le 1 ] || [ $status -eq 137 ] ||
		fail "round $round: status $status"

	"$exhibit" verify --store s.db >err 2>&1
	[ $? -le 1 ] || fail "round $round, killed after $delay ms: verify"
	bad=$("$exhibit" query --store s.db --format csv "SELECT count(*) FROM run
		WHERE state NOT IN ('open', 'complete', 'partial')" 2>err |
		tail -1 | tr -dc '0-9')
	[ "$bad" = 0 ] || fail "round $round, killed after $delay ms: $bad half runs"
	half=$("$exhibit" query --store s.db --format csv "SELECT count(*) FROM
		change WHERE run NOT IN (SELECT run FROM ended)" 2>err |
		tail -1 | tr -dc '0-9')
	[ "$half" = 0 ] || fail "round $round, killed after $delay ms: $half changes of no run"
	if command -v sqlite3 >/dev/null; then
		[ "$(sqlite3 s.db 'PRAGMA integrity_check' 2>err)" = ok ] ||
			fail "round $round, killed after $delay ms: integrity_check"
	fi
done
echo "$killed of $rounds were killed"
[ "$killed" -gt 0 ] || fail "none was killed"

# after all that, everything works
"$exhibit" collect node --root "$root" --name h --store s.db >/dev/null 2>err
[ $? -le 1 ] || fail "the next collect"
"$exhibit" collect import many.ndjson --store s.db >/dev/null 2>err ||
	fail "the next import"
"$exhibit" report --unsigned --store s.db --output r >/dev/null 2>err
[ $? -le 1 ] || fail "the next report"
"$exhibit" verify --store s.db >err 2>&1
[ $? -le 1 ] || fail "verify at the end"
: >err
for file in *; do
	case $file in
	s.db | many.ndjson | err | r.html | r.xml) ;;
	r.html.?????? | r.xml.??????)
		# a killed writer cannot remove its own; they never have the name
		# of a report
		;;
	*) fail "left behind: $file" ;;
	esac
done
