#!/bin/sh
# How the cost of judging and reporting grows with what there is: fleets of
# ACCOUNTS (30 100 300) AWS accounts with a cluster for each ten, and of NODES
# (500 5000) hosts. One table: work, figure, baseline, ratio, goal, met. CPU
# seconds, not wall time. Growth is counted in steps of SQLite's machine, which
# are the same everywhere; an exponent is of the largest fleet against the
# smallest. With --check, status 1 if a goal is missed.
# usage: bench_growth.sh EXHIBIT BUILD/tests [--check]
set -eu

exhibit=$1 tools=$2 check=${3:-}
fixtures=$(cd "$(dirname "$0")/../fixtures" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
: >missed

# cpu COMMAND...: CPU seconds and MiB, into ./cpu and ./mib
cpu() {
	/usr/bin/time -o usage -f '%U %S %M' "$@" >out 2>&1 || [ $? = 1 ] || {
		cat out >&2
		exit 1
	}
	awk 'END { print $1 + $2 }' usage >cpu
	awk 'END { print int($3 / 1024) }' usage >mib
}
row() { # WORK FIGURE BASELINE RATIO GOAL
	met=$(awk -v r="$4" -v g="$5" 'BEGIN { print (r <= g ? "yes" : "NO") }')
	[ "$met" = yes ] || echo "$1" >>missed
	printf '%-44s %12s %12s %8s %6s  %s\n' "$1" "$2" "$3" "$4" "$5" "$met"
}
report() { # STORE
	cpu "$exhibit" report --store "$1" --unsigned --now 2026-07-02T00:00:00Z \
		--output r
}
exponent() { # SMALL LARGE SIZE SIZE
	awk -v a="$1" -v b="$2" -v n="$3" -v m="$4" \
		'BEGIN { printf "%.2f", log((b + .001) / (a + .001)) / log(m / n) }'
}
grow() { # WHAT WORLD-ARGUMENTS N SIZE ...: with %d, and a cluster for each N
	what=$1 form=$2 per=$3
	shift 3
	first=$1 last=$1
	for size; do
		last=$size
		# shellcheck disable=SC2046,SC2059
		"$tools/bench_world" "$what$size.db" "$fixtures" \
			$(printf "$form" "$size") clusters=$((size / per)) days=1
		"$tools/bench_statements" "$what$size.db" >"$what$size.steps"
		report "$what$size.db"
		cp cpu "$what$size.cpu"
		sha=$(/usr/bin/time -f '%U %S' sha256sum "$what$size.db" 2>&1 \
			>/dev/null | awk 'END { print $1 + $2 }')
		printf '%-44s %10.2f s %10.2f s  %s MiB\n' \
			"report of $size $what, sha256sum of its store" \
			"$(cat cpu)" "$sha" "$(cat mib)"
	done
	[ "$first" != "$last" ] || return 0
	a=$(cat "$what$first.cpu") b=$(cat "$what$last.cpu")
	row "report, $first to $last $what: exponent" "$b" "$a" \
		"$(exponent "$a" "$b" "$first" "$last")" 1.1
	# what takes as many steps as it has subjects, or fewer, is left out
	awk -F '\t' -v n="$first" -v m="$last" '
		FNR == NR { small[$1, $2] = $4; next }
		$4 > 20000 && small[$1, $2] > 0 {
			printf "%s %s\t%d\t%d\t%.2f\n", $1, $2, $4, small[$1, $2],
			    log($4 / small[$1, $2]) / log(m / n)
		}' "$what$first.steps" "$what$last.steps" | sort -t "$(printf '\t')" \
		-k4 -rn | head -12 >worst
	while IFS="$(printf '\t')" read -r name big little e; do
		row "$name, steps: exponent" "$big" "$little" "$e" 1.2
	done <worst
}

printf '%-44s %12s %12s %8s %6s  %s\n' work figure baseline ratio goal met
# shellcheck disable=SC2086
grow accounts 'nodes=0 accounts=%d' 10 ${ACCOUNTS:-30 100 300}
# shellcheck disable=SC2086
grow nodes 'nodes=%d' 1000000 ${NODES:-500 5000}
if [ -s missed ] && [ "$check" = --check ]; then
	exit 1
fi
