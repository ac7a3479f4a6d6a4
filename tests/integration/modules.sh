#!/bin/sh
# The module ledger: builds and certificates on both sides of a transition,
# from one collection. usage: modules.sh EXHIBIT
set -eu

exhibit=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# where no --now says another: certificates made below must be in force
echo 'now: 2026-10-08T00:00:00Z' >exhibit.yaml

fail() {
	echo "FAILED: $*"
	exit 1
}

# value SQL: what the store answers, one cell
value() {
	"$exhibit" query "$1" --format csv | sed -n '2p' | tr -d '\r"'
}

# node KERNEL_VERSION PROVIDER_VERSION: one host as NDJSON
node() {
	at='"provenance":{"collector":"node","source":"test"},"scope":"host/web-1"}'
	cat <<-EOF
		{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":1,"fips_enabled_outcome":"observed","fips_name":"Amazon Linux 2023 Kernel Cryptographic API","fips_version":"$1","kernel_release":"$1","os_family":"al2023","os_version":"2023"},"outcome":"observed"},$at
		{"key":"web-1","kind":"node.openssl","observation":{"attributes":{"library_version":"3.2.2","runtime_outcome":"observed"},"outcome":"observed"},$at
		{"key":"fips","kind":"node.provider","observation":{"attributes":{"active":true,"name":"OpenSSL FIPS Provider","version":"$2"},"outcome":"observed"},$at
		{"key":"*","kind":"node.package","observation":{"attributes":{"manager":"rpm"},"outcome":"observed"},$at
		{"key":"kernel:x86_64:${1%.x86_64}","kind":"node.package","observation":{"attributes":{"arch":"x86_64","manager":"rpm","name":"kernel","signing_key":"e951904ad832c631","vendor":"Amazon Linux","version":"${1%.x86_64}"},"outcome":"observed"},$at
		{"key":"openssl-fips-provider-latest:x86_64","kind":"node.package","observation":{"attributes":{"arch":"x86_64","manager":"rpm","name":"openssl-fips-provider-latest","signing_key":"e951904ad832c631","vendor":"Amazon Linux","version":"$2"},"outcome":"observed"},$at
		{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node","node.openssl","node.package","node.provider"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":6}}
	EOF
}

# judged DATE: the verdict on the certificates then
judged() {
	"$exhibit" assess --now "$1T12:00:00Z" --max-age 0 >/dev/null || [ $? = 1 ]
	value "SELECT verdict || ' ' || reason FROM verdict WHERE check_id = 'node-certificate-status'"
}

"$exhibit" init --now 2026-06-30T00:00:00Z >/dev/null
node 6.1.41-64.118.amzn2023.x86_64 3.0.9 >host.ndjson
"$exhibit" collect import host.ndjson --now 2026-07-01T00:00:00Z >/dev/null

echo '== every row of the catalogue has a source and what it points at'
for name in certificates status environments identities; do
	n=$(value "SELECT count(*) FROM catalog_cmvp_$name WHERE coalesce(source, '') NOT LIKE 'https://%' AND coalesce(source, '') NOT LIKE 'github:%'")
	[ "$n" = 0 ] || fail "$name: $n rows without a source"
done
[ "$(value "SELECT count(*) FROM catalog_cmvp_status WHERE date(observed) IS NOT observed OR status NOT IN ('Active', 'Historical', 'Revoked') OR (began IS NOT NULL AND (date(began) IS NOT began OR began > observed))")" = 0 ] ||
	fail 'a status is no dated observation'
[ "$(value "SELECT count(*) FROM catalog_cmvp_certificates WHERE (validated IS NOT NULL AND date(validated) IS NOT validated) OR (sunset IS NOT NULL AND date(sunset) IS NOT sunset)")" = 0 ] ||
	fail 'a date of a certificate is none'
for name in status environments identities; do
	[ "$(value "SELECT count(*) FROM catalog_cmvp_$name WHERE certificate IS NOT NULL AND certificate NOT IN (SELECT certificate FROM catalog_cmvp_certificates WHERE certificate IS NOT NULL)")" = 0 ] ||
		fail "$name: a certificate that is not there"
done
[ "$(value "SELECT count(*) FROM catalog_cmvp_certificates")" -ge 143 ] || fail 'certificates are missing'
[ "$(value "SELECT count(*) FROM catalog_cmvp_certificates WHERE vendor IS NULL OR module IS NULL OR kind IS NULL OR standard NOT IN ('140-2', '140-3') OR confidence IS NULL OR coalesce(interim, 'N') NOT IN ('Y', 'N')")" = 0 ] ||
	fail 'a certificate lacks vendor, module, kind, standard or confidence'
[ "$(value "SELECT count(*) FROM catalog_cmvp_certificates c WHERE c.successor IS NOT NULL AND NOT EXISTS (SELECT 1 FROM catalog_cmvp_certificates s WHERE s.certificate = c.successor)")" = 0 ] ||
	fail 'a successor is not in the catalogue'
[ "$(value "SELECT count(*) FROM catalog_cmvp_certificates c WHERE c.certificate IS NOT NULL AND NOT EXISTS (SELECT 1 FROM catalog_cmvp_status s WHERE s.certificate = c.certificate)")" = 0 ] ||
	fail 'a certificate whose status nobody saw'
[ "$(value "SELECT count(*) - count(DISTINCT certificate) FROM catalog_cmvp_certificates WHERE certificate IS NOT NULL")" = 0 ] ||
	fail 'a certificate stands twice'

echo '== the status of a certificate on both sides of each way it can change'
# state NUMBER DATE STATE [TEXT]
state() {
	got=$("$exhibit" query certificates --now "$2T00:00:00Z" --format json |
		tr -d '\n' | sed 's/},{/}\n{/g' | grep "\"certificate\":\"$1\"")
	case $got in *"\"state\":\"$3\""*"${4:-}"*) ;; *) fail "$1 on $2: not $3 ${4:-}: $got" ;; esac
}
# FIPS 140-2 ends for all on one day
state 4282 2026-09-21 active 'until it moved on 2026-09-22'
state 4282 2026-09-22 historical
state 4282 2022-08-22 'not yet validated' '2022-08-23'
state 4282 2022-08-23 active
# 1: replaced before its sunset, by a number that keeps the clock
state 4808 2026-07-05 active 'until it moved on 2026-07-06 (interim validation)'
state 4808 2026-07-06 historical 'replaced by 5369'
state 5369 2026-07-05 'not yet validated'
state 5369 2026-07-06 active
state 4759 2026-07-19 active
state 4759 2026-07-20 historical 'replaced by 5429'
state 4894 2026-08-16 active
state 4894 2026-08-17 historical 'replaced by 5491'
for pair in '4754 5366' '4823 5482' '4750 5441'; do
	state "${pair% *}" 2026-10-05 historical "replaced by ${pair#* }"
	state "${pair#* }" 2026-10-04 active
done
# 2: sunset passed, and Historical with it
for number in 4746 4774 4780 4796; do
	state $number 2026-10-05 historical
done
state 4746 2026-07-26 active
state 4746 2026-07-30 unknown 'last observed active on 2026-07-26' # between two looks
state 4746 2026-08-02 historical
# 3: sunset passed, and still Active while its successor is reviewed
state 4727 2026-07-14 active
state 4727 2026-07-15 active 'as it still was on 2026-10-04'
state 4727 2026-10-05 active 'observed on 2026-10-04'
state 4804 2026-09-19 active
state 4727 2027-02-01 unknown 'check live'
# 4: retired early, with no successor in sight
state 4953 2026-10-05 historical
state 4593 2026-10-05 historical
# what nobody looked at for longer than is accepted; and its sunset
state 5369 2027-01-04 active 'observed on 2026-10-04'
# since when is not in the catalogue: what was seen later says nothing of before
for number in 5523 5366 5420 5248; do
	state $number 2025-01-01 unknown 'never observed'
	state $number 2026-10-04 active
done
state 5369 2027-01-05 unknown 'longer ago than the accepted 92 days; check live at csrc.nist.gov'
state 5369 2029-09-23 unknown 'its sunset 2029-09-22 has passed'

echo '== one collection, judged for two dates'
before=$(judged 2026-08-01)
after=$(judged 2026-10-01)
cp exhibit.db kept.db
late=$(judged 2028-10-05)
case $before in satisfied*) ;; *) fail "before: $before" ;; esac
case $before in *'certificate 5369 (exact): active'*) ;; *) fail "before: $before" ;; esac
case $after in not-satisfied*historical*2026-09-22*) ;; *) fail "after: $after" ;; esac
[ "$(value "SELECT count(*) FROM judgement")" = 3 ] || fail 'a judgement is lost'
[ "$(value "SELECT count(*) FROM ended")" = 1 ] || fail 'it was collected again'
mv kept.db exhibit.db # as it was before that year
"$exhibit" history web-1 | grep -q 'node-certificate-status' ||
	fail 'history does not tell the change'

