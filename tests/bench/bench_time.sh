#!/bin/sh
# Questions about the past of a fleet: NODES hosts (5000), a quarter of daily
# runs, 1 % of the hosts changed a day; each against sqlite3 asked the same SQL.
# Figures to reach: the period query 200 ms, all columns as of a date 50 ms, one
# subject's history 5 ms, each the same on the first day and the last. Times are
# the best of five and include starting the program, but where net is said.
# usage: bench_time.sh EXHIBIT
set -eu

exhibit=$1
nodes=${NODES:-5000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

# One run as NDJSON. One host in fifty is out of FIPS mode for thirty days, one
# in five hundred does not answer for ten.
cat >day.awk <<'END'
function cover(n, outcome, reason) {
	printf "{\"coverage\":{\"calls\":40,\"collector\":\"node\",\"denied\":0,\"gaps\":[],\"kinds\":[\"node\",\"node.boot\",\"node.file\",\"node.openssl\",\"node.package\",\"node.provider\"],\"outcome\":\"%s\",\"reason\":%s,\"scope\":\"host/n%d\",\"subjects\":1}}\n", outcome, reason, n
}
BEGIN {
	for (n = 1; n <= nodes; n++) {
		turn = int((day + n % 100) / 100)
		fips = !(n % 50 == 0 && (day + n % 100) % 100 < 30)
		if (n % 500 == 7 && day % 40 >= 20 && day % 40 < 30) {
			cover(n, "unreachable", "\"Connection timed out\"")
			continue
		}
		printf "{\"key\":\"n%d\",\"kind\":\"node\",\"observation\":{\"attributes\":{\"arch\":\"x86_64\",\"boot_id\":\"%08x-0000-4000-8000-%012x\",\"cmdline_fips\":\"%d\",\"cmdline_outcome\":\"observed\",\"fips_enabled\":%d,\"fips_enabled_outcome\":\"observed\",\"fips_name\":\"Red Hat Enterprise Linux 9 - Kernel Cryptographic API\",\"fips_version\":\"5.14.0-427.%d.1.el9_4.x86_64\",\"kernel_release\":\"5.14.0-427.%d.1.el9_4.x86_64\",\"live\":true,\"os_family\":\"rhel9\",\"os_id\":\"rhel\",\"os_pretty\":\"Red Hat Enterprise Linux 9.4 (Plow)\",\"os_version\":\"9.4\",\"selftest_failed\":[],\"selftest_outcome\":\"observed\",\"system_fips\":false},\"outcome\":\"observed\"},\"provenance\":{\"collector\":\"node/1\",\"source\":\"bench\"},\"scope\":\"host/n%d\"}\n", n, turn, n, fips, fips, turn, turn, n
		cover(n, "observed", "null")
	}
}
END

make_store() {
	"$exhibit" init --store s.db --name bench --now 2026-06-29T00:00:00Z \
		>/dev/null
	day=0
	while [ $day -le 93 ]; do
		awk -v day=$day -v nodes="$nodes" -f day.awk </dev/null |
			"$exhibit" collect import --store s.db --now \
				"$(date -u -d "2026-06-29 03:00 UTC +$day days" \
					+%Y-%m-%dT%H:%M:%SZ)" >/dev/null ||
			[ $? = 1 ]
		day=$((day + 1))
	done
}
# best COMMAND...: milliseconds, the least of five
best() {
	least=
	for _ in 1 2 3 4 5; do
		from=$(date +%s%N)
		"$@" >/dev/null
		took=$((($(date +%s%N) - from) / 10000))
		[ -n "$least" ] && [ "$least" -le $took ] || least=$took
	done
	echo "$least" | awk '{ printf "%.1f", $1 / 100 }'
}
ask() {
	"$exhibit" query --store s.db --now 2026-12-01T00:00:00Z --format csv "$@"
}
shell() { # FILE
	sqlite3 -readonly -csv s.db <"$1"
}
say() { # WHAT LIMIT OURS THEIRS
	awk -v w="$1" -v l="$2" -v a="$3" -v b="$4" -v s="$start" -v t="$shell_start" 'BEGIN {
		printf "%-34s %7.1f ms, net %6.1f (to reach %d)   sqlite3 %7.1f ms, net %6.1f   ratio %.2f\n",
		    w, a, a - s, l, b, b - t, a / b }'
}

make_store
printf '%s hosts, 94 runs, %s bytes\n' "$nodes" "$(wc -c <s.db)"
echo 'SELECT 1;' >one.sql
start=$(best ask 'SELECT 1')
shell_start=$(best shell one.sql)

{
	cat <<-'END'
		.parameter init
		.parameter set :from '2026-07-01T00:00:00Z'
		.parameter set :to '2026-10-01T00:00:00Z'
		.parameter set :at '2026-12-01T00:00:00Z'
		.parameter set :run 94
		.parameter set :max_gap 36
		.parameter set :scope '*'
		.parameter set :key '*'
	END
} >set.sql
for name in not-in-fips node-hours; do
	{
		cat set.sql
		"$exhibit" query $name --sql
	} >$name.sql
	ask $name --period 2026Q3 | tr -d '\r' | tail -n +2 >ours
	shell $name.sql | tr -d '"\r' >theirs
	tr -d '"' <ours | cmp -s - theirs || echo "$name: sqlite3 answers otherwise" >&2
	say "$name of a quarter" 200 "$(best ask $name --period 2026Q3)" \
		"$(best shell $name.sql)"
done
for run in 10 94; do
	echo "SELECT * FROM node_at WHERE run = $run;" >as_of.sql
	say "all columns as of run $run" 50 \
		"$(best ask 'SELECT * FROM node' --as-of $run)" \
		"$(best shell as_of.sql)"
done
echo "SELECT * FROM history WHERE kind = 'node' AND scope = 'host/n100' AND key = 'n100';" \
	>history.sql
history() {
	"$exhibit" history node:host/n100:n100 --store s.db --format csv
}
say "history of a host" 5 "$(best history)" "$(best shell history.sql)"
