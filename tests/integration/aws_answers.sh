#!/bin/sh
# Data services, load balancers, CloudTrail and GuardDuty, asked of a server of
# our own that checks every signature: what becomes of each answer, of a
# refusal, and of nothing; and what the checks say of it then.
# usage: aws_answers.sh EXHIBIT AWS_SERVER
set -u

exhibit=$(realpath "$1") server=$(realpath "$2")
answers=$(realpath fixtures/aws/data.answers)
dir=$(mktemp -d)
pid=
cleanup() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
cd "$dir" || exit 1

failed=0
fail() {
	echo "FAILED: $1" >&2
	failed=$((failed + 1))
}

# one file an answer, as the server reads them
mkdir home full
awk '
/^#/ && !name { next }
/^== / { name = "full/" substr($0, 4); gsub("\\?", "?", name); line = 0; next }
{ line++ }
line == 1 {
	status = $1
	printf "HTTP/1.1 %s X\nContent-Type: %s\n\n", status, $2 >name
	next
}
{ printf "%s", $0 >name; close(name) }' "$answers"
[ "$(ls full | wc -l)" -ge 60 ] || fail "too few answers"

# serve FOLDER: another server, its port in $port
serve() {
	[ -z "$pid" ] || { kill "$pid"; wait "$pid" 2>/dev/null; }
	: >log
	: >port
	"$server" "$1" log >port 2>server.err &
	pid=$!
	i=0
	while [ ! -s port ] && [ $i -lt 3000 ]; do sleep 0.05; i=$((i + 1)); done
	port=$(cat port)
}

# what has answers here; a later --services wins
services=acm,api.ecr,cloudtrail,dynamodb,elasticache,elasticfilesystem
services=$services,elasticloadbalancing,guardduty,kms,lambda,logs,rds,s3
services=$services,secretsmanager,sns,sqs

# collect STATUS ARGS: to out, with nothing of the caller's environment
collect() {
	want=$1
	shift
	env -i HOME="$dir/home" PATH="$PATH" ASAN_OPTIONS="${ASAN_OPTIONS:-}" \
		AWS_EC2_METADATA_DISABLED=true \
		AWS_ACCESS_KEY_ID=AKIAEXHIBITTEST00001 \
		AWS_SECRET_ACCESS_KEY=secret/of+the/first+key \
		timeout 1800 "$exhibit" collect aws --regions us-east-1 \
		--services "$services" \
		--endpoint-url "http://127.0.0.1:$port" "$@" >out 2>err
	got=$?
	[ $got = "$want" ] || { fail "collect: status $got, not $want"; cat err; }
}

# has KIND KEY TEXT ...: the observation of that name holds each text
has() {
	kind=$1 name=$2
	shift 2
	grep -F "{\"key\":\"$name\",\"kind\":\"$kind\"," out >row
	[ "$(wc -l <row)" -eq 1 ] || { fail "$kind $name: $(wc -l <row) rows"; return; }
	for text in "$@"; do
		grep -qF -e "$text" row ||
			{ fail "$kind $name lacks $text"; cut -c1-1500 row; }
	done
}
none() {
	grep -F "{\"key\":\"$2\",\"kind\":\"$1\"," out >row &&
		fail "there is a $1 $2"
}

# aws_server takes a clock some minutes off, so the time of the request is the
# real one, and the window's too
serve full
collect 0 --emit
grep -v ' signed$' log && fail "a request was not signed"

key=arn:aws:kms:us-east-1:111122223333:key/k-own
has aws.kms_key k-own '"aliases":["alias/app","alias/web"]' "\"arn\":\"$key\"" \
	'"manager":"CUSTOMER"' '"origin":"AWS_KMS"' '"rotation_days":365' \
	'"rotation_enabled":true' '"spec":"SYMMETRIC_DEFAULT"' \
	'"state":"Enabled"' '"unread":{}' '"usage":"ENCRYPT_DECRYPT"' \
	'"multi_region":false' '"deletion_date":null' \
	'"policy":[{"action":["kms:*"],"effect":"Allow","principal":{"AWS":["arn:aws:iam::111122223333:root"]},"resource":["*"],"sid":"Enable IAM User Permissions"}]'