echo '== what nobody looked at since is unknown, with where to look'
case $late in *'certificate 5369 (exact): status unknown'*'check live at csrc.nist.gov'*) ;;
*) fail "late: $late" ;; esac

echo '== the ledger as of a date'
ledger() {
	"$exhibit" query modules --now "$1T00:00:00Z" --format csv
}
ledger 2026-08-01 | grep 'kernel' | grep -q '5369.*exact.*active' || fail 'kernel in August'
ledger 2026-07-03 | grep 'kernel' | grep -q '4808.*exact.*active until it moved on 2026-07-06' ||
	fail 'kernel before it was replaced'
ledger 2026-08-01 | grep 'openssl' | grep -q '140-2.*exact.*active' || fail 'openssl in August'
ledger 2026-09-21 | grep 'openssl' | grep -q 'active until it moved on 2026-09-22' ||
	fail 'openssl on its last day'
ledger 2026-09-22 | grep 'openssl' | grep -q 'historical' || fail 'openssl the day after'

echo '== stream, different, none, cannot tell'
# matches KERNEL PROVIDER LAYER WORD
matches() {
	node "$1" "$2" >host.ndjson
	"$exhibit" collect import host.ndjson --now 2026-10-05T00:00:00Z >/dev/null
	got=$("$exhibit" query modules --now 2026-10-05T00:00:00Z --format csv | grep ",$3,")
	case $got in *",$4,"*) ;; *) fail "$3 $1 $2: not $4: $got" ;; esac
}
matches 6.1.141-155.222.amzn2023.x86_64 3.1.2 kernel stream
matches 6.12.68 3.1.2 kernel different
matches 6.12.68 3.1.2 openssl exact
matches 6.12.68 3.1.9 openssl stream
matches 6.12.68 3.5.4 openssl none
matches 6.12.68 3.3.1 openssl different

