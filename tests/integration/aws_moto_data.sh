#!/bin/sh
# Data services, load balancers, trails and GuardDuty against moto: what the
# checks say of a fleet that aws_moto_data.py makes, row by row. What moto does
# not do (CloudTrail's event history, policies of classic load balancers)
# aws_answers.sh covers.
# usage: aws_moto_data.sh EXHIBIT
set -u

exhibit=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
command -v moto_server >/dev/null &&
	python3 -c 'import boto3, moto' 2>/dev/null || {
	echo "skipped: moto_server or boto3 is not here"
	exit 77
}
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

# nothing may leave this machine by mistake
HTTP_PROXY=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9
NO_PROXY=127.0.0.1 HOME=$dir AWS_EC2_METADATA_DISABLED=true
AWS_ACCESS_KEY_ID=AKIAEXHIBITMOTO00001 AWS_SECRET_ACCESS_KEY=not-checked
export HTTP_PROXY HTTPS_PROXY NO_PROXY HOME AWS_EC2_METADATA_DISABLED \
	AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY

python=$(python3 -c 'import sys; print(sys.executable)')
port=$("$python" -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
"$python" -m moto.server -H 127.0.0.1 -p "$port" >moto.log 2>&1 &
pid=$!
i=0
while ! "$python" -c "import urllib.request as u
u.urlopen('http://127.0.0.1:$port/moto-api/data.json')" 2>/dev/null; do
	i=$((i + 1))
	[ $i -lt 3000 ] || { fail "moto does not answer"; cat moto.log; exit 1; }
	sleep 0.5
done
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem \
	-days 400 -subj /CN=app.example.com >/dev/null 2>&1 || exit 1
timeout 1800 "$python" "$here/aws_moto_data.py" "http://127.0.0.1:$port" \
	cert.pem key.pem >names 2>err ||
	{ fail "the fleet could not be made"; cat err; exit 1; }

"$exhibit" init --store s.db >/dev/null || exit 1
env -i HOME="$dir" PATH="$PATH" ASAN_OPTIONS="${ASAN_OPTIONS:-}" \
	AWS_EC2_METADATA_DISABLED=true AWS_ACCESS_KEY_ID=AKIAEXHIBITMOTO00001 \
	AWS_SECRET_ACCESS_KEY=not-checked timeout 1800 "$exhibit" collect aws \
	--regions us-east-1 --endpoint-url "http://127.0.0.1:$port" \
	--services kms,s3,rds,elasticfilesystem,elasticache,dynamodb,sqs,sns,api.ecr,logs,secretsmanager,lambda,acm,elasticloadbalancing,cloudtrail,guardduty \
	--store s.db >out 2>err
[ $? -le 1 ] || { fail "collect"; cat err; }
timeout 1800 "$exhibit" assess --store s.db >out 2>err
[ $? -eq 1 ] || { fail "assess: not status 1"; cat err; }
strings s.db | grep -q must-never && fail "a secret is in the store"
grep -a must-never err out && fail "a secret is told"

# ids by the names the fleet has for them; moto's list of functions leaves
# their key out, so that function fips has none here, and its list of buckets
# their regions
sqlite3 -separator '|' s.db "SELECT check_id, key, verdict FROM verdict
	WHERE check_id GLOB 'aws-*' AND NOT (check_id = 'aws-evidence-complete'
	AND verdict = 'satisfied')" >raw
sed 's|^\([^ ]*\) \(.*\)|s!\2!<\1>!|' names >by-name
LC_ALL=C sort >expected <<'END'
aws-kms-rotation|<app>|satisfied
aws-kms-rotation|<going>|not-applicable
aws-kms-rotation|<p384>|not-applicable
aws-kms-rotation|<secp256k1>|not-applicable
aws-kms-rotation|<still>|not-satisfied
aws-kms-spec|<app>|satisfied
aws-kms-spec|<going>|satisfied
aws-kms-spec|<p384>|satisfied
aws-kms-spec|<secp256k1>|not-satisfied
aws-kms-spec|<still>|satisfied
aws-kms-origin|<app>|satisfied
aws-kms-origin|<going>|satisfied
aws-kms-origin|<p384>|satisfied
aws-kms-origin|<secp256k1>|satisfied
aws-kms-origin|<still>|satisfied
aws-kms-state|<app>|satisfied
aws-kms-state|<going>|not-satisfied
aws-kms-state|<p384>|satisfied
aws-kms-state|<secp256k1>|satisfied
aws-kms-state|<still>|satisfied
aws-s3-encryption|bare|not-satisfied
aws-s3-encryption|good|satisfied
aws-s3-encryption|half|satisfied
aws-s3-public|bare|not-satisfied
aws-s3-public|good|satisfied
aws-s3-public|half|not-satisfied
aws-s3-tls|bare|not-satisfied
aws-s3-tls|good|satisfied
aws-s3-tls|half|not-satisfied
aws-rds-encryption|aurora|satisfied
aws-rds-encryption|open|not-satisfied
aws-rds-encryption|pg|satisfied
aws-rds-tls|open|not-satisfied
aws-rds-tls|pg|satisfied
aws-rds-public|open|not-satisfied
aws-rds-public|pg|satisfied
aws-efs-encryption|<plain>|not-satisfied
aws-efs-encryption|<sealed>|satisfied
aws-efs-tls|<plain>|not-satisfied
aws-efs-tls|<sealed>|satisfied
aws-elasticache-encryption|group/open|not-satisfied
aws-elasticache-encryption|group/sessions|satisfied
aws-elasticache-tls|group/open|not-satisfied
aws-elasticache-tls|group/sessions|satisfied
aws-dynamodb-encryption|default|satisfied
aws-dynamodb-encryption|own-key|satisfied
aws-sqs-encryption|arn:aws:sqs:us-east-1:123456789012:jobs|satisfied
aws-sqs-encryption|arn:aws:sqs:us-east-1:123456789012:open|not-satisfied
aws-sqs-tls|arn:aws:sqs:us-east-1:123456789012:jobs|satisfied
aws-sqs-tls|arn:aws:sqs:us-east-1:123456789012:open|not-satisfied
aws-sns-encryption|arn:aws:sns:us-east-1:123456789012:alarms|satisfied
aws-sns-encryption|arn:aws:sns:us-east-1:123456789012:open|not-satisfied
aws-sns-tls|arn:aws:sns:us-east-1:123456789012:alarms|not-satisfied
aws-sns-tls|arn:aws:sns:us-east-1:123456789012:open|not-satisfied
aws-ecr-encryption|default|satisfied
aws-ecr-encryption|shop/api|satisfied
aws-log-group-key|/aws/containerinsights/prod/host|not-satisfied
aws-log-group-key|/aws/eks/prod/cluster|satisfied
aws-log-group-key|/aws/lambda/thumbs|not-applicable
aws-log-group-retention|/aws/containerinsights/prod/host|not-satisfied
aws-log-group-retention|/aws/eks/prod/cluster|unknown
aws-log-group-retention|/aws/lambda/thumbs|not-applicable
aws-secret-key|app/api|not-satisfied
aws-secret-key|app/db|satisfied
aws-secret-rotation|app/api|not-satisfied
aws-secret-rotation|app/db|not-satisfied
aws-lambda-env|bare|not-applicable
aws-lambda-env|defeated|not-satisfied
aws-lambda-env|fips|satisfied
aws-lambda-key|bare|not-applicable
aws-lambda-key|defeated|not-satisfied
aws-lambda-key|fips|not-satisfied
aws-acm-expiry|<certificate>|satisfied
aws-acm-key|<certificate>|satisfied
aws-listener-tls|classic/old/443/HTTPS|not-satisfied
aws-listener-tls|net/443/TLS|satisfied
aws-listener-tls|net/6443/TCP|unknown
aws-listener-tls|web/443/HTTPS|satisfied
aws-listener-tls|web/80/HTTP|satisfied
aws-listener-tls|web/8080/HTTP|not-satisfied
aws-listener-tls|web/81/HTTP|not-satisfied
aws-listener-tls|web/8443/HTTPS|not-satisfied
aws-listener-tls|web/8444/HTTPS|not-satisfied
aws-listener-tls|web/8445/HTTPS|not-satisfied
aws-trail-key|arn:aws:cloudtrail:us-east-1:123456789012:trail/main|not-satisfied
aws-trail-key|arn:aws:cloudtrail:us-east-1:123456789012:trail/stopped|not-satisfied
aws-trail-logging|arn:aws:cloudtrail:us-east-1:123456789012:trail/main|satisfied
aws-trail-logging|arn:aws:cloudtrail:us-east-1:123456789012:trail/stopped|not-satisfied
aws-trail-regions|arn:aws:cloudtrail:us-east-1:123456789012:trail/main|satisfied
aws-trail-regions|arn:aws:cloudtrail:us-east-1:123456789012:trail/stopped|not-satisfied
aws-trail-validation|arn:aws:cloudtrail:us-east-1:123456789012:trail/main|satisfied
aws-trail-validation|arn:aws:cloudtrail:us-east-1:123456789012:trail/stopped|not-satisfied
aws-guardduty-eks|<detector>|not-satisfied
aws-api-window|LookupEvents|unknown
aws-evidence-complete|cloudtrail:LookupEvents|unknown
aws-evidence-complete|s3:GetBucketPolicyStatus|unknown
aws-api-host|cloudtrail:LookupEvents|unknown
aws-api-tls|cloudtrail:LookupEvents|unknown
aws-api-configured|cloudtrail:LookupEvents|unknown
aws-service-fips|kms:ListKeys|satisfied
aws-service-fips|rds:DescribeDBInstances|satisfied
aws-service-fips|elasticfilesystem:DescribeFileSystems|satisfied
aws-service-fips|elasticache:DescribeReplicationGroups|satisfied
aws-service-fips|dynamodb:ListTables|satisfied
aws-service-fips|sqs:ListQueues|satisfied
aws-service-fips|sns:ListTopics|satisfied
aws-service-fips|api.ecr:DescribeRepositories|satisfied
aws-service-fips|logs:DescribeLogGroups|satisfied
aws-service-fips|secretsmanager:ListSecrets|satisfied
aws-service-fips|lambda:ListFunctions|satisfied
aws-service-fips|acm:ListCertificates|satisfied
aws-service-fips|elasticloadbalancing:DescribeLoadBalancers|satisfied
aws-service-fips|s3:ListBuckets|unknown
END
# those of the checks above, and no others of these
cut -d'|' -f1 expected | sort -u >checks
sed -f by-name raw | awk -F'|' 'NR == FNR { is[$1] = 1; next } $1 in is' checks - |
	LC_ALL=C sort >got
diff -u expected got || fail "verdicts differ"
exit $((failed > 0))
