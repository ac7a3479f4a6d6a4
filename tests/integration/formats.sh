#!/bin/sh
# A report in every format: each is valid by its own standard's checker, says the
# same, and is the same when made again.
# usage: formats.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
# where no --now says another: certificates made below must be in force
echo 'now: 2026-07-04T00:00:00Z' >exhibit.yaml

fail() {
	echo "FAILED: $1" >&2
	[ ! -s "$dir/out" ] || sed 's/^/  out: /' "$dir/out" | head -40 >&2
	exit 1
}
run() {
	want=$1
	shift
	set +e
	"$exhibit" "$@" >"$dir/out" 2>&1
	got=$?
	set -e
	[ $got = "$want" ] || fail "exhibit $*: status $got, not $want"
}

run 0 init --now 2026-07-01T00:00:00Z
run 0 key new --now 2026-07-01T00:00:00Z
cat "$here"/../fixtures/node/*.ndjson >all
run 1 collect import all --now 2026-07-02T00:00:00Z
run 1 report --now 2026-07-03T00:00:00Z --format xml,poam,plan,xccdf,json,sarif,csv
for f in xml poam.xml plan.xml xccdf.xml json sarif evidence.csv findings.csv \
	modules.csv population.csv; do
	openssl cms -verify -attime 1783123200 -binary -cades -purpose any -inform DER \
		-in exhibit-report.$f.p7s -content exhibit-report.$f \
		-CAfile exhibit-cert.pem -out /dev/null 2>out || fail "signature of $f"
done
[ ! -e exhibit-report.html ] || fail "a page was written that nobody asked for"

# ---- OSCAL ----

for v in 1.0.6 1.2.2; do
	[ -f "$here/../fixtures/oscal/$v/oscal_assessment-plan_schema.xsd" ] || continue
	xmllint --noout --schema \
		"$here/../fixtures/oscal/$v/oscal_assessment-plan_schema.xsd" \
		exhibit-report.plan.xml 2>out || fail "assessment plan, OSCAL $v"
done
run 0 verify exhibit-report.plan.xml exhibit-report.poam.xml exhibit-report.xml \
	--trust exhibit-cert.pem --config exhibit.yaml
! grep -q 'name="verdict"' exhibit-report.plan.xml || fail "a plan knows verdicts"

# ---- the same numbers everywhere ----

counts() { # VERDICT: of the report's XML
	xmllint --xpath "string(//*[local-name()='result']/*[local-name()='prop'][@name='$1']/@value)" \
		exhibit-report.xml
}
pass=$(counts satisfied) fail_=$(counts not-satisfied) unknown=$(counts unknown) \
	na=$(counts not-applicable)
[ "$pass" -gt 50 ] && [ "$fail_" -gt 10 ] && [ "$unknown" -gt 10 ] || fail "the fixtures"
notchecked=$(grep -c '<result>notchecked</result>' exhibit-report.xccdf.xml || true)
for pair in pass:$pass fail:$fail_ unknown:$unknown notapplicable:$na; do
	n=$(grep -c "<result>${pair%:*}</result>" exhibit-report.xccdf.xml)
	[ "$n" = "${pair#*:}" ] || fail "XCCDF: $n times ${pair%:*}, not ${pair#*:}"
done
subjects=$(tail -n +2 exhibit-report.population.csv | wc -l)
[ "$subjects" -ge 15 ] || fail "population.csv"
sqlite3 :memory: "SELECT j ->> '\$.counts.satisfied', j ->> '\$.counts.not-satisfied',
	j ->> '\$.counts.unknown', j ->> '\$.counts.not-applicable', j ->> '\$.format',
	json_array_length(j, '\$.subjects') FROM (SELECT CAST(readfile('exhibit-report.json')
	AS TEXT) AS j)" >out
[ "$(cat out)" = "$pass|$fail_|$unknown|$na|exhibit-report-1|$subjects" ] || fail "JSON"
# every subject of every group is one that there is
sqlite3 :memory: "SELECT count(*) FROM (SELECT CAST(readfile('exhibit-report.json') AS
	TEXT) AS j), json_each(j, '\$.checks') c, json_each(c.value, '\$.groups') g,
	json_each(g.value, '\$.subjects') s WHERE s.value BETWEEN 0 AND $subjects - 1" >out
[ "$(cat out)" = $((pass + fail_ + unknown + na)) ] || fail "JSON: subjects of groups"

# ---- made again, the same bytes ----

mkdir first
for f in poam.xml plan.xml xccdf.xml json sarif evidence.csv findings.csv; do
	cp exhibit-report.$f first/
done
run 1 report --now 2026-07-03T00:00:00Z --format xml,poam,plan,xccdf,json,sarif,csv
# the judgement's number is part of UUIDs, so only the tables are equal whole
for f in evidence.csv findings.csv; do
	cmp first/exhibit-report.$f exhibit-report.$f || fail "$f differs"
done


# ---- the page about formats names each ----

run 2 report --format nosuch --now 2026-07-03T00:00:00Z
for f in $(sed -n 's/.*knows //p' out | tr ',' ' '); do
	grep -q "^|.*\`$f\`" "$here/../../docs/formats.md" || fail "docs/formats.md has no $f"
done

# ---- the organisation's looks ----

echo iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg== |
	openssl base64 -d -A >logo.png
cat >exhibit.yaml <<'END_'
now: 2026-07-04T00:00:00Z
organization: Example
classification: Internal
logo: logo.png
accent: "#7a1f3d"
END_
run 1 report --now 2026-07-03T01:00:00Z --output brand
grep -q '<img class="logo" alt="Example" src="data:image/png;base64,iVBORw0KGgo' brand.html ||
	fail "no logo on the page"
grep -q -- '--brand: #7a1f3d;' brand.html || fail "no colour on the page"
run 0 verify brand.html brand.xml --trust exhibit-cert.pem --config exhibit.yaml
for v in 1.0.6 1.2.2; do
	xmllint --noout --schema \
		"$here/../fixtures/oscal/$v/oscal_assessment-results_schema.xsd" \
		brand.xml 2>out || fail "a report with a logo, OSCAL $v"
done
echo 'now: 2026-07-04T00:00:00Z' >exhibit.yaml
echo '<svg onload="x()"/>' >logo.svg
run 2 report --logo logo.svg
grep -q 'neither a PNG nor a JPEG' out || fail "an SVG is taken for a picture"
run 2 report --accent '#fff;}'
grep -q 'no colour' out || fail "a style is taken for a colour"

# ---- what needs somebody else's program ----

if command -v oscap >/dev/null; then
	oscap xccdf validate exhibit-report.xccdf.xml >out 2>&1 || fail "oscap xccdf validate"
	oscap xccdf generate report --result-id \
		"$(sed -n 's/.*<TestResult id="\([^"]*\)".*/\1/p' exhibit-report.xccdf.xml | head -1)" \
		exhibit-report.xccdf.xml >page.html 2>out || fail "oscap xccdf generate report"
	grep -q 'notapplicable\|pass' page.html || fail "oscap's page says nothing"
else
	echo "skipped: no oscap: its check of the XCCDF results"
fi
# what we write, the collector reads: each item as a target of its own
run 0 collect scap exhibit-report.xccdf.xml --now 2026-07-05T02:00:00Z
run 0 query --format csv 'SELECT sum(pass), sum(fail), sum(other) FROM scap_result'
[ "$(tail -n 1 out | tr -d "\r")" = \
	"$pass,$fail_,$((unknown + na + notchecked))" ] || fail "read back"

# without a printer that is said; with one there is a PDF
set +e
PATH=$dir "$exhibit" report --now 2026-07-05T03:00:00Z --format pdf >out 2>&1
got=$?
set -e
[ $got = 2 ] && grep -q 'neither chromium, google-chrome nor weasyprint' out ||
	fail "no printer: status $got"
if command -v chromium >/dev/null || command -v weasyprint >/dev/null; then
	run 1 report --now 2026-07-05T03:00:00Z --format pdf
	[ "$(head -c 5 exhibit-report.pdf)" = "%PDF-" ] || fail "no PDF"
else
	echo "skipped: neither chromium nor weasyprint: the page on paper"
fi
echo ok