echo '== an old report is made anew under the catalogue it was judged by'
"$exhibit" key new --now 2026-10-06T00:00:00Z >/dev/null
"$exhibit" report --output old --now 2026-10-06T00:00:00Z --max-age 0 >/dev/null || [ $? = 1 ]
mkdir newer
printf '# title: t\n# date: 2026-11-01\n# source: https://example.com\ncertificate\tstatus\tobserved\tbegan\tsource\n5369\tRevoked\t2026-10-06\t\thttps://example.com\n' >newer/cmvp-status.tsv
"$exhibit" assess --catalogs newer --now 2026-10-07T00:00:00Z --max-age 0 >/dev/null || [ $? = 1 ]
cat >digests.sql <<'EOF'
SELECT count(DISTINCT json_extract(l.body, '$.catalogs."cmvp-status"'))
  FROM judgement j JOIN log l ON l.seq = j.record
EOF
[ "$(value "$(cat digests.sql)")" = 2 ] ||
	fail 'the judgements do not name their catalogues'
"$exhibit" verify old.xml --cert exhibit-cert.pem --config exhibit.yaml >out 2>&1 || [ $? = 1 ] ||
	fail 'the old report does not verify'
grep -q 'catalogs/cmvp-status.tsv: not exhibit' out || fail 'a foreign catalogue is not named'
grep -q 'made anew from the store: the same bytes' out || fail 'the old report no longer verifies'

echo '== what a newer catalogue changes'
"$exhibit" catalog diff cmvp-status --catalogs newer >diff && fail 'diff found nothing'
grep -q '^+5369	Revoked	2026-10-06		https://example.com$' diff || fail 'the new row is not told'
grep -q '^-4282	Historical	2026-09-30	2026-09-22' diff || fail 'the old row is not told'
mkdir same
"$exhibit" catalog show cmvp-status >same/cmvp-status.tsv
"$exhibit" catalog diff cmvp-status --catalogs same >diff || fail 'equal catalogues differ'
"$exhibit" catalog diff cmvp-status 2>err && fail 'diff of nothing'
grep -q -- '--catalogs' err || fail "$(cat err)"

echo '== a check that goes on after a clause that is not there is refused'
mkdir mine
"$exhibit" checks node-module-validated --format sql | grep -q '^ledger AS' ||
	fail 'the check does not hold its clause'
"$exhibit" checks node-fips-on --format sql |
	sed 's/^-- since/-- with: no-such-clause\n&/' >mine/node-fips-on.sql
"$exhibit" checks --checks mine 2>err && fail 'an unknown clause is taken'
grep -q "no WITH clause 'no-such-clause'" err || fail "$(cat err)"

echo 'modules: ok'
