#!/bin/sh
# Profiles: what they choose, what their parameters change, what is kept of
# them, and what is refused. usage: profiles.sh EXHIBIT
set -eu

exhibit=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# where no --now says another: certificates made below must be in force
echo 'now: 2026-10-02T00:00:00Z' >exhibit.yaml

fail() {
	echo "FAILED: $*"
	exit 1
}
value() {
	"$exhibit" query "$1" --format csv | sed -n '2p' | tr -d '\r"'
}

# a kernel of the update stream, an OpenSSL of a 140-3 certificate
at='"provenance":{"collector":"node","source":"test"},"scope":"host/web-1"}'
cat >host.ndjson <<EOF2
{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":1,"fips_enabled_outcome":"observed","fips_name":"Amazon Linux 2023 Kernel Cryptographic API","fips_version":"6.1.141-155.222.amzn2023.x86_64","kernel_release":"6.1.141-155.222.amzn2023.x86_64","os_family":"al2023","os_version":"2023"},"outcome":"observed"},$at
{"key":"web-1","kind":"node.openssl","observation":{"attributes":{"library_version":"3.2.2","runtime_outcome":"observed"},"outcome":"observed"},$at
{"key":"fips","kind":"node.provider","observation":{"attributes":{"active":true,"name":"OpenSSL FIPS Provider","version":"3.0.9"},"outcome":"observed"},$at
{"key":"*","kind":"node.package","observation":{"attributes":{"manager":"rpm"},"outcome":"observed"},$at
{"key":"kernel:x86_64:6.1.141-155.222.amzn2023","kind":"node.package","observation":{"attributes":{"arch":"x86_64","manager":"rpm","name":"kernel","signing_key":"e951904ad832c631","vendor":"Amazon Linux","version":"6.1.141-155.222.amzn2023"},"outcome":"observed"},$at
{"key":"openssl-fips-provider-latest:x86_64","kind":"node.package","observation":{"attributes":{"arch":"x86_64","manager":"rpm","name":"openssl-fips-provider-latest","signing_key":"e951904ad832c631","vendor":"Amazon Linux","version":"3.0.9"},"outcome":"observed"},$at
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node","node.openssl","node.package","node.provider"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":6}}
EOF2
"$exhibit" init --now 2026-08-01T00:00:00Z >/dev/null
"$exhibit" collect import host.ndjson --now 2026-08-01T01:00:00Z >/dev/null
clock=2026-08-01T02:00:00Z

# verdict PROFILE CHECK: judged by it on 2026-08-01
verdict() {
	"$exhibit" assess --profile "$1" --now "$clock" >out 2>&1 || [ $? = 1 ] ||
		fail "$1: $(cat out)"
	name=${1##*/}
	value "SELECT verdict || ' ' || reason FROM verdict WHERE check_id = '$2' AND profile = '${name%.tsv}'"
}

echo '== every profile that is built in judges'
names=$("$exhibit" checks --profiles | sed -n '3,$s/ .*//p')
for name in all cmmc-l2 eks-fips-guide fedramp-high fedramp-moderate fips-140-3-only; do
	echo "$names" | grep -qx "$name" || fail "no profile $name"
	verdict "$name" node-fips-on >got
	grep -q '^satisfied' got || fail "$name: $(cat got)"
done

echo '== exact or stream, 140-2 or not'
case $(verdict fedramp-moderate node-module-validated) in
satisfied*) ;; *) fail 'the update stream is not accepted by fedramp-moderate' ;; esac
got=$(verdict cmmc-l2 node-module-validated)
case $got in not-satisfied*'stream, another build'*'the profile accepts exact builds only'*) ;;
*) fail "cmmc-l2: $got" ;; esac
got=$(verdict fips-140-3-only node-module-validated)
case $got in not-satisfied*'but the profile does not count FIPS 140-2'*) ;;
*) fail "fips-140-3-only: $got" ;; esac

echo '== a profile of the user'
head='# title: ours\n# date: 2026-08-01\n# source: plan\nwhat\tname\tvalue\twhy\n'
# shellcheck disable=SC2059
{
	printf "$head" >ours.tsv
	printf 'check\tnode-*\tinclude\t\ncheck\tnode-integrity-tool\texclude\t\n' >>ours.tsv
	printf 'framework\tnist-800-53r5\tsc-13 sa-4\t\n' >>ours.tsv
	printf 'parameter\tending_days\t3000\tlong plans\nparameter\tmax_age_hours\t0\t\n' >>ours.tsv
}
"$exhibit" checks --profile ./ours.tsv >chosen
grep -q node-integrity-tool chosen && fail 'an excluded check is there'
grep -q 'tls-suites' chosen && fail 'a check that was not included is there'
grep -q 'node-fips-on .*nist-800-53r5 sc-13$' chosen || fail 'controls are not those of the profile'
grep -q 'node-certificate-ending' chosen || fail 'a check is missing'
case $(verdict all node-certificate-ending) in satisfied*) fail 'the 140-2 sunset is near' ;; esac
got=$(verdict ./ours.tsv node-certificate-ending)
case $got in unknown*5369*2029-09-22*) ;; *) fail "ending_days 3000: $got" ;; esac
[ "$(value "SELECT count(*) FROM verdict WHERE profile = 'ours' AND check_id NOT LIKE 'node-%'")" = 0 ] ||
	fail 'a check was run that was not chosen'