has aws.kms_key k-sign '"principal":{"AWS":["arn:aws:iam::999988887777:root"]}' \
	'"deletion_date":"2026-12-24"' '"rotation_enabled":null' \
	'"spec":"ECC_NIST_P384"' '"state":"PendingDeletion"' '"unread":{}'
has aws.kms_key k-denied '"spec":null' \
	'"unread":{"Key":"denied: AccessDeniedException","Policy":"denied: AccessDeniedException","Rotation":"denied: AccessDeniedException"}'
has aws.s3_bucket sealed '"encryption":"aws:kms"' '"bucket_key":true' \
	'"kms_key":"arn:aws:kms:us-west-2:111122223333:key/k-west"' \
	'"public_access_block":"set"' '"restrict_public_buckets":false' \
	'"policy_public":false' '"region":"us-west-2"' '"tls_only":"yes"'
grep -q 's3.GET,sealed?encryption us-west-2 ' log ||
	fail "a bucket was not asked in its region"
has aws.s3_bucket bare.bucket '"encryption":"none"' '"tls_only":"no"' \
	'"public_access_block":"none"' '"policy_public":null' '"unread":{}'
has aws.s3_bucket closed '"encryption":null' '"public_access_block":null' \
	'"tls_only":null' '"unread":{"Encryption":"denied: AccessDenied"'
has aws.rds_instance pg '"engine":"postgres"' '"storage_encrypted":true' \
	'"public":false' '"parameter_groups":["pg16"]' '"port":5432'
has aws.rds_instance aurora-1 '"cluster":"aurora"'
has aws.rds_cluster aurora '"parameter_group":"aurora-open"' \
	"\"kms_key\":\"$key\"" '"storage_encrypted":true'
# a group of two instances is asked about once; of four pages' worth of
# parameters two are kept
has aws.rds_parameter_group instance/pg16 '"family":"postgres16"' \
	'"force_ssl":"1"' '"level":"instance"' '"tls_version":"TLSv1.2"'
[ "$(grep -c 'rds.DescribeDBParameterGroups ' log)" = 1 ] ||
	fail "parameter groups were asked for more than once"
has aws.rds_parameter_group cluster/aurora-open '"level":"cluster"' \
	'"require_secure_transport":"OFF"'
has aws.efs_file_system fs-1 '"encrypted":true' '"tls_only":"yes"'
has aws.efs_file_system fs-2 '"tls_only":"no"' '"unread":{}'
has aws.elasticache_group group/sessions '"transit":true' '"at_rest":true' \
	'"transit_mode":"preferred"' '"engine":"valkey"'
has aws.elasticache_group cluster/mc '"transit_mode":null' '"at_rest":false'
none aws.elasticache_group cluster/sessions-001
has aws.dynamodb_table t1 '"sse_status":null' '"status":"ACTIVE"'
has aws.dynamodb_table t2 '"sse_status":"ENABLED"' "\"kms_key\":\"$key\""
has aws.sqs_queue arn:aws:sqs:us-east-1:111122223333:jobs '"kms_key":null' \
	'"sqs_managed":true' '"tls_only":"yes"'
has aws.sns_topic arn:aws:sns:us-east-1:111122223333:alarms \
	'"kms_key":"alias/app"' '"tls_only":"no"' '"unread":{}'
has aws.ecr_repository shop/api '"encryption":"KMS_DSSE"' '"scan_on_push":true'
has aws.log_group /aws/eks/prod/cluster '"retention_days":90' '"kms_key":null'
has aws.secret app/db '"rotation_enabled":true' '"rotation_days":30' \
	'"deleted":false'
