#!/bin/sh
# The ledger as others read it: OSCAL components, the table of a security plan,
# and the CycloneDX bill of materials. usage: ledger.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
for need in sqlite3 xmllint; do
	command -v $need >/dev/null || {
		echo "skipped: no $need here"
		exit 77
	}
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# where no --now says another: certificates made below must be in force
echo 'now: 2026-10-06T00:00:00Z' >exhibit.yaml

fail() {
	echo "FAILED: $*"
	exit 1
}

# host NAME: one node whose kernel is a stream and whose OpenSSL is exact
host() {
	at='"provenance":{"collector":"node","source":"test"},"scope":"host/'$1'"}'
	cat <<-EOF2
		{"key":"$1","kind":"node","observation":{"attributes":{"fips_enabled":1,"fips_enabled_outcome":"observed","fips_name":"Amazon Linux 2023 Kernel Cryptographic API","fips_version":"6.1.141-155.222.amzn2023.x86_64","kernel_release":"6.1.141-155.222.amzn2023.x86_64","os_family":"al2023","os_version":"2023"},"outcome":"observed"},$at
		{"key":"$1","kind":"node.openssl","observation":{"attributes":{"library_version":"3.2.2","runtime_outcome":"observed"},"outcome":"observed"},$at
		{"key":"fips","kind":"node.provider","observation":{"attributes":{"active":true,"name":"Amazon Linux 2023 - OpenSSL FIPS Provider","version":"3.0.8-d694bfa693b76001"},"outcome":"observed"},$at
		{"key":"*","kind":"node.package","observation":{"attributes":{"manager":"rpm"},"outcome":"observed"},$at
		{"key":"kernel:x86_64:6.1.141-155.222.amzn2023","kind":"node.package","observation":{"attributes":{"arch":"x86_64","manager":"rpm","name":"kernel","signing_key":"e951904ad832c631","vendor":"Amazon Linux","version":"6.1.141-155.222.amzn2023"},"outcome":"observed"},$at
		{"key":"openssl-fips-provider-latest:x86_64","kind":"node.package","observation":{"attributes":{"arch":"x86_64","manager":"rpm","name":"openssl-fips-provider-latest","signing_key":"e951904ad832c631","vendor":"Amazon Linux","version":"3.0.8"},"outcome":"observed"},$at
		{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node","node.openssl","node.package","node.provider"],"outcome":"observed","reason":null,"scope":"host/$1","subjects":6}}
	EOF2
}
endpoint() {
	at='"provenance":{"collector":"endpoint","source":"test"},"scope":"tls/web:443"}'
	cat <<-EOF2
		{"key":"web:443","kind":"tls.endpoint","observation":{"attributes":{"fips_client":"accepted","fips_group":"secp256r1","fips_suite":"TLS_AES_128_GCM_SHA256","fips_version":"TLS 1.3","unanswered":[],"versions":["TLS 1.3","TLS 1.2"]},"outcome":"observed"},$at
		{"key":"TLS 1.2/0xC02F","kind":"tls.suite","observation":{"attributes":{"id":"0xC02F","name":"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256","version":"TLS 1.2"},"outcome":"observed"},$at
		{"key":"TLS 1.3/0x1301","kind":"tls.suite","observation":{"attributes":{"id":"0x1301","name":"TLS_AES_128_GCM_SHA256","version":"TLS 1.3"},"outcome":"observed"},$at
		{"key":"TLS 1.3/secp256r1","kind":"tls.group","observation":{"attributes":{"id":"0x0017","name":"secp256r1","version":"TLS 1.3"},"outcome":"observed"},$at
		{"key":"TLS 1.3/rsa","kind":"tls.signature","observation":{"attributes":{"id":"0x0804","name":"rsa_pss_rsae_sha256","version":"TLS 1.3"},"outcome":"observed"},$at
		{"key":"rsa/0","kind":"tls.certificate","observation":{"attributes":{"chain":"rsa","issuer":"CN=CA \"x\"","not_after":"2027-01-01T00:00:00Z","not_before":"2026-01-01T00:00:00Z","position":0,"sha256":"ab","subject_alt_names":["web.example"]},"outcome":"observed"},$at
		{"coverage":{"calls":1,"collector":"endpoint","denied":0,"gaps":[],"kinds":["tls.endpoint","tls.suite","tls.group","tls.signature","tls.certificate"],"outcome":"observed","reason":null,"scope":"tls/web:443","subjects":6}}
	EOF2
}
{
	for i in 1 2 3 4 5 6 7; do host web-$i; done
	endpoint
} >all.ndjson
now=2026-08-01T03:00:00Z
"$exhibit" init --now 2026-08-01T00:00:00Z >/dev/null
"$exhibit" collect import all.ndjson --now 2026-08-01T01:00:00Z >/dev/null
"$exhibit" key new --now $now >/dev/null
"$exhibit" report --format html,xml,cbom --organization 'Example "Org"' --now $now >/dev/null || [ $? = 1 ]
"$exhibit" verify exhibit-report.xml exhibit-report.html --cert exhibit-cert.pem --config exhibit.yaml >/dev/null || fail 'verify'
openssl cms -verify -attime 1791244800 -binary -cades -purpose any -inform DER -in exhibit-report.cdx.json.p7s \
	-content exhibit-report.cdx.json -CAfile exhibit-cert.pem -out /dev/null 2>/dev/null ||
	fail 'the signature over the bill of materials'

echo '== OSCAL: a component each for module and certificate'
for version in 1.2.2 1.0.6; do
	xmllint --noout --schema "$here/../fixtures/oscal/$version/oscal_assessment-results_schema.xsd" \
		exhibit-report.xml 2>err || fail "$version: $(tail -1 err)"
done
# count XPATH
count() {
	xmllint --xpath "count($1)" exhibit-report.xml
}
o="*[local-name()="
[ "$(count "//${o}'component'][@type='validation']")" = 2 ] || fail 'certificates'
[ "$(count "//${o}'component'][@type='validation']/${o}'prop'][@name='validation-type' and @value='fips-140-3']")" = 2 ] ||
	fail 'validation-type'
[ "$(count "//${o}'component'][@type='validation']/${o}'prop'][@name='validation-reference' and @value='5021']")" = 1 ] ||
	fail 'validation-reference'
link=$(xmllint --xpath "string(//${o}'component'][@type='software']/${o}'prop'][@name='version' and @value='3.0.8-d694bfa693b76001']/../${o}'link'][@rel='validation']/@href)" exhibit-report.xml)
[ "$(xmllint --xpath "string(//${o}'component'][@uuid='${link#?}']/${o}'prop'][@name='validation-reference']/@value)" exhibit-report.xml)" = 5021 ] ||
	fail "the module does not lead to its certificate: $link"
grep -q 'Cryptographic modules and their certificates' exhibit-report.html || fail 'the page has no table'

echo '== the table of a security plan'
"$exhibit" query appendix-q --format csv --now $now >q.csv
[ "$(wc -l <q.csv)" = 3 ] || fail "$(cat q.csv)"
grep -q '^openssl,Amazon Linux 2023 - OpenSSL FIPS Provider,3.0.8-d694bfa693b76001,"Amazon Web Services, Inc.",Amazon Linux 2023 OpenSSL FIPS Provider,5021,140-3,1,exact,active,.*,2026-08-01,2025-05-26,2030-05-25,tested,.*,host/web-1 and 6 more,7,' q.csv ||
	fail "$(cat q.csv)"
grep -q '^kernel,.*,5369,140-3,1,stream,' q.csv || fail "$(cat q.csv)"

echo '== CycloneDX'
# bom PATH: a value of the bill of materials
bom() {
	sqlite3 :memory: "SELECT $1 FROM (SELECT CAST(readfile('exhibit-report.cdx.json') AS TEXT) AS b)"
}
[ "$(bom "json_valid(b) || (b ->> '\$.bomFormat') || (b ->> '\$.specVersion')")" = 1CycloneDX1.6 ] || fail 'frame'
[ "$(bom "json_array_length(b, '\$.components')")" = 7 ] || fail "components: $(cat exhibit-report.cdx.json)"
[ "$(bom "(SELECT count(DISTINCT value ->> '\$.\"bom-ref\"') FROM json_each(b, '\$.components'))")" = 7 ] ||
	fail 'a bom-ref is lacking or stands twice'
[ "$(bom "(SELECT group_concat(value ->> '\$.name', '|') FROM json_each(b, '\$.components') WHERE value ->> '\$.type' = 'cryptographic-asset')")" = 'TLS 1.2|TLS 1.3|secp256r1|rsa_pss_rsae_sha256|web.example' ] ||
	fail 'assets'
[ "$(bom "(SELECT value ->> '\$.cryptoProperties.protocolProperties.cipherSuites[0].identifiers' FROM json_each(b, '\$.components') WHERE value ->> '\$.name' = 'TLS 1.2')")" = '["0xC0","0x2F"]' ] ||
	fail 'identifiers'
[ "$(bom "b ->> '\$.metadata.component.name'")" = 'Example "Org"' ] || fail 'whose system'
"$exhibit" report --format cbom,xlsx --now $now 2>err && fail 'an unknown format is taken'
grep -q 'knows html, xml, .*cbom' err || fail "$(cat err)"
if command -v node >/dev/null; then
	got=0
	NODE_PATH=${NODE_PATH:-$(npm root -g 2>/dev/null || true)} \
		node "$here/cyclonedx.js" exhibit-report.cdx.json >out 2>&1 || got=$?
	[ $got = 0 ] || [ $got = 77 ] || fail "schema: $(cat out)"
	echo "schema: $(head -1 out)"
else
	echo 'schema: skipped: no node here'
fi
echo '== modules of services: inherited, and unknown unless the profile accepts that'
at='"provenance":{"collector":"aws","source":"test"},"scope":"aws/111122223333/us-east-1"}'
key() { # ID ORIGIN
	echo '{"key":"'$1'","kind":"aws.kms_key","observation":{"attributes":{"aliases":["alias/'$1'"],"arn":"arn:aws:kms:us-east-1:111122223333:key/'$1'","origin":"'$2'","state":"Enabled","unread":{}},"outcome":"observed"},'"$at"
}
{
	key k-kms AWS_KMS
	key k-hsm AWS_CLOUDHSM
	key k-out EXTERNAL_KEY_STORE
	echo '{"key":"vol-1","kind":"aws.volume","observation":{"attributes":{"encrypted":true,"kms_key":"arn:aws:kms:us-east-1:111122223333:key/k-kms"},"outcome":"observed"},'"$at"
	echo '{"key":"q-1","kind":"aws.sqs_queue","observation":{"attributes":{"kms_key":"alias/k-kms","unread":{}},"outcome":"observed"},'"$at"
	echo '{"key":"q-2","kind":"aws.sqs_queue","observation":{"attributes":{"kms_key":"alias/elsewhere","unread":{}},"outcome":"observed"},'"$at"
	echo '{"coverage":{"calls":1,"collector":"aws","denied":0,"gaps":[],"kinds":["aws.kms_key","aws.volume","aws.sqs_queue"],"outcome":"observed","reason":null,"scope":"aws/111122223333/us-east-1","subjects":6}}'
} >aws.ndjson
"$exhibit" collect import aws.ndjson --now 2026-10-05T00:00:00Z >/dev/null
# kms PROFILE KEY: the verdict
kms() {
	"$exhibit" assess --profile "$1" --max-age 0 --now 2026-10-05T01:00:00Z >/dev/null || [ $? = 1 ]
	"$exhibit" query "SELECT verdict || ' ' || reason FROM verdict WHERE check_id = 'aws-kms-module' AND profile = '$1' AND key = '$2'" --format csv | sed -n 2p
}
case $(kms all k-kms) in *unknown*4884*'does not accept a module that is inherited'*) ;;
*) fail "all: $(kms all k-kms)" ;; esac
case $(kms fedramp-high k-kms) in *satisfied*4884*'inherited from AWS'*) ;;
*) fail "fedramp-high: $(kms fedramp-high k-kms)" ;; esac
case $(kms fedramp-high k-hsm) in *unknown*'was not asked'*) ;; *) fail "$(kms fedramp-high k-hsm)" ;; esac
case $(kms fedramp-high k-out) in *unknown*'key manager outside of AWS'*) ;; *) fail "$(kms fedramp-high k-out)" ;; esac
"$exhibit" query appendix-q --format csv --now 2026-10-05T01:00:00Z >q.csv
grep -q '^aws-kms,AWS KMS,,"Amazon Web Services, Inc.",AWS Key Management Service HSM,4884,140-3,3,cannot tell,active,.*,AWS,aws/111122223333/us-east-1,1,' q.csv ||
	fail "$(cat q.csv)"
"$exhibit" query key-users --format csv | tr -d '\r' >users.csv
for row in ',alias/elsewhere,,aws.sqs_queue,aws/111122223333/us-east-1,q-2' \
	'aws/111122223333/us-east-1,k-hsm,AWS_CLOUDHSM,,,nothing that was collected' \
	'aws/111122223333/us-east-1,k-kms,AWS_KMS,aws.sqs_queue,aws/111122223333/us-east-1,q-1' \
	'aws/111122223333/us-east-1,k-kms,AWS_KMS,aws.volume,aws/111122223333/us-east-1,vol-1'; do
	grep -qxF "$row" users.csv || fail "no row $row: $(cat users.csv)"
done
[ "$(wc -l <users.csv)" = 6 ] || fail "$(cat users.csv)"

echo 'ledger: ok'