echo '== what is kept: the text and every parameter'
kept=$(value "SELECT group_concat(p.value, ' ') || ' ' || (instr(CAST(t.body AS TEXT), 'long plans') > 0) FROM judgement j JOIN log l ON l.seq = j.record JOIN json_each(l.body, '$.parameters') p JOIN content t ON lower(hex(t.sha256)) = l.body ->> '$.catalogs.profile' WHERE j.profile = 'ours'")
[ "$kept" = '3000 tested ask stream 0 92 140-2 140-3 1' ] || fail "kept: $kept"

echo '== a report by it is made anew when the file has changed'
"$exhibit" key new --now 2026-08-01T03:00:00Z >/dev/null
"$exhibit" report --profile ./ours.tsv --output ours --now 2026-08-01T03:00:00Z >/dev/null || [ $? = 1 ]
grep -q 'long plans' ours.html || fail 'the report does not show the profile'
sed -i 's/3000/30/; s/long plans/short plans/' ours.tsv
"$exhibit" assess --profile ./ours.tsv --now 2026-08-01T04:00:00Z >/dev/null || [ $? = 1 ]
"$exhibit" verify ours.xml ours.html --cert exhibit-cert.pem --config exhibit.yaml >out 2>&1 || [ $? = 1 ] ||
	fail 'the report no longer verifies'
"$exhibit" package --profile ours.tsv --output p.asice --now 2026-08-01T05:00:00Z >/dev/null 2>err || [ $? = 1 ] ||
	fail "package: $(cat err)"
"$exhibit" verify p.asice --trust exhibit-cert.pem --config exhibit.yaml >out 2>&1 || [ $? = 1 ] || fail "the package: $(cat out)"

echo '== a query by another profile than that of the judgement'
[ "$("$exhibit" query "SELECT value FROM parameter WHERE name = 'match'" --profile cmmc-l2 --format csv | sed -n 2p | tr -d '\r')" = exact ] ||
	fail 'query --profile'

echo '== the age that a profile accepts, and --max-age before it'
clock=2026-08-01T06:00:00Z
[ "$(verdict ./ours.tsv node-fips-on | cut -d' ' -f1)" = satisfied ] || fail 'fresh'
"$exhibit" assess --profile ./ours.tsv --now 2026-10-01T00:00:00Z >/dev/null || [ $? = 1 ]
[ "$(value "SELECT verdict FROM verdict WHERE profile = 'ours' AND check_id = 'node-fips-on'")" = satisfied ] ||
	fail 'max_age_hours 0 does not hold'
"$exhibit" assess --profile ./ours.tsv --max-age 24 --now 2026-10-01T00:00:00Z >/dev/null || [ $? = 1 ]
[ "$(value "SELECT verdict FROM verdict WHERE profile = 'ours' AND check_id = 'node-fips-on'")" = unknown ] ||
	fail '--max-age does not go before the profile'

echo '== refused'
# refused TEXT ROW...
refused() {
	want=$1
	shift
	# shellcheck disable=SC2059
	printf "$head$*\n" >bad.tsv
	"$exhibit" checks --profile ./bad.tsv >/dev/null 2>err && fail "taken: $*"
	grep -qF -- "$want" err || fail "$*: $(cat err)"
}
refused 'no check reads such a parameter' 'parameter\tmatsch\texact\t'
refused 'not a value it may have' 'parameter\tmatch\tnearly\t'
refused 'not a value it may have' 'parameter\tending_days\tsoon\t'
refused 'not a value it may have' 'parameter\tstandards\t140-4\t'
refused 'no check is named so' 'check\tnode-no-such\tinclude\t'
refused 'say include or exclude' 'check\tnode-fips-on\tyes\t'
refused 'a row begins with' 'chekc\tnode-fips-on\tinclude\t'
refused 'needs a name and a value' 'check\tnode-fips-on\t\t'
refused 'chooses no check' 'check\tnode-fips-on\texclude\t'
refused 'chooses no check' 'framework\tnone\t*\t'
printf '# title: t\n# date: 2026-08-01\n# source: s\nwhat\tname\nx\ty\n' >bad.tsv
"$exhibit" checks --profile bad.tsv 2>err && fail 'other columns are taken'
grep -q 'its columns are what, name, value and why' err || fail "$(cat err)"
"$exhibit" checks --profile nope 2>err && fail 'an unknown profile is taken'
grep -q -- '--profiles' err || fail "$(cat err)"
"$exhibit" report --profile nope 2>err && fail 'report takes an unknown profile'
grep -q 'none so named' err || fail "$(cat err)"

echo 'profiles: ok'
