#!/bin/sh
# The report over a period: what it says of each day, that it is the same when made
# anew, and that it and its plan of action are valid OSCAL.
# usage: period.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
. "$here/../fixtures/fleet_time.sh"
cd "$dir"
# where no --now says another: certificates made below must be in force
echo 'now: 2026-12-02T00:00:00Z' >exhibit.yaml

fail() {
	echo "FAILED: $1" >&2
	[ ! -s "$dir/out" ] || sed 's/^/  out: /' "$dir/out" | head -40 >&2
	exit 1
}
# must STATUS WHAT ARG...
must() {
	want=$1 what=$2
	shift 2
	set +e
	"$exhibit" "$@" >"$dir/raw" 2>&1
	got=$?
	set -e
	tr -d '\r' <"$dir/raw" >"$dir/out"
	[ $got = "$want" ] || fail "$what: status $got, not $want"
}
says() {
	grep -qF -- "$1" out || fail "does not say: $1"
}

make_fleet "$exhibit" exhibit.db
must 0 "a key" key new --now 2026-01-01T00:00:00Z

# ---- what the days come to ----

must 0 days query fips-by-day --period 2026-07-01..2026-07-17 --format csv
sed -n '1p;2p;7p;11p;17p' out >some
cat >want <<'END'
day,in FIPS mode,not in FIPS mode,not determined
2026-07-01,120,0,48
2026-07-06,75,0,72
2026-07-10,99,21,48
2026-07-16,141,3,48
END
diff want some >&2 || fail "node-hours by day"
# the same hours as the nodes' own, but for what is cut of each day
must 0 hours query node-hours --period 2026-07-01..2026-07-17 --format csv
awk -F, 'NR > 1 { on += $3; off += $4 } END { print int(on), int(off) }' out >sums
must 0 days query fips-by-day --period 2026-07-01..2026-07-17 --format csv
awk -F, 'NR > 1 { on += $2; off += $3 } END { print on, off }' out >days
cmp sums days || fail "node-hours differ: $(cat sums days | tr '\n' ' ')"

must 0 came query came-and-went --period 2026-07 --format csv
cat >want <<'END'
day,what,kind,subjects,one of them
2026-07-06,gone,node,1,back in kube/c1
2026-07-09,back,node,1,back in kube/c1
2026-07-15,new,node,1,late in host/late
END
diff want out >&2 || fail "what came and what went"

# ---- the report ----

must 1 "before the period" report --as-of 2026-06-30 --now 2026-07-19T12:00:00Z
must 1 "over the period" report --period 2026-07 --now 2026-08-02T09:00:00Z
xmllint --noout exhibit-report.html || fail "the page is no XML"
grep -q 'id="period"' exhibit-report.html || fail "no section on the period"
grep -q 'From 2026-07-01 up to 2026-08-01' exhibit-report.html ||
	fail "the cover does not name the period"
for v in 1.0.6 1.2.2; do
	xmllint --noout --schema \
		"$here/../fixtures/oscal/$v/oscal_assessment-results_schema.xsd" \
		exhibit-report.xml 2>out || fail "OSCAL $v"
done
must 0 "its verification" verify exhibit-report.xml --trust exhibit-cert.pem --config exhibit.yaml
says "Everything verifies"
[ "$(xmllint --xpath 'count(//*[local-name()="part"][@class="outages"]//*[local-name()="tr"])' \
	exhibit-report.xml)" -gt 3 ] || fail "the intervals are not in the report"

# the same for ever: the same options, the same bytes, whatever was judged since
cp exhibit-report.xml first.xml
must 1 "again" report --as-of 2026-07-10 --now 2026-09-01T00:00:00Z --output other
must 0 "its verification later" verify exhibit-report.xml \
	--trust exhibit-cert.pem --config exhibit.yaml
cmp first.xml exhibit-report.xml || fail "the report changed"

# ---- the plan of action: the same items as long as they are open ----

must 1 "a plan" report --period 2026-07 --now 2026-09-02T00:00:00Z \
	--format xml,poam --output july
must 1 "the next" report --as-of 2026-07-10 --now 2026-10-02T00:00:00Z \
	--format poam --output october
for v in 1.0.6 1.2.2; do
	for plan in july october; do
		xmllint --noout --schema \
			"$here/../fixtures/oscal/$v/oscal_poam_schema.xsd" \
			$plan.poam.xml 2>out || fail "POA&M $plan, OSCAL $v"
	done
done
items() {
	xmllint --xpath '//*[local-name()="poam-item"]/@uuid' "$1" | sort
}
items july.poam.xml >one
items october.poam.xml >two
[ -n "$(comm -12 one two)" ] || fail "an open weakness got another UUID"
must 0 "verification of plans" verify july.poam.xml october.poam.xml \
	july.xml --trust exhibit-cert.pem --config exhibit.yaml
sed 's/not-satisfied/satisfied/' july.poam.xml >forged.poam.xml
cp july.poam.xml.p7s forged.poam.xml.p7s
must 3 "a forged plan" verify forged.poam.xml
must 2 "no such format" report --format docx
says "knows html, xml, pdf, poam, plan, oscal-json, "

# ---- refusals ----

must 2 "both" report --period 2026-07 --as-of 3
says "--period is judged as of its end"
must 2 "the future" report --period 2027Q1 --now 2026-12-01T00:00:00Z
says "has not begun"
must 2 "before anything" report --period 2020Q1
says "no run"
must 2 "words" report --period soon
says "is neither a year"
echo ok
