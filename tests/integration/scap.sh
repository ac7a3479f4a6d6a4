#!/bin/sh
# Results of SCAP scanners become evidence, and what cannot be read is named.
# usage: scap.sh EXHIBIT
set -eu

exhibit=$1
fixtures=$(cd "$(dirname "$0")/../fixtures/scap" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	[ ! -s "$dir/out" ] || sed 's/^/  out: /' "$dir/out" | head -40 >&2
	exit 1
}
# run STATUS ARG...
run() {
	want=$1
	shift
	set +e
	"$exhibit" "$@" >"$dir/raw" 2>&1
	got=$?
	set -e
	tr -d '\r' <"$dir/raw" >"$dir/out"
	[ $got = "$want" ] || fail "exhibit $*: status $got, not $want"
}
answers() {
	cat >want
	diff want out >&2 || fail "$1"
}

run 0 init --now 2026-07-01T00:00:00Z
cp "$fixtures"/*.xml .

# ---- ARF, as OpenSCAP writes it ----

run 0 collect scap arf.xml --now 2026-07-02T00:00:00Z
run 0 query --format csv 'SELECT scope, key, benchmark, profile, pass, fail,
	other, ended, test_system FROM scap_result'
answers "the scan" <<'END_'
scope,key,benchmark,profile,pass,fail,other,ended,test_system
scap/web-1.example.org/xccdf_org.ssgproject.content_profile_stig,web-1.example.org,xccdf_org.ssgproject.content_benchmark_RHEL-9,xccdf_org.ssgproject.content_profile_stig,2,3,2,2026-07-01T08:04:10+00:00,cpe:/a:redhat:openscap:1.3.10
END_
run 0 query --format csv "SELECT substr(key, 30) AS key, result, severity, idents
	FROM scap_rule_result ORDER BY key"
answers "its rules" <<'END_'
key,result,severity,idents
rule_accounts_tmout,fail,medium,[]
rule_configure_crypto_policy,error,high,[]
rule_enable_dracut_fips_module,fail,high,[]
rule_enable_fips_mode,pass,high,"[""https://ncp.nist.gov/cce CCE-88742-0"",""https://public.cyber.mil/stigs/cci/ CCI-000068""]"
rule_fips_crypto_subpolicy,notselected,medium,[]
rule_fips_file,fixed,high,[]
rule_fips_file#2,fail,high,[]
END_
# nothing of the identity or the address is kept
sqlite3 exhibit.db "SELECT 1 FROM content WHERE body LIKE '%192.0.2.10%' OR body LIKE '%\"root\"%'" >out
[ ! -s out ] || fail "an undeclared value was kept"

# the same again changes nothing
run 0 collect scap arf.xml --now 2026-07-03T00:00:00Z
grep -q ' 0 new, 0 changed, 0 gone' out || fail "the same scan changed"

# ---- judged: a word of the scanner's that is not pass is no pass ----

run 1 assess --now 2026-07-03T01:00:00Z
run 0 query --format csv "SELECT substr(key, 30) AS key, verdict, reason FROM verdict
	WHERE check_id = 'scap-fips-rules' ORDER BY key"
answers "the verdicts" <<'END_'
key,verdict,reason
rule_configure_crypto_policy,unknown,the scanner says error
rule_enable_dracut_fips_module,not-satisfied,the scanner says fail
rule_enable_fips_mode,not-applicable,"the scanner says pass: third-party evidence, no pass by itself"
rule_fips_crypto_subpolicy,not-applicable,the scan's profile does not ask for it
rule_fips_file,not-applicable,"the scanner says fixed: third-party evidence, no pass by itself"
rule_fips_file#2,not-satisfied,the scanner says fail
END_

# an old scan that is collected today is old
run 0 collect scap arf.xml --now 2026-11-01T00:00:00Z
run 1 assess --now 2026-11-01T01:00:00Z
run 0 query --format csv "SELECT DISTINCT verdict, reason FROM verdict
	WHERE check_id = 'scap-fips-rules'"
answers "an old scan" <<'END_'
verdict,reason
unknown,"the scan ended on 2026-07-01, over 92 days before the day asked about"
END_

# ---- what is refused ----

run 2 collect scap
run 2 collect scap arf.xml arf.xml
grep -q 'two scans of web-1.example.org' out || fail "two scans of one host"
# told at once, and no scope is left behind
refused() { # FILE TEXT
	run 2 collect scap "$1.xml" --now 2026-12-03T00:00:00Z
	grep -qF "$1.xml: $2" out || fail "$1.xml is refused otherwise"
	run 2 collect scap arf.xml "$1.xml" --now 2026-12-03T00:00:00Z
}
refused dtd 'line 1: a DTD is not read'
refused cut 'line 1: the file ends within an element'
refused no-result "line 1: 'good' is no result of a rule"
refused no-target 'line 1: results before their target'
refused no-rule 'line 1: a rule-result without idref'
refused no-test 'holds no XCCDF 1.1 or 1.2 TestResult'
refused other-namespace 'holds no XCCDF 1.1 or 1.2 TestResult'
refused long 'line 1: a value of over 511 bytes'
run 0 query --format csv "SELECT count(*) AS n FROM coverage WHERE scope GLOB 'scap/*.xml'"
grep -qx 0 out || fail "a refused file left a scope"
# nothing of a file that fails half-way is kept
run 0 query --format csv "SELECT count(*) AS n FROM scap_result"
grep -qx 1 out || fail "a scan of a refused file was kept"

# ---- two scans in a file: the one that ended last is the state ----

cat >two.xml <<'END_'
<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2" id="b">
<TestResult end-time="2026-12-04T10:00:00+02:00" id="t2"><benchmark id="b"/><profile idref="p"/><target>web-2</target>
<rule-result idref="rule_enable_fips_mode"><result>pass</result></rule-result></TestResult>
<TestResult end-time="2026-12-04T09:00:00Z" id="t3"><benchmark id="b"/><profile idref="p"/><target>web-2</target>
<rule-result idref="rule_enable_fips_mode"><result>fail</result></rule-result>
<rule-result idref="rule_new"><result>pass</result></rule-result></TestResult>
<TestResult end-time="2026-12-04T07:00:00Z" id="t1"><benchmark id="b"/><profile idref="p"/><target>web-2</target>
<rule-result idref="rule_enable_fips_mode"><result>error</result></rule-result></TestResult>
</Benchmark>
END_
run 0 collect scap two.xml --now 2026-12-05T00:00:00Z
run 0 query --format csv "SELECT key, result FROM scap_rule_result WHERE scope = 'scap/web-2/p'
	UNION ALL SELECT key, result FROM scap_earlier_rule_result ORDER BY key"
answers "two scans of a file" <<'END_'
key,result
2026-12-04T07:00:00Z rule_enable_fips_mode,error
2026-12-04T10:00:00+02:00 rule_enable_fips_mode,pass
rule_enable_fips_mode,fail
rule_new,pass
END_
run 0 query --format csv "SELECT key, pass, fail, other FROM scap_earlier_result ORDER BY key"
answers "the earlier scans" <<'END_'
key,pass,fail,other
2026-12-04T07:00:00Z web-2,0,0,1
2026-12-04T10:00:00+02:00 web-2,1,0,0
END_
run 1 assess --now 2026-12-05T01:00:00Z
run 0 query --format csv "SELECT verdict FROM verdict WHERE check_id = 'scap-fips-rules'
	AND scope = 'scap/web-2/p'"
answers "the state is judged, not what was before" <<'END_'
verdict
not-satisfied
END_
# which is newer is not said: nothing is taken
sed 's/ end-time="2026-12-04T09:00:00Z"//' two.xml >undated.xml
run 2 collect scap undated.xml --now 2026-12-06T00:00:00Z
grep -q 'two scans of web-2' out || fail "the newer of two undated scans"
sed 's/2026-12-04T09:00:00Z/2026-12-04T08:00:00Z/' two.xml >tie.xml
run 2 collect scap tie.xml --now 2026-12-06T00:00:00Z

# the store has a newer one: an older file does not bring its state back
sed 's/2026-12-04T09:00:00Z/2026-12-03T09:00:00Z/; s/2026-12-04T07:00:00Z/2026-12-02T07:00:00Z/; s/2026-12-04T10:00:00+02:00/2026-12-02T10:00:00+02:00/' two.xml >old.xml
run 2 collect scap old.xml --now 2026-12-06T00:00:00Z
grep -q 'the store has a scan that ended later' out || fail "an older scan"

# two results of one rule: which of them holds is not said
sed '0,/<result>fail<\/result>/s//<result>fail<\/result><result>pass<\/result>/' two.xml >both.xml
run 2 collect scap both.xml --now 2026-12-06T00:00:00Z
grep -q 'a rule with two results' out || fail "two results of a rule"

echo "ok"
