#!/bin/sh
# report --format openmetrics: the exposition is well-formed, its figures are
# those of the store, and what is not known has no sample.
# usage: metrics.sh EXHIBIT
set -eu

exhibit=$(realpath "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
echo 'now: 2026-10-01T00:00:00Z' >exhibit.yaml

fail() {
	echo "FAILED: $*" >&2
	exit 1
}
value() { "$exhibit" query "$1" --format csv | sed -n 2p | tr -d '\r'; }
sample() { # NAME-WITH-LABELS VALUE
	grep -qxF -- "$1 $2" report.prom || fail "no '$1 $2': $(grep -F "${1%%\{*}" report.prom | head -3)"
}

at='"provenance":{"collector":"node","source":"test"},"scope":"host/web-1"}'
cat >lines <<END
{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":0,"fips_enabled_outcome":"observed","live":true},"outcome":"observed"},$at
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[{"kind":"node.boot","outcome":"denied","reason":"a \"quoted\" \\\\ reason"}],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":1}}
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":[],"outcome":"unreachable","reason":"Connection refused","scope":"host/a\"b\\\\c","subjects":0}}
END
"$exhibit" init --now 2026-09-01T00:00:00Z >out
"$exhibit" collect import lines --now 2026-09-30T03:00:00Z >out 2>&1 || [ $? = 1 ] || fail "$(cat out)"
"$exhibit" key new --now 2026-09-01T00:00:00Z --days 100 >out
"$exhibit" report --format xml,openmetrics --output report --title 'A "title"' >out 2>&1 || [ $? = 1 ] || fail "$(cat out)"
"$exhibit" verify report.xml report.prom --trust exhibit-cert.pem >out 2>&1 || fail "it does not verify: $(cat out)"

echo '== well-formed'
awk '
	ended { print "after # EOF: " $0; bad = 1 }
	$0 == "# EOF" { ended = 1; next }
	/^# TYPE [a-z_]+ gauge$/ { if ($3 in types) { print "twice: " $3; bad = 1 } types[$3] = 1; now = $3; next }
	/^# HELP [a-z_]+ ./ { if ($3 != now) { print "help of another: " $0; bad = 1 } next }
	match($0, /^[a-z_]+/) {
		name = substr($0, 1, RLENGTH); rest = substr($0, RLENGTH + 1)
		if (name != now) { print "not of its family: " $0; bad = 1 }
		if (rest !~ /^(\{[a-z_]+="([^"\\]|\\["\\n])*"(,[a-z_]+="([^"\\]|\\["\\n])*")*\})? -?[0-9]+$/) {
			print "not a sample: " $0; bad = 1 }
		key = substr($0, 1, length($0) - length($NF))
		if (key in seen) { print "twice: " $0; bad = 1 }
		seen[key] = 1; next
	}
	{ print "no line of an exposition: " $0; bad = 1 }
	END { if (!ended) { print "no # EOF"; bad = 1 } exit bad }' report.prom >out || fail "$(head -5 out)"
if command -v promtool >/dev/null; then
	promtool check metrics <report.prom >out 2>&1 || fail "$(cat out)"
	promtool check rules "$source/deploy/prometheus/exhibit-rules.yaml" >out 2>&1 || fail "$(cat out)"
else
	echo 'not tried: no promtool here'
fi
# every figure that an alert speaks of is there, or is one that may be missing
grep -o 'exhibit_[a-z_]*' "$source/deploy/prometheus/exhibit-rules.yaml" | sort -u |
	while read -r name; do
		grep -q "^# TYPE $name gauge$" report.prom || fail "an alert asks for $name"
	done

echo '== its figures'
sample 'exhibit_results{check="node-fips-on",severity="high",result="not-satisfied"}' \
	"$(value "SELECT count(*) FROM verdict WHERE check_id = 'node-fips-on' AND verdict = 'not-satisfied'")"
sample 'exhibit_results{check="node-fips-on",severity="high",result="satisfied"}' 0
sample 'exhibit_scope_collected{scope="host/web-1",collector="node",outcome="observed"}' 1
sample 'exhibit_scope_collected{scope="host/a\"b\\c",collector="node",outcome="unreachable"}' 0
sample 'exhibit_scope_gaps{scope="host/web-1",collector="node"}' 1
sample 'exhibit_scope_evidence_timestamp_seconds{scope="host/web-1",collector="node"}' \
	"$(date -u -d 2026-09-30T03:00:00Z +%s)"
sample exhibit_report_timestamp_seconds "$(date -u -d 2026-10-01T00:00:00Z +%s)"
sample exhibit_run_complete 0
sample 'exhibit_exceptions{state="open"}' 0
grep -q '^exhibit_signer_expiry_timestamp_seconds [0-9]' report.prom || fail 'no end of the signer'

echo 'metrics: ok'
