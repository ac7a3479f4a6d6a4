#!/bin/sh
# Results of other tools: read by one table, third-party evidence, never a pass.
# usage: results.sh EXHIBIT
set -eu

. ./setup.sh
echo 'now: 2026-07-04T00:00:00Z' >exhibit.yaml
cp "$tests"/fixtures/results/*.* .
rm README.md

run() { # STATUS ARG...
	want=$1
	shift
	got=0
	"$exhibit" "$@" >"$dir/raw" 2>"$dir/err" || got=$?
	tr -d '\r' <"$dir/raw" >"$dir/out"
	[ $got = "$want" ] || fail "exhibit $*: status $got, not $want"
}
answers() {
	cat >want
	diff want out >&2 || fail "$1"
}

run 0 init --now 2026-07-01T00:00:00Z

echo '== every format'
run 0 collect results inspec.json kube-bench.json kubescape.json one.ckl one.cklb prowler.ocsf.json \
	scan.nessus securityhub.json trivy.json --now 2026-07-02T00:00:00Z
run 0 query --format csv "SELECT scope, scanner, version, time, pass, fail, other
	FROM external_report ORDER BY scope"
answers 'the reports' <<'END_'
scope,scanner,version,time,pass,fail,other
results/asff/444455556666,Security Hub,,2026-07-01T08:00:00.000Z,1,0,1
results/ckl/web-1,STIG checklist,,,1,1,1
results/cklb/web-2,STIG checklist,,,1,0,1
results/hdf/web-3,InSpec (HDF),5.22.3,2026-07-01T08:00:00+00:00,1,1,1
results/kube-bench/kube-bench.json,kube-bench,,,1,1,1
results/kubescape/prod,kubescape,v3.0.3,2026-07-01T08:00:00Z,1,1,1
results/nessus/quarter,Nessus,,,1,2,1
results/ocsf/111122223333,Prowler,5.3.0,2026-07-01T08:00:00.123456,1,1,2
results/trivy/registry.example.org/web:1,Trivy,,2026-07-01T08:00:00.5Z,1,2,0
END_
run 0 query --format csv "SELECT rule, target, severity, stated, result FROM external_result
	WHERE scope GLOB 'results/[nct]*' ORDER BY scope, key"
answers 'the results' <<'END_'
rule,target,severity,stated,result
SV-2,web-1,,NotAFinding,pass
SV-258230r926689_rule,web-1,high,Open,fail
SV-3,web-1,,Not_Reviewed,other
SV-2,web-2,medium,not_applicable,other
SV-258230r926689_rule,web-2,high,not_a_finding,pass
104743,192.0.2.7,Medium,2,fail
21157,192.0.2.7,,FAILED,fail
21158,192.0.2.7,,PASSED,pass
56984,192.0.2.7,None,0,other
AVD-AWS-0086,main.tf,HIGH,PASS,pass
AVD-AWS-0132,main.tf,HIGH,FAIL,fail
CVE-2024-0727,openssl,MEDIUM,fail,fail
END_
[ "$("$exhibit" query --format csv "SELECT digest FROM external_report WHERE file = 'trivy.json'" |
	sed -n 2p | tr -d '\r')" = "$(sha256sum trivy.json | cut -d' ' -f1)" ] || fail 'the digest'
sqlite3 exhibit.db "SELECT 1 FROM content WHERE body LIKE '%not kept%' OR body LIKE '%that-is-not-kept%'" >out
[ ! -s out ] || fail 'a text of the tool was kept'

echo '== never a pass'
run 1 assess --now 2026-07-02T01:00:00Z
run 0 query --format csv "SELECT verdict, count(*) AS n FROM verdict
	WHERE check_id = 'external-findings' GROUP BY 1 ORDER BY 1"
answers 'the verdicts' <<'END_'
verdict,n
not-applicable,7
not-satisfied,8
unknown,8
END_
# words that are nearly a pass, and everything that could be one
for word in '"PASS "' '"pass fail"' '"OK"' 'null' '1' '{}' '["PASS"]' 'true' '"FAILPASS"' '" "' '"NOT PASS"'; do
	sed "s/\"status_code\":\"PASS\"/\"status_code\":$word/" prowler.ocsf.json >odd.json
	run 0 collect results odd.json --now 2026-07-02T02:00:00Z
	run 0 query --format csv "SELECT result FROM external_result WHERE rule = 'elbv2_ssl_listeners'"
	[ "$(sed -n 2p out)" = other ] || fail "$word is taken for $(sed -n 2p out)"
done

echo '== what we write, it reads: the same numbers'
cat "$tests"/fixtures/node/*.ndjson >all
run 0 init --store own.db --now 2026-07-01T00:00:00Z
run 1 collect import all --store own.db --now 2026-07-02T00:00:00Z
run 1 report --store own.db --unsigned --now 2026-07-03T00:00:00Z --format json,hdf,ocsf,ckl,cklb
run 0 collect results exhibit-report.hdf.json exhibit-report.ocsf.json --now 2026-07-03T02:00:00Z
pass=$(sqlite3 :memory: "SELECT CAST(readfile('exhibit-report.json') AS TEXT) ->> '\$.counts.satisfied'")
bad=$(sqlite3 :memory: "SELECT CAST(readfile('exhibit-report.json') AS TEXT) ->> '\$.counts.not-satisfied'")
run 0 query --format csv "SELECT pass, fail FROM external_report WHERE file GLOB 'exhibit-report*'"
[ "$(sed -n 2p out)" = "$pass,$bad" ] && [ "$(sed -n 3p out)" = "$pass,$bad" ] || fail 'read back'

echo '== what is not understood is told, and leaves nothing'
run 0 query --format csv 'SELECT count(DISTINCT scope) FROM coverage'
before=$(cat out)
refused() { # FILE TEXT
	run 2 collect results trivy.json "$1" --now 2026-07-03T03:00:00Z
	grep -qF -- "$2" err || fail "$1 is refused otherwise"
}
echo '{"runs":[],"version":"2.1.0"}' >a.sarif
refused a.sarif 'it seems to be SARIF'
echo '{"bomFormat":"CycloneDX"}' >a.json
refused a.json 'a CycloneDX bill of materials'
cp "$tests"/fixtures/scap/arf.xml .
refused arf.xml "use 'exhibit collect scap'"
echo '{"zeta":1,"alpha":2}' >b.json
refused b.json "JSON with the member 'zeta' first"
echo '<odd><x/></odd>' >b.xml
refused b.xml 'XML that begins with <odd>'
echo 'text' >b.txt
refused b.txt 'neither JSON nor XML'
: >empty
refused empty 'neither JSON nor XML'
head -c 300 scan.nessus >cut.nessus
refused cut.nessus 'not well-formed XML'
printf '<!DOCTYPE x [<!ENTITY e "v">]>\n<x>&e;</x>\n' >dtd.xml
refused dtd.xml 'a DTD is not read'
echo '{"SchemaVersion":2,"SchemaVersion":2}' >twice.json
refused twice.json 'neither JSON nor XML'
sed 's/"ID":"AVD-AWS-0132",//' trivy.json >nameless.json
run 2 collect results nameless.json --now 2026-07-03T03:00:00Z
grep -q 'a Trivy report, but result 1 names no rule' err || fail 'a result without a rule'
sed 's#</iSTIG>#<VULN/></iSTIG>#' one.ckl >hollow.ckl
run 2 collect results hollow.ckl --now 2026-07-03T03:00:00Z
grep -q 'result 4 names no rule' err || fail 'an empty element hides the results before it'
refused trivy.json 'a second file about results/trivy/'
run 2 collect results --now 2026-07-03T03:00:00Z
run 0 query --format csv 'SELECT count(DISTINCT scope) FROM coverage'
[ "$(cat out)" = "$before" ] || fail 'a refused file left a scope'

echo '== a newer file is the state, and what it lacks is gone'
sed 's/"Misconfigurations"/"Nothing"/' trivy.json >newer.json
run 0 collect results newer.json prowler.asff.json --now 2026-07-03T04:00:00Z
run 0 query --format csv "SELECT rule FROM external_result WHERE scope GLOB 'results/trivy/*'"
[ "$(wc -l <out)" = 2 ] || fail "what is no longer found stands"

echo '== an older file does not bring its state back'
sed 's/2026-07-01T08:00:00.5Z/2026-06-01T08:00:00.5Z/' trivy.json >older.json
run 2 collect results older.json --now 2026-07-03T04:30:00Z
grep -q 'the store has a scan that ended later' err || fail "an older report: $(cat err)"

echo '== rows that a file names alike are each kept'
cat >alike.json <<'END_'
{"SchemaVersion":2,"ArtifactName":"alike","CreatedAt":"2026-07-01T08:00:00Z","Results":[{"Target":"t","Misconfigurations":[
{"ID":"x","Status":"PASS"},{"ID":"x","Status":"FAIL"},{"ID":"x","Status":"PASS"}]},{"Target":"t#2","Misconfigurations":[{"ID":"x","Status":"PASS"}]}]}
END_
run 0 collect results alike.json --now 2026-07-03T05:00:00Z
run 0 query --format csv "SELECT result, count(*) AS n FROM external_result
	WHERE scope = 'results/trivy/alike' GROUP BY result ORDER BY result"
answers 'a failure among rows of one name' <<'END_'
result,n
fail,1
pass,3
END_

echo '== what a check ran is no name of a thing'
sed 's/"code_desc":"FIPS is enabled"/"code_desc":"mysql -pHUNTER2SECRET"/' inspec.json >secret.json
run 0 collect results secret.json --now 2026-07-03T06:00:00Z
strings exhibit.db | grep -q HUNTER2SECRET && fail 'a password on a command line is kept'

echo '== nothing evaluated is nothing clean'
run 0 init --store none.db --now 2026-07-03T07:00:00Z
echo '{"SchemaVersion":2,"ArtifactName":"none","Results":[]}' >none.json
run 0 collect results none.json --store none.db --now 2026-07-03T07:00:00Z
for format in sarif gitlab junit ocsf; do
	run 2 report --store none.db --unsigned --output none --format $format --now 2026-07-03T08:00:00Z
	grep -q 'nothing was evaluated, and the file would read as clean' err || fail "$format of nothing: $(cat err)"
done

[ $failed = 0 ] || exit 1
echo ok