has aws.secret old '"deleted":true'
has aws.lambda_function api \
	'"env":{"AWS_ENDPOINT_URL_S3":"https://s3.us-east-1.amazonaws.com","JAVA_TOOL_OPTIONS":"-Dcom.redhat.fips=false"}' \
	'"env_names":["AWS_ENDPOINT_URL_S3","DB_PASSWORD","JAVA_TOOL_OPTIONS"]'
has aws.lambda_function sealed '"env":null' '"env_names":null' \
	'"env_error":"AccessDeniedException"'
has aws.lambda_function bare '"env":{}' '"env_names":[]'
has aws.acm_certificate arn:aws:acm:us-east-1:111122223333:certificate/c1 \
	'"not_after":"2027-06-02"' '"key_algorithm":"EC-prime256v1"' \
	'"signature_algorithm":"SHA256WITHECDSA"' '"in_use":true'
has aws.acm_certificate arn:aws:acm:us-east-1:111122223333:certificate/c2 \
	'"status":"EXPIRED"' '"in_use":false' \
	'"unread":{"Detail":"error: ThrottledDown"}'
has aws.load_balancer web '"type":"application"' '"scheme":"internet-facing"'
has aws.load_balancer classic/old '"type":"classic"' '"vpc":"vpc-1"'
has aws.listener web/443/HTTPS '"type":"application"' '"port":443' \
	'"ssl_policy":"ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04"' \
	'"certificates":["arn:aws:acm:us-east-1:111122223333:certificate/c1"]' \
	'"mutual_tls":"off"'
has aws.listener web/80/HTTP '"redirect":"HTTPS:443"' '"rules_forward":1'
has aws.listener classic/old/443/HTTPS \
	'"ssl_policy":"ELBSecurityPolicy-2016-08"' '"type":"classic"'
grep -F '"kind":"aws.listener"' out | grep -F '"load_balancer":"fw"' &&
	fail "a gateway load balancer has a listener"
has aws.ssl_policy ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04 \
	'"ciphers":["TLS_AES_128_GCM_SHA256","TLS_AES_256_GCM_SHA384"]' \
	'"protocols":["TLSv1.3"]'
trail=arn:aws:cloudtrail:us-east-1
has aws.trail $trail:999999999999:trail/org '"logging":true' \
	'"management":"all but kms.amazonaws.com"' '"organization":true'
has aws.trail $trail:111122223333:trail/some '"management":"write"' \
	'"selectors":["management WriteOnly","data WriteOnly of AWS::S3::Object"]'
has aws.trail $trail:999999999999:trail/closed '"management":null' \
	'"logging":null' '"unread":{"Selectors":"denied: AccessDeniedException","Status":"denied: AccessDeniedException"}'
role=arn:aws:iam::111122223333:role/app
has aws.api_use "$role kms kms-fips.us-east-1.amazonaws.com TLSv1.3 TLS_AES_256_GCM_SHA384" \
	"\"principal\":\"$role\"" '"principal_type":"AssumedRole"' \
	'"region":"us-east-1"'
has aws.api_use "$role s3 s3.us-east-1.amazonaws.com TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256"
has aws.api_use "autoscaling.amazonaws.com ec2 - - -" '"host":null' \
	'"principal_type":"AWSService"'
