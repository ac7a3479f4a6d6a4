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
rule_enable_fips_mode,satisfied,the scanner says pass
rule_fips_crypto_subpolicy,not-applicable,the scan's profile does not ask for it
rule_fips_file,satisfied,the scanner says fixed
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
for f in dtd cut no-result no-target no-rule no-test other-namespace long; do
	run 1 collect scap $f.xml --now 2026-12-03T00:00:00Z
done
run 0 query --format csv "SELECT scope, outcome, reason FROM coverage
	WHERE scope GLOB 'scap/*.xml' ORDER BY run"
answers "what is refused" <<'END_'
scope,outcome,reason
scap/dtd.xml,error,line 1: a DTD is not read
scap/cut.xml,error,line 1: the file ends within an element
scap/no-result.xml,error,line 1: 'good' is no result of a rule
scap/no-target.xml,error,line 1: results before their target
scap/no-rule.xml,error,line 1: a rule-result without idref
scap/no-test.xml,error,holds no XCCDF 1.1 or 1.2 TestResult
scap/other-namespace.xml,error,holds no XCCDF 1.1 or 1.2 TestResult
scap/long.xml,error,line 1: a value of over 511 bytes
END_
# nothing of a file that fails half-way is kept
run 0 query --format csv "SELECT count(*) AS n FROM scap_result"
grep -qx 1 out || fail "a scan of a refused file was kept"

echo "ok"
