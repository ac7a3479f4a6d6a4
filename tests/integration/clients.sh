#!/bin/sh
# Formats, read by the programs they are for; each that cannot be had is named.
# usage: clients.sh EXHIBIT
set -eu

. ./setup.sh
root=$(cd "$tests/.." && pwd)
echo 'now: 2026-07-04T00:00:00Z' >exhibit.yaml

run() { # STATUS ARG...
	want=$1
	shift
	got=0
	"$exhibit" "$@" >"$dir/out" 2>"$dir/err" || got=$?
	[ $got = "$want" ] || fail "exhibit $*: status $got, not $want"
}
# The folder of a client, or nothing, after saying why.
client() { # NAME
	"$root/scripts/clients" "$1" 2>"$dir/why" || cat "$dir/why" >&2
}

run 0 init --now 2026-07-01T00:00:00Z
run 0 key new --now 2026-07-01T00:00:00Z
cat "$tests"/fixtures/node/*.ndjson >all
run 1 collect import all --now 2026-07-02T00:00:00Z
run 1 report --unsigned --now 2026-07-03T00:00:00Z --organization Example --format \
	xml,oscal-json,poam-json,plan-json,xccdf,xccdf-system,hdf,ckl,cklb,ocsf,junit,json,sarif,gitlab
base=exhibit-report

# What each check came to as a whole, by the report itself: "ID STATUS".
checks() { # SATISFIED NOT-SATISFIED UNKNOWN NOT-APPLICABLE NONE
	sqlite3 -separator ' ' :memory: "SELECT c.value ->> '\$.id', CASE
		WHEN c.value ->> '\$.counts.not-satisfied' > 0 THEN '$2'
		WHEN c.value ->> '\$.counts.unknown' > 0 THEN '$3'
		WHEN c.value ->> '\$.counts.satisfied' > 0 THEN '$1'
		WHEN c.value ->> '\$.counts.not-applicable' > 0 THEN '$4' ELSE '$5' END
		FROM json_each(CAST(readfile('$base.json') AS TEXT), '\$.checks') c ORDER BY 1"
}
n=$(checks p f u n - | wc -l)
[ "$n" -ge 145 ] || fail "only $n checks"

echo '== without a client: JSON and XML, and what they hold'
for f in oscal.json poam.json plan.json hdf.json cklb ocsf.json json sarif gitlab.json; do
	sqlite3 :memory: "SELECT json_valid(CAST(readfile('$base.$f') AS TEXT))" >out
	[ "$(cat out)" = 1 ] || fail "$f is no JSON"
done
xmllint --noout $base.junit.xml $base.ckl 2>err || fail 'no XML'
# OCSF: what the class requires stands in every event
sqlite3 :memory: "SELECT count(*), sum(json_type(e.value, '\$.time') = 'integer'
	AND e.value ->> '\$.type_uid' = 200301 AND (e.value ->> '\$.finding_info.uid') <> ''
	AND (e.value ->> '\$.metadata.product.name') = 'exhibit'
	AND json_array_length(e.value, '\$.resources') = 1
	AND (e.value ->> '\$.compliance.status_id') IN (0, 1, 3, 99)),
	count(DISTINCT e.value ->> '\$.finding_info.uid')
	FROM json_each(CAST(readfile('$base.ocsf.json') AS TEXT)) e" >out
[ "$(cut -d'|' -f1 out)" = "$(cut -d'|' -f2 out)" ] &&
	[ "$(cut -d'|' -f1 out)" = "$(cut -d'|' -f3 out)" ] || fail "OCSF: $(cat out)"
# every path of SARIF and GitLab is relative, and there is one for each result
sqlite3 :memory: "SELECT count(*), sum(r.value ->>
	'\$.locations[0].physicalLocation.artifactLocation.uri' NOT GLOB '/*'
	AND r.value ->> '\$.locations[0].physicalLocation.artifactLocation.uri' NOT GLOB '*:*'
	AND r.value ->> '\$.partialFingerprints.primaryLocationLineHash' <> '')
	FROM json_each(CAST(readfile('$base.sarif') AS TEXT), '\$.runs[0].results') r" >out
[ "$(cut -d'|' -f1 out)" = "$(cut -d'|' -f2 out)" ] || fail "SARIF: $(cat out)"

echo '== OSCAL JSON: the schemas of NIST'
schema=$(client schema)
if [ -n "$schema" ]; then
	for pair in assessment-results:oscal poam:poam assessment-plan:plan; do
		NODE_PATH=$schema/node_modules node "$tests/integration/schema.js" \
			"$tests/fixtures/oscal/1.0.6/oscal_${pair%:*}_schema.json" \
			"$base.${pair#*:}.json" >out 2>err || fail "$pair: $(cat out)"
	done
	# it does refuse what is not so
	sed 's/"oscal-version":"1.2.2"/"oscal-version":7/' $base.oscal.json >bad.json
	! NODE_PATH=$schema/node_modules node "$tests/integration/schema.js" \
		"$tests/fixtures/oscal/1.0.6/oscal_assessment-results_schema.json" \
		bad.json >out 2>&1 || fail 'the schema takes anything'
fi

echo "== OSCAL JSON: as NIST's own converter makes it of the XML"
xslt=$(client xslt)
if [ -n "$xslt" ] && [ -n "$schema" ]; then
	cat >few.tsv <<'END_'
# title: A few checks, so that the conversion takes seconds
# date: 2026-07-01
# source: this test
what	name	value	why
check	node-fips-on	include	
check	node-module-*	include	
END_
	run 1 report --unsigned --profile ./few.tsv --now 2026-07-03T01:00:00Z --output few \
		--format xml,oscal-json
	node "$xslt/node_modules/xslt3/xslt3.js" \
		-xsl:"$tests/fixtures/oscal/1.0.6/oscal_assessment-results_xml-to-json-converter.xsl" \
		-s:few.xml -o:nist.json 2>err || fail 'the converter'
	node "$tests/integration/json_equal.js" few.oscal.json nist.json >out 2>err ||
		fail "differs from NIST's: $(cat out)"
	sed 's/"state":"not-satisfied"/"state":"satisfied"/' few.oscal.json >bad.json
	! node "$tests/integration/json_equal.js" bad.json nist.json >out 2>err ||
		fail 'the comparison sees nothing'
fi

echo '== HDF, XCCDF, CKL: what Heimdall makes of them, check by check'
saf=$(client saf)
if [ -n "$saf" ]; then
	heimdall() { # FILE
		node "$tests/integration/heimdall.js" "$saf" "$1" | sort
	}
	convert() { # WHAT FROM TO
		node "$saf/node_modules/@mitre/saf/bin/run" convert "$1" -i "$2" -o "$3" \
			>out 2>err || fail "saf convert $1"
	}
	heimdall $base.hdf.json >out
	checks Passed Failed 'Profile Error' 'Not Applicable' 'Not Reviewed' | sort >want
	cmp -s want out || fail "HDF: $(diff want out | head -5)"
	convert xccdf_results2hdf $base.system.xccdf.xml x.json
	heimdall x.json >out
	cmp -s want out || fail "XCCDF: $(diff want out | head -5)"
	convert ckl2hdf $base.ckl c.json
	heimdall c.json >out
	checks Passed Failed 'Not Reviewed' 'Not Applicable' 'Not Reviewed' | sort >want
	cmp -s want out || fail "CKL: $(diff want out | head -5)"
fi

echo '== SARIF: the multitool, with the rules of GitHub'
sarif=$(client sarif)
if [ -n "$sarif" ]; then
	node "$sarif/node_modules/@microsoft/sarif-multitool/bin.js" validate \
		--rule-kind "'Sarif;Ghas'" $base.sarif >out 2>err || true
	grep -q 'Done. 1 files scanned' out || echo "skipped: the multitool does not run here"
	! grep -E '\.sarif\(.*: error ' out >err || fail 'SARIF is not as it should be'
fi

echo '== XCCDF: oscap'
if command -v oscap >/dev/null; then
	for f in xccdf.xml system.xccdf.xml; do
		oscap xccdf validate $base.$f >out 2>err || fail "oscap: $f"
	done
else
	echo 'skipped: no oscap'
fi

echo '== in-toto: a DSSE envelope over the digest of a package, verified by openssl'
run 1 package --attest --output evidence.zip --now 2026-07-03T02:00:00Z
field() { # JSON PATH
	sqlite3 :memory: "SELECT CAST(readfile('$1') AS TEXT) ->> '$2'"
}
field evidence.zip.intoto.jsonl '$.payload' | tr -d '\n' | openssl base64 -d -A >payload
type=$(field evidence.zip.intoto.jsonl '$.payloadType')
{
	printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(wc -c <payload)"
	cat payload
} >pae
field evidence.zip.intoto.jsonl '$.signatures[0].sig' | tr -d '\n' | openssl base64 -d -A >sig
openssl x509 -in exhibit-cert.pem -noout -pubkey >pub
openssl dgst -sha384 -verify pub -signature sig pae >out 2>err || fail 'the envelope'
[ "$(field payload '$.subject[0].digest.sha256')" = "$(sha256sum evidence.zip | cut -d' ' -f1)" ] ||
	fail 'the digest is of another package'
[ "$(field payload '$._type')" = https://in-toto.io/Statement/v1 ] || fail 'the statement'
[ "$(field payload '$.predicate.results.satisfied')" = "$(field $base.json '$.counts.satisfied')" ] ||
	fail "the predicate: $(cat payload)"
echo x >>pae
! openssl dgst -sha384 -verify pub -signature sig pae >out 2>&1 || fail 'anything verifies'

echo '== OpenMetrics: promtool'
if command -v promtool >/dev/null; then
	run 1 report --unsigned --now 2026-07-03T02:00:00Z --output metrics --format openmetrics
	promtool check metrics <metrics.prom >out 2>err || fail 'promtool'
else
	echo 'skipped: no promtool'
fi

[ $failed = 0 ] || exit 1
echo ok
