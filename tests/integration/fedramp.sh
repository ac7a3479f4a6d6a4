#!/bin/sh
# FedRAMP's Consolidated Rules: profiles by type and class, what bears on each
# rule, the record as JSON by the preview schema; and never that a rule is met.
# usage: fedramp.sh EXHIBIT
set -eu

. ./setup.sh
root=$(cd "$tests/.." && pwd)
echo 'now: 2026-09-01T00:00:00Z' >exhibit.yaml

run() { # STATUS ARG...
	want=$1
	shift
	got=0
	"$exhibit" "$@" >"$dir/out" 2>"$dir/err" || got=$?
	[ $got = "$want" ] || fail "exhibit $*: status $got, not $want"
}
value() { # SQL over the file JSON as j
	sqlite3 :memory: "SELECT $2 FROM (SELECT CAST(readfile('$1') AS TEXT) AS j)"
}

run 0 init --now 2026-07-01T00:00:00Z
run 0 key new --now 2026-07-01T00:00:00Z
cat "$tests"/fixtures/node/*.ndjson >all
run 1 collect import all --now 2026-07-02T00:00:00Z
run 1 assess --profile fedramp-20x-b --now 2026-07-02T01:00:00Z
run 1 collect import all --now 2026-07-05T00:00:00Z
run 1 assess --profile fedramp-20x-b --now 2026-07-05T01:00:00Z
run 1 collect import all --now 2026-08-01T00:00:00Z

echo '== every profile, and the force that its class gives'
for pair in 20x-a:MAY 20x-b:MAY 20x-c:SHOULD 20x-d:MUST rev5-b:MAY rev5-c:SHOULD rev5-d:MUST \
	moderate:SHOULD high:MUST; do
	run 1 report --unsigned --profile "fedramp-${pair%:*}" --output "p-${pair%:*}" \
		--format json,fedramp --now 2026-08-01T02:00:00Z
	f=p-${pair%:*}.json
	[ "$(value "$f" "(SELECT group_concat(DISTINCT r.value ->> '\$[3]') FROM json_each(j, '\$.tables') t,
		json_each(t.value, '\$.rows') r WHERE t.value ->> '\$.query' = 'fedramp-rules'
		AND r.value ->> '\$[0]' = 'CMU-CSO-UVM')")" = "${pair#*:}" ] || fail "${pair%:*}: the force"
	grep -q 'version 2026.07.14.01' "$f" || fail "${pair%:*}: the version of the rules is not named"
	case $pair in 20x*) want=1 ;; *) want=0 ;; esac
	[ "$(value "p-${pair%:*}.fedramp.json" "(SELECT count(*) > 0 FROM json_each(j, '\$.fedRampRequirements') r
		WHERE r.value ->> '\$.frId' GLOB 'KSI-*')")" = $want ] || fail "${pair%:*}: indicators are 20x's alone"
done
run 1 report --unsigned --profile cmmc-l2 --output no --format json --now 2026-08-01T02:00:00Z
! grep -q '"query":"fedramp-rules"' no.json || fail 'rules of FedRAMP in another report'
run 2 report --unsigned --profile cmmc-l2 --output no --format fedramp --now 2026-08-01T02:00:00Z
grep -q 'fedramp-20x-c' err || fail 'no next step'

echo '== the record: the schema, the numbers, the words'
run 1 report --profile fedramp-20x-b --fedramp-id FR0000000000 --organization Example \
	--output sdr --format xml,json,fedramp --now 2026-08-01T03:00:00Z
run 0 verify sdr.fedramp.json --trust exhibit-cert.pem --config exhibit.yaml
grep -q 'the same bytes' out || fail 'it is not made anew'
[ "$(value sdr.fedramp.json "j ->> '\$.exhibit.fedrampId'")" = FR0000000000 ] || fail 'no FedRAMP ID'
! grep -Eiq '"(Implemented|PASSED|met)"|(KSI|indicator|rule|requirement) (is|was|are) met' sdr.fedramp.json ||
	fail 'it says that something is met'
! grep -q '"assessed"' sdr.fedramp.json || fail 'it claims an assessor'
# by hand: the verdicts of the checks that the catalogue says bear on a rule
run 0 query --profile fedramp-20x-b --format csv "SELECT count(*) FROM verdict v
	WHERE v.profile = 'fedramp-20x-b' AND v.verdict = 'satisfied' AND v.check_id IN (
	SELECT name FROM catalog_fedramp_bearing WHERE by = 'check' AND id = 'CMU-CSO-UVM')"
n=$(tail -n 1 out | tr -d '\r')
[ "$n" -gt 0 ] && [ "$(value sdr.fedramp.json "(SELECT r.value ->> '\$.satisfied' FROM json_each(j,
	'\$.exhibit.rules') r WHERE r.value ->> '\$.id' = 'CMU-CSO-UVM')")" = "$n" ] || fail "CMU-CSO-UVM: not $n"
schemas=${EXHIBIT_FEDRAMP_SCHEMAS:-}
if [ -z "$schemas" ] || [ ! -e "$schemas/cr26SecurityDecisionRecord.preview.schema.json" ]; then
	echo "skipped: EXHIBIT_FEDRAMP_SCHEMAS names no folder with FedRAMP's preview schemas"
elif client=$("$root/scripts/clients" schema); then
	# what it refers to in the other schema is left open
	sed 's#"\$ref": *"certificationOverviewPackage[^"]*"#"title": "elsewhere"#' \
		"$schemas/cr26SecurityDecisionRecord.preview.schema.json" >schema.json
	NODE_PATH=$client/node_modules node "$tests/integration/schema.js" schema.json sdr.fedramp.json \
		>out 2>err || fail "the schema: $(head -c 600 out)"
	sed 's/"frequency":"[A-Z][a-z]*"/"frequency":"Sometimes"/' sdr.fedramp.json >bad.json
	! NODE_PATH=$client/node_modules node "$tests/integration/schema.js" schema.json bad.json \
		>out 2>&1 || fail 'the schema takes anything'
fi

echo '== metrics: a day without an evaluation is a day without evidence'
run 0 query fedramp-daily --profile fedramp-20x-b --format csv
grep '^CMU-CSO-CMD,' out | tr -d '\r' | awk -F, '$3 == "evaluated" { print $2 }' | tr '\n' ' ' >days
[ "$(cat days)" = '2026-07-02 2026-07-05 2026-08-01 ' ] || fail "days: $(cat days)"
[ "$(grep -c '^CMU-CSO-CMD,' out)" = 365 ] || fail 'not every day of the year'
grep -q '^CMU-CSO-CMD,2026-07-03,no evaluation,,,' out || fail 'a day without evidence has numbers'
[ "$(value sdr.fedramp.json "(SELECT r.value ->> '\$.\"days evaluated of 30\"' || ' ' ||
	(r.value ->> '\$.\"days without evidence of 30\"') || ' ' || (r.value ->> '\$.\"days evaluated of 365\"')
	FROM json_each(j, '\$.exhibit.historicalMetrics') r WHERE r.value ->> '\$.id' = 'CMU-CSO-CMD')")" = '2 28 3' ] ||
	fail 'the metrics'

echo '== the report of a period'
run 1 report --unsigned --profile fedramp-20x-b --period 2026-07-01..2026-07-31 --output ocr \
	--format fedramp --now 2026-08-01T04:00:00Z
[ "$(value ocr.fedramp.json "j ->> '\$.exhibit.ongoingCertificationReport.from'")" = 2026-07-01T00:00:00Z ] ||
	fail 'no report of the period'
[ "$(value sdr.fedramp.json "json_type(j, '\$.exhibit.ongoingCertificationReport') IS NULL")" = 1 ] ||
	fail 'a report of no period'

echo '== an identifier that the rules do not have is told'
tab=$(printf '\t')
sed "s/^requirement${tab}CMU-CSO-UVM/requirement${tab}UCM-CSX-UVM/
	s/^requirement${tab}CMU-CSO-CAT/requirement${tab}ABC-DEF-GHI/" \
	"$root/catalogs/profiles/fedramp-20x-b.tsv" >old.tsv
run 1 report --unsigned --profile ./old.tsv --output old --format json --now 2026-08-01T05:00:00Z
[ "$(value old.json "(SELECT t.value ->> '\$.rows' FROM json_each(j, '\$.tables') t
	WHERE t.value ->> '\$.query' = 'fedramp-ids')")" = '[["ABC-DEF-GHI",null,null,null],["UCM-CSX-UVM","CMU-CSO-UVM","2026-06-24",null]]' ] ||
	fail "identifiers: $(value old.json "(SELECT t.value ->> '\$.rows' FROM json_each(j, '\$.tables') t
	WHERE t.value ->> '\$.query' = 'fedramp-ids')")"
! grep -q '"query":"fedramp-ids"' sdr.json || fail 'the shipped profile names an identifier that there is not'
sed "s/20x b/20x e/" "$root/catalogs/profiles/fedramp-20x-b.tsv" >bad.tsv
run 2 checks --profile ./bad.tsv
grep -q "20x a to d" err || fail 'a class that there is not'
# no check speaks of the pilot
! grep -l 'fedramp-20x' "$root"/checks/*.sql || fail 'a check names the pilot'

[ $failed = 0 ] || exit 1
echo ok