has aws.api_use "system:serviceaccount:shop:api sts sts.us-east-1.amazonaws.com TLSv1.3 TLS_AES_128_GCM_SHA256"
[ "$(grep -cF '"kind":"aws.api_use","obs' out)" = 4 ] || fail "events"
has aws.api_window LookupEvents '"complete":true' '"hours":24'
has aws.guardduty_detector d1 '"status":"ENABLED"' '"eks_runtime":"ENABLED"' \
	'"eks_audit_logs":"ENABLED"' '"eks_addon":"ENABLED"'
grep -e must-never -e ASIAMUST out err && fail "a secret is kept"

# the same from a store: what the checks say of it
"$exhibit" init --store s.db >/dev/null || exit 1
collect 1 --store s.db
timeout 1800 "$exhibit" assess --store s.db >out 2>err
[ $? -eq 1 ] || { fail "assess: not status 1"; cat err; }
strings s.db | grep -e must-never -e ASIAMUST && fail "a secret is in the store"
sqlite3 -separator '|' s.db "SELECT check_id, key, verdict FROM verdict" >got
while IFS= read -r line; do
	grep -qxF -e "$line" got || fail "no verdict $line"
done <<END
aws-kms-rotation|k-own|satisfied
aws-kms-rotation|k-denied|unknown
aws-kms-state|k-sign|not-satisfied
aws-s3-encryption|bare.bucket|not-satisfied
aws-s3-encryption|closed|unknown
aws-s3-tls|sealed|satisfied
aws-s3-public|sealed|not-satisfied
aws-rds-tls|pg|satisfied
aws-rds-tls|aurora-1|not-satisfied
aws-rds-encryption|aurora|satisfied
aws-efs-tls|fs-2|not-satisfied
aws-elasticache-tls|group/sessions|not-satisfied
aws-sqs-tls|arn:aws:sqs:us-east-1:111122223333:jobs|satisfied
aws-log-group-retention|/aws/eks/prod/cluster|not-satisfied
aws-lambda-env|api|not-satisfied
aws-lambda-env|sealed|unknown
aws-acm-key|arn:aws:acm:us-east-1:111122223333:certificate/c1|satisfied
aws-acm-key|arn:aws:acm:us-east-1:111122223333:certificate/c2|not-satisfied
aws-listener-tls|web/443/HTTPS|satisfied
aws-listener-tls|web/80/HTTP|not-satisfied
aws-listener-tls|classic/old/443/HTTPS|not-satisfied
aws-trail-logging|$trail:999999999999:trail/org|not-satisfied
aws-trail-logging|$trail:999999999999:trail/closed|unknown
aws-guardduty-eks|d1|satisfied
aws-api-host|$role kms kms-fips.us-east-1.amazonaws.com TLSv1.3 TLS_AES_256_GCM_SHA384|satisfied
aws-api-host|$role s3 s3.us-east-1.amazonaws.com TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256|not-satisfied
aws-api-window|LookupEvents|satisfied
END

# nothing there is not the same as nothing said
mkdir bare
cp full/sts.GetCallerIdentity bare
json() { # NAME STATUS BODY
	printf 'HTTP/1.1 %s X\nContent-Type: application/x-amz-json-1.1\n\n%s' \
		"$2" "$3" >"bare/$1"
}
json cloudtrail.DescribeTrails 200 '{"trailList":[]}'
json cloudtrail.LookupEvents 400 '{"__type":"AccessDeniedException","Message":"no"}'
json guardduty.GET,detector 200 '{"detectorIds":[]}'
serve bare
collect 0 --emit --services cloudtrail,guardduty
has aws.trail none '"outcome":"absent"' '"reason":"no trail records this region"'
has aws.guardduty_detector none '"outcome":"absent"' \
	'"reason":"no detector in this region"'
has aws.api_window LookupEvents '"outcome":"denied"' \
	'"reason":"AccessDeniedException"'
grep -qF '{"kind":"aws.api_use","outcome":"denied","reason":"cloudtrail:LookupEvents: AccessDeniedException (permission cloudtrail:LookupEvents)"}' out ||
	fail "a refused history is no gap"
json guardduty.GET,detector 403 '{"__type":"AccessDeniedException","Message":"no"}'
json cloudtrail.DescribeTrails 400 '{"__type":"AccessDeniedException"}'
collect 0 --emit --services cloudtrail,guardduty
none aws.trail none
none aws.guardduty_detector none

exit $((failed > 0))
