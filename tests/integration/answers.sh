#!/bin/sh
# The written-down answers of a small made period, found in the terminal, the page, the
# OSCAL and the package's CSV; and the questions of docs/questions.md, each run.
# usage: answers.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
. "$here/../fixtures/fleet_time.sh"
cd "$dir"
echo 'now: 2026-12-02T00:00:00Z' >exhibit.yaml

fail() {
	echo "FAILED: $1" >&2
	[ ! -s out ] || sed 's/^/  out: /' out | head -60 >&2
	exit 1
}
run() { # STATUS ARG...
	want=$1
	shift
	set +e
	"$exhibit" "$@" >raw 2>&1
	got=$?
	set -e
	tr -d '\r' <raw >out
	[ $got = "$want" ] || fail "$*: status $got, not $want"
}
says() {
	grep -qF -- "$1" "${2:-out}" || fail "${2:-out} does not say: $1"
}
lacks() {
	! grep -qF -- "$1" "${2:-out}" || fail "${2:-out} says: $1"
}

# ---- a fleet of 18 days, on three of which nobody collected ----

"$exhibit" init --store s.db --name test --now 2026-01-01T00:00:00Z >/dev/null
{
	fleet_node host/silent silent 1
	fleet_cover host/silent observed null
} | fleet_import "$exhibit" s.db 2026-06-01T03:00:00Z
fleet_day 0 | fleet_import "$exhibit" s.db 2026-06-30T03:00:00Z
must_assess() {
	set +e
	"$exhibit" assess --store s.db --now "$1" >/dev/null 2>&1
	[ $? -le 1 ] || fail "assess at $1"
	set -e
}
must_assess 2026-06-30T04:00:00Z
day=1
while [ $day -le 18 ]; do
	case $day in 12 | 13 | 14) ;; *)
		{
			fleet_day $day
			fleet_cover host/mute unreachable '"No route to host"' 0
			# out of FIPS mode for good from the 16th
			fips=1
			[ $day -lt 16 ] || fips=0
			fleet_node host/bad bad $fips
			fleet_cover host/bad observed null
		} | fleet_import "$exhibit" s.db "2026-07-$(printf %02d $day)T03:00:00Z"
		;;
	esac
	day=$((day + 1))
done
must_assess 2026-07-19T00:00:00Z
period="--store s.db --period 2026-07-01..2026-07-18"

# ---- the answers, as rows ----

run 0 query answer $period --format csv
says 'No: 3 of 9 nodes were out of FIPS mode at some time'
says '2 of 9 were first observed during the period; nothing is known of the time before.'
says '1 more target never responded.'
says 'flip, 2026-07-10 03:00 to 2026-07-11 03:00 UTC (24.0 h): /proc/sys/crypto/fips_enabled = 0'
says 'bad, 2026-07-16 03:00 to 2026-07-19 00:00 UTC, the end (69.0 h)'
# nobody collected: one line, not one a node
says '6 of 9 nodes, 2026-07-11 03:00 to 2026-07-15 03:00 UTC (4 d 0 h): no run asked for it in this time'
says 'Runs ended on 15 of 18 days.'
says '2 of 9 targets were not collected in full when last asked.'
says 'host/mute'
says 'Nobody said what to expect: no inventory was supplied.'
says 'Findings since the evaluation of 2026-06-30'
lacks 'Yes: '
[ "$(wc -l <out)" -le 16 ] || fail "the answer is longer than a page's top"

run 0 query outages $period --format csv
says 'not in FIPS mode,1,bad,69.0,2026-07-16T03:00:00Z,2026-07-19T00:00:00Z,yes'
says 'not observed,6,"back, bad, flip, lost, on, stays",96.0,2026-07-11T03:00:00Z'
[ "$(sed -n 2p out | cut -d, -f3)" = bad ] || fail "the longest is not first"
run 0 query fips-map $period --format csv
says '1,bad,3,5,10,2026-07-01,FFFFFFFFFF?????xxx'
run 0 query findings-compared $period --param check=node-fips-on --format csv
says 'new,node-fips-on,high,node,bad,host/bad,2026-07-16T03:00:00Z,2026-07-18T03:00:00Z,2'
run 0 query population-over-period $period --format csv
grep -q '^node,[0-9]' out || fail "no population of nodes"
run 0 query gaps-in-period $period --format csv
says 'unreachable,Connection timed out,1,host/lost,4,2026-07-05,2026-07-08'
run 0 query scope-over-period $period --format csv
says 'node,'

# ---- no reassurance where there is no evidence ----

"$exhibit" init --store empty.db --name e --now 2026-01-01T00:00:00Z >/dev/null
fleet_cover host/mute unreachable '"No route to host"' 0 |
	fleet_import "$exhibit" empty.db 2026-07-02T03:00:00Z
run 0 query answer --store empty.db --period 2026-07-01..2026-07-18 --format csv
says 'Not determined: no node was observed in the period.'
lacks ',yes,'
{
	fleet_node host/on on 1
	fleet_cover host/on observed null
} | fleet_import "$exhibit" empty.db 2026-07-10T03:00:00Z
run 0 query answer --store empty.db --period 2026-07-01..2026-07-10 --format csv
grep '^In FIPS mode all' out | grep -q ',not determined,' ||
	fail "a node first observed on the 10th was in FIPS mode all period"

# ---- the same in the report, its XML and the package ----

run 0 key new --now 2026-01-01T00:00:00Z
run 1 report $period --now 2026-07-20T09:00:00Z --output july
for text in 'No: 3 of 9 nodes were out of FIPS mode at some time' \
	'bad, 2026-07-16 03:00 to 2026-07-19 00:00 UTC, the end (69.0 h)' \
	'6 of 9 nodes, 2026-07-11 03:00 to 2026-07-15 03:00 UTC (4 d 0 h)' \
	'no inventory was supplied'; do
	says "$text" july.xml
	tr -s ' \n' '  ' <july.html >july.txt
	says "$text" july.txt
done
grep -q 'class="map"' july.html || fail "no map of days"
run 1 package $period --now 2026-07-20T09:00:00Z --output july.asice
mkdir p && (cd p && unzip -q ../july.asice)
says 'bad, 2026-07-16 03:00 to 2026-07-19 00:00 UTC, the end (69.0 h)' p/csv/period-answers.csv
says 'FFFFFFFFFF?????xxx' p/csv/period-map.csv
run 0 verify july.asice --trust exhibit-cert.pem

# ---- the questions of an analyst, as the document has them ----

grep '^  *exhibit ' "$here/../../docs/questions.md" >asked || fail "no questions"
[ "$(wc -l <asked)" -ge 10 ] || fail "fewer than ten questions"
while read -r line; do
	words=$(echo "$line" | sed 's/^exhibit //; s/2026Q3/2026-07/g; s/web-01/flip/g')
	set +e
	eval "\"\$exhibit\" $words --store s.db" >out 2>&1
	got=$?
	set -e
	[ $got -le 1 ] || fail "$line: status $got"
	[ -s out ] || fail "$line: no row"
done <asked
echo ok
