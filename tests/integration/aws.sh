#!/bin/sh
# The AWS engine against a server of our own that checks every signature.
# usage: aws.sh EXHIBIT AWS_SERVER AWS_PROBE
set -eu

exhibit=$1 server=$2 probe=$3
fixtures=$(pwd)/fixtures/aws
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
cd "$dir"
mkdir home
failed=0

fail() {
	echo "FAILED: $1" >&2
	[ ! -s out ] || head -c 4000 out >&2
	[ ! -s err ] || cat err >&2
	failed=1
}

# serve FOLDER [CERT KEY]: another server, its port in $port
serve() {
	[ -z "$pid" ] || { kill "$pid"; wait "$pid" 2>/dev/null || true; }
	: >log
	: >port
	"$server" "$@" >port &
	pid=$!
	i=0
	while [ ! -s port ] && [ $i -lt 3000 ]; do sleep 0.05; i=$((i + 1)); done
	port=$(cat port)
}

# as ARGS: with nothing of the caller's environment
as() {
	env -i HOME="$dir/home" PATH="$PATH" TMPDIR="${TMPDIR:-/tmp}" \
		ASAN_OPTIONS="${ASAN_OPTIONS:-}" AWS_EC2_METADATA_DISABLED=true "$@"
}
key='AWS_ACCESS_KEY_ID=AKIAEXHIBITTEST00001 AWS_SECRET_ACCESS_KEY=secret/of+the/first+key'

# ask STATUS [NAME=VALUE ...] -- ARGS of the probe
ask() {
	want=$1
	shift
	vars=
	while [ "$1" != -- ]; do vars="$vars $1"; shift; done
	shift
	set +e
	# shellcheck disable=SC2086
	as $vars timeout 1800 "$probe" --endpoint-url "http://127.0.0.1:$port" \
		--regions us-east-1 "$@" >out 2>err
	got=$?
	set -e
	[ $got = "$want" ] || fail "status $got, not $want: $vars $*"
}

# has TEXT ...: one line of out holds all of them
has() {
	cp out lines
	for t in "$@"; do
		grep -F -- "$t" lines >lines2 || { fail "no line with: $*"; return 0; }
		mv lines2 lines
	done
}

not() {
	! grep -qF -- "$1" out || fail "a line with: $1"
}

# ---- everything the engine can do, in one run

serve "$fixtures/engine" log
# shellcheck disable=SC2086
ask 0 $key --
! grep -v ' signed$' log >unsigned || { cat unsigned >&2; fail "not signed"; }
has '"kind":"aws.identity"' '"account":"123456789012"' '"source":"environment"' \
	'"arn":"arn:aws:iam::123456789012:user/reader"' '"scope":"aws/123456789012/global"'
# pages, throttling, and a page that broke off: each instance once
for i in a b c d; do
	[ "$(grep -c "\"key\":\"i-0$i\"" out)" = 1 ] || fail "instance $i"
done
has '"key":"i-0a"' '"groups":["sg-1","sg-2"],"image":"ami-1"' \
	'"scope":"aws/123456789012/us-east-1"'
has '"key":"i-0c"' '"groups":[],"image":"ami-3"'
[ "$(grep -c 'DescribeInstances@page2 ' log)" = 4 ] || fail "attempts"
# ids gathered, asked in batches; what is not there is absent
has '"key":"ami-1"' '"public":true'
has '"key":"ami-3"' '"public":false'
has '"key":"ami-gone"' '"outcome":"absent"'
[ "$(grep -c 'ec2.DescribeImages ' log)" = 2 ] || fail "batches"
# names, then each; a slash in a name; times that are reals
has '"key":"prod"' '"created":1763823600,"version":"1.33"'
has '"key":"test/1"' '"created":1700000000,"version":"1.29"'
has '"key":"prod/ng-a"' '"ami_type":"BOTTLEROCKET_x86_64_FIPS","cluster":"prod"'
# a list that was refused is a gap of what comes of it, and no abort
has '"coverage":' '"scope":"aws/123456789012/us-east-1"' \
	'{"kind":"test.nodegroup","outcome":"denied","reason":"eks:ListNodegroups: AccessDeniedException (permission eks:ListNodegroups)"}'
has '"key":"eks:ListNodegroups"' '"error":"AccessDeniedException"' \
	'"result":"denied"' '"permission":"eks:ListNodegroups"'
# parts: there, none (null), refused (unread), in another region
has '"key":"sealed"' '{"algorithm":"aws:kms","policy":"2012-10-17","unread":{}}'
has '"key":"plain.bucket"' '{"algorithm":null,"policy":null,"unread":{}}'
has '"key":"elsewhere"' \
	'{"algorithm":"AES256","policy":null,"unread":{"Policy":"denied: AccessDenied"}}'
grep -q 's3.GET,sealed?encryption us-west-2 ' log || fail "region of a bucket"
grep -q 's3.GET,elsewhere?encryption eu-central-1 ' log || fail "moved bucket"
has '"key":"s3:ListBuckets"' '"permission":"s3:ListAllMyBuckets"' '"result":"answered"'
has '"key":"k1"' '{"spec":"SYMMETRIC_DEFAULT","tags":["a","b"],"unread":{}}'
has '"key":"k2"' '{"spec":null,"tags":[],"unread":{"Key":"denied: AccessDeniedException"}}'
has '"key":"k3"' '"spec":"RSA_4096"'
not 'ListKeys@never'
# a flag says whether there is more, whatever the marker says
has '"key":"one"' '"arn":"arn:aws:iam::123456789012:role/one"'
has '"key":"two"'
[ "$(grep -c 'iam.ListRoles@r2' log)" = 1 ] || fail "IsTruncated"
# many folded into few
has '"key":"kms.amazonaws.com"' '"events":2'
has '"key":"s3.amazonaws.com"' '"events":1'
# of many pages so many, which is told; nothing at all is told as well
has '"key":"kms.amazonaws.com"' '"kind":"test.part"' '"events":1'
has '"key":"ListInsightsData"' '"kind":"test.whole"' '{"cut":true,"sources":2}'
not 'ListInsightsData@i3'
! grep -q 'ListInsightsData@i3' log || fail "a page too many"
has '"key":"none"' '"kind":"test.thing"' '"outcome":"absent"' \
	'"reason":"there is no channel"'
has '"key":"cloudtrail:ListInsightsData"' '"result":"answered"'
# kinds of the other scope are not spoken of
has '"coverage":' '"scope":"aws/123456789012/global"' \
	'"kinds":["aws.call","aws.identity","aws.scope","test.bucket","test.role"]' \
	'"gaps":[{"kind":"aws.call","outcome":"denied","reason":"s3:GetBucketPolicy: AccessDenied (permission s3:GetBucketPolicy)"}]'
# hosts: one was given, so none is a FIPS host
has '"key":"kms:ListKeys"' '"endpoint":"given"' '"fips":false' "\"host\":\"127.0.0.1:$port\""
not 'secret/of'

# ---- the same again is the same

sort out | sed 's/ request [^"]*//' >first
serve "$fixtures/engine" log
# shellcheck disable=SC2086
ask 0 $key --
sort out | sed "s/ request [^\"]*//; s/127.0.0.1:$port/HOST/g" >second
sed 's/127.0.0.1:[0-9]*/HOST/g' first | cmp - second || fail "two runs differ"

# ---- what others use: a signature by KMS, a token for EKS

# shellcheck disable=SC2086
ask 0 $key -- --kms-sign arn:aws:kms:eu-west-1:123456789012:key/k1
grep -qx 'signature 3006020101020102' out || fail "KMS Sign"
grep -qx 'key 3003020107' out || fail "KMS GetPublicKey"
grep -q 'kms.Sign eu-west-1 AKIAEXHIBITTEST00001 signed' log || fail "its region"
# shellcheck disable=SC2086
ask 0 $key AWS_REGION=eu-west-1 -- --eks-token prod
grep -q '^k8s-aws-v1\.aHR0cHM6Ly9zdHM' out || fail "a token for EKS"

# ---- one service

# shellcheck disable=SC2086
ask 2 $key -- --services ec2,nothing
grep -q "nothing is asked of 'nothing'" err || fail "a service that is none"

# shellcheck disable=SC2086
ask 0 $key -- --services kms
has '"coverage":' '"scope":"aws/123456789012/us-east-1"' '"kinds":["aws.call","aws.scope","test.key"]'
not '"key":"i-0a"'

# ---- the server refuses what is signed with other keys, and the clock is
# told apart from the keys

refuses() { # NAME STATUS TEXT ...: what came on standard error
	for t in "$@"; do
		grep -qF -- "$t" err || fail "no message with: $t"
	done
}

ask 2 AWS_ACCESS_KEY_ID=AKIAEXHIBITTEST00001 AWS_SECRET_ACCESS_KEY=other --
refuses "SignatureDoesNotMatch: AWS does not accept these keys"
ask 2 AWS_ACCESS_KEY_ID=AKIANOBODY AWS_SECRET_ACCESS_KEY=other --
refuses "InvalidClientTokenId: AWS does not accept these keys"
serve "$fixtures/bad/behind" log
# shellcheck disable=SC2086
ask 2 $key --
grep -qE "SignatureDoesNotMatch: this host's clock is 2[01] minutes behind AWS's; set the clock" err ||
	fail "a clock that is behind"
serve "$fixtures/bad/ahead" log
# shellcheck disable=SC2086
ask 2 $key --
grep -qE "RequestTimeTooSkewed: this host's clock is 12[01] minutes ahead of AWS's" err ||
	fail "a clock that is ahead"
serve "$fixtures/bad/session" log
# shellcheck disable=SC2086
ask 2 $key --
refuses "ExpiredToken: the session has expired; take a new one"

# ---- one list that cannot be had: a gap, the rest of the run stands

# gap CASE OUTCOME REASON
gap() {
	serve "$fixtures/bad/$1" log
	# shellcheck disable=SC2086
	ask 0 $key -- --services kms
	has '"coverage":' '"scope":"aws/123456789012/us-east-1"' \
		"{\"kind\":\"test.key\",\"outcome\":\"$2\",\"reason\":\"kms:ListKeys: $3"
	has '"key":"kms:ListKeys"' "\"result\":\"$2\""
	not 'last'
}

gap expired denied 'ExpiredTokenException (permission kms:ListKeys)"'
gap denied denied 'AccessDeniedException (permission kms:ListKeys)"'
gap endless error 'the pages never end'
gap html error 'ListKeys: a page of HTML or XML came instead of JSON"'
gap failing unreachable 'HTTP 500"'
[ "$(grep -c kms.ListKeys log)" = 8 ] || fail "attempts of what fails"
gap throttled unreachable 'ThrottlingException"'
gap broken unreachable 'http://127.0.0.1:'
gap large error 'ListKeys: larger than'

# a place where nothing answers did not answer
serve "$fixtures/bad/denied" log
# shellcheck disable=SC2086
ask 0 $key -- --services ec2
has '"coverage":' '"scope":"aws/123456789012/us-east-1"' '"outcome":"denied","reason":"UnauthorizedOperation"'
not 'x9Y'

# XML of 50 MB streams
serve "$fixtures/bad/large" log
# shellcheck disable=SC2086
ask 0 $key -- --services ec2
[ "$(grep -c '"kind":"test.instance"' out)" = 40000 ] || fail "a large answer"
has '"key":"ami-1"' '"name":"one"'

# ---- credentials

home() { # the files of ~/.aws: config from standard input
	rm -rf home/.aws
	mkdir -p home/.aws/sso/cache
	cat >home/.aws/config
}
in_role='"source":"profile test"'

serve "$fixtures/credentials" log
home <<END
[profile test]
region = us-east-1
END
printf '[test]\naws_access_key_id = AKIAEXHIBITTEST00001\n' >home/.aws/credentials
printf 'aws_secret_access_key=secret/of+the/first+key\n' >>home/.aws/credentials
ask 0 -- --aws-profile test --services kms
has '"kind":"aws.identity"' "$in_role"
ask 0 AWS_PROFILE=test -- --services kms
has '"kind":"aws.identity"' "$in_role"
ask 2 -- --aws-profile nobody
refuses "profile 'nobody': neither in ~/.aws/config nor in ~/.aws/credentials"

# a role through another profile, with its external id
home <<END
[default]
aws_access_key_id = AKIAEXHIBITTEST00001
aws_secret_access_key = secret/of+the/first+key
[profile test]
role_arn = arn:aws:iam::210987654321:role/reader
source_profile = default
external_id = shibboleth
END
ask 0 -- --aws-profile test --services kms
has '"kind":"aws.identity"' "$in_role"
grep -q 'sts.AssumeRole us-east-1 AKIAEXHIBITTEST00001 signed' log || fail "AssumeRole"
grep -q 'sts.GetCallerIdentity us-east-1 ASIAEXHIBITTESTROLE1 signed' log || fail "as the role"
[ "$(grep -c sts.AssumeRole log)" = 1 ] || fail "the role was taken twice"

# keys that end within minutes are taken again
sed -i 's/reader/short/; /external/d' home/.aws/config
: >log
ask 0 -- --aws-profile test --services kms
[ "$(grep -c sts.AssumeRole log)" -ge 2 ] || fail "not refreshed"

# what cannot be done unattended, and what makes no sense
printf 'mfa_serial = arn:aws:iam::1:mfa/me\n' >>home/.aws/config
ask 2 -- --aws-profile test
refuses "profile test: it asks for an MFA code (mfa_serial)"
home <<END
[profile test]
role_arn = arn:aws:iam::210987654321:role/reader
source_profile = two
[profile two]
role_arn = arn:aws:iam::210987654321:role/reader
source_profile = test
END
ask 2 -- --aws-profile test
refuses "profiles name each other as source_profile"

# names as older tools wrote them, and files by ~
home </dev/null
mkdir -p home/else
cat >home/else/keys <<END
[old]
aws_access_key_id = ASIAEXHIBITTESTROLE1
aws_secret_access_key = secret/of+the/role
aws_security_token = token/of+the/role==
END
ask 0 'AWS_SHARED_CREDENTIALS_FILE=~/else/keys' -- --aws-profile old --services kms
has '"kind":"aws.identity"' '"source":"profile old"'
ask 0 AWS_ACCESS_KEY_ID=ASIAEXHIBITTESTROLE1 AWS_SECRET_ACCESS_KEY=secret/of+the/role \
	AWS_SECURITY_TOKEN=token/of+the/role== -- --services kms
has '"kind":"aws.identity"' '"source":"environment"'

# a program of the user's
home <<END
[profile test]
credential_process = printf '{"Version":1,"AccessKeyId":"ASIAEXHIBITTESTROLE1","SecretAccessKey":"secret/of+the/role","SessionToken":"token/of+the/role==","Expiration":"2099-01-01T00:00:00Z"}'
[profile fails]
credential_process = echo secret/of+the/role; exit 3
END
ask 0 -- --aws-profile test --services kms
has '"kind":"aws.identity"' '"source":"profile test (credential_process)"'
ask 2 -- --aws-profile fails
refuses "it failed (status 3); run it by hand to see why"

# IAM Identity Center: the session's cache
home <<END
[sso-session work]
sso_start_url = https://work.awsapps.com/start
sso_region = us-east-1
[profile test]
sso_session = work
sso_account_id = 210987654321
sso_role_name = reader
[profile older]
sso_start_url = https://older.awsapps.com/start
sso_region = us-east-1
sso_account_id = 210987654321
sso_role_name = reader
END
ask 2 -- --aws-profile test
refuses "nobody has logged in to its SSO session; run 'aws sso login --profile test'"
echo '{"startUrl":"https://work.awsapps.com/start","accessToken":"token-of-sso","expiresAt":"2020-01-01T00:00:00Z"}' \
	>home/.aws/sso/cache/a.json
ask 2 -- --aws-profile test
refuses "its SSO session has expired, and was not renewed: its token has no refreshToken to renew it with; run 'aws sso login --profile test'"
echo '{"startUrl":"https://work.awsapps.com/start","accessToken":"token-of-sso","expiresAt":"2099-01-01T00:00:00Z"}' \
	>home/.aws/sso/cache/b.json
echo '{"startUrl":"https://older.awsapps.com/start","accessToken":"token-of-sso","expiresAt":"2099-01-01T00:00:00UTC"}' \
	>home/.aws/sso/cache/c.json
echo 'not JSON' >home/.aws/sso/cache/d.json
ask 0 -- --aws-profile test --services kms
has '"kind":"aws.identity"' "$in_role"
ask 0 -- --aws-profile older --services kms
has '"kind":"aws.identity"' '"source":"profile older"'

# a pod: IRSA, and EKS Pod Identity
home </dev/null
echo token-of-kubernetes >token
ask 0 AWS_ROLE_ARN=arn:aws:iam::210987654321:role/pod "AWS_WEB_IDENTITY_TOKEN_FILE=$dir/token" \
	-- --services kms
has '"kind":"aws.identity"' '"source":"web identity"'
grep -q 'sts.AssumeRoleWithWebIdentity .* open' log || fail "web identity"
printf token-of-the-pod >token
ask 0 "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:$port/container/keys" \
	"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=$dir/token" -- --services kms
has '"kind":"aws.identity"' '"source":"container agent"'
ask 2 AWS_CONTAINER_CREDENTIALS_FULL_URI=http://203.0.113.7/container/keys --
refuses "plain http is spoken to this host and the agents of ECS and EKS alone"

# an instance, and nothing at all
ask 0 AWS_EC2_METADATA_DISABLED=false \
	"AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:$port" -- --services kms
has '"kind":"aws.identity"' '"source":"instance metadata"'
ask 0 AWS_EC2_METADATA_DISABLED=false \
	"AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:$port/" -- --services kms
has '"kind":"aws.identity"' '"source":"instance metadata"'
ask 2 AWS_EC2_METADATA_DISABLED=TRUE \
	"AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:$port" --
ask 2 --
refuses "no AWS credentials: set AWS_ACCESS_KEY_ID, or name a profile with --aws-profile"

# several accounts in one run: one refuses, and is told of
# shellcheck disable=SC2086
ask 0 $key -- --services kms --role-arns \
	arn:aws:iam::210987654321:role/open,arn:aws:iam::333333333333:role/closed
has '"coverage":' '"scope":"aws/123456789012/us-east-1"' '"outcome":"observed"'
has '"coverage":' '"scope":"aws/333333333333/us-east-1"' '"outcome":"denied"' 'AccessDenied'
has '"coverage":' '"scope":"aws/333333333333/global"' '"outcome":"denied"'
for where in us-east-1 global; do
	has "\"key\":\"333333333333/$where\",\"kind\":\"aws.scope\"" '"outcome":"denied"'
	has "\"key\":\"123456789012/$where\",\"kind\":\"aws.scope\"" '"outcome":"observed"'
done

# ... and is unknown in every check of AWS, named with its cause
"$exhibit" init --store two.db >/dev/null || fail init
set +e
# shellcheck disable=SC2086
as $key timeout 1800 "$exhibit" collect aws --store two.db --regions us-east-1 \
	--services kms --endpoint-url "http://127.0.0.1:$port" --role-arns \
	arn:aws:iam::210987654321:role/open,arn:aws:iam::333333333333:role/closed \
	>out 2>err
[ $? = 1 ] || fail "a refused account: status"
"$exhibit" assess --store two.db >/dev/null 2>>err
set -e
grep -q '^aws/333333333333/us-east-1: denied: .*AccessDenied' out ||
	fail "the refused account is not named"
all=$(ls "$fixtures/../../../checks" | grep -c '^aws-')
unknown=$(sqlite3 two.db "SELECT count(DISTINCT check_id) FROM verdict WHERE
	key = '333333333333/us-east-1' AND verdict = 'unknown'")
[ "$unknown" = "$all" ] || fail "unknown in $unknown of $all checks"
[ "$(sqlite3 two.db "SELECT count(*) FROM verdict WHERE key GLOB '333333333333/*'
	AND verdict <> 'unknown'")" = 0 ] || fail "a verdict on what was refused"

# no secret anywhere
cat out err log | grep -E 'secret/of|token/of|token-of' && fail "a secret was shown"

# ---- endpoints and TLS

# shellcheck disable=SC2086
as $key AWS_ENDPOINT_URL_KMS=https://kms.us-east-1.amazonaws.com "$probe" \
	--regions us-east-1 >out 2>err && fail "AWS_ENDPOINT_URL_KMS"
refuses "AWS_ENDPOINT_URL_KMS is set: it would silently take the place of the FIPS hosts"
# shellcheck disable=SC2086
as $key "$probe" --regions us-east-1 --endpoint-url http://203.0.113.7 >out 2>err &&
	fail "plain http"
refuses "plain http is spoken to this host alone"
# shellcheck disable=SC2086
as $key "$probe" >out 2>err && fail "no region"
refuses "which region? give --regions us-east-1,us-west-2, or set AWS_REGION"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj /CN=localhost -addext subjectAltName=DNS:localhost \
	-keyout key.pem -out cert.pem 2>/dev/null
serve "$fixtures/engine" log cert.pem key.pem
# shellcheck disable=SC2086
as $key "$probe" --regions us-east-1 --endpoint-url "https://localhost:$port" \
	>out 2>err || fail "an unknown authority: $(cat err)"
has '"key":"unknown/us-east-1","kind":"aws.scope"' '"outcome":"unreachable"' \
	"https://localhost:$port: SSL peer certificate or SSH remote key was not OK"
not '"kind":"aws.identity","observation"'
[ ! -s log ] || fail "a request went to an unknown authority"
# shellcheck disable=SC2086
as $key "$probe" --regions us-east-1 --endpoint-url "https://localhost:$port" \
	--ca-file cert.pem >out 2>err || fail "a known authority"
has '"kind":"aws.identity"'
has '"key":"k1"'

# ---- the policy allows what is asked, and is what the calls need

"$exhibit" kinds --format iam-policy >policy
diff -u "$fixtures/../../../deploy/aws/iam-policy.json" policy ||
	fail "deploy/aws/iam-policy.json is not what the calls need"
serve "$fixtures/engine" log
# shellcheck disable=SC2086
as $key timeout 1800 "$exhibit" collect aws --emit --regions us-east-1 \
	--endpoint-url "http://127.0.0.1:$port" >out 2>err || fail "collect aws"
grep -o '"permission":"[^"]*"' out | sort -u | cut -d '"' -f 4 >needed
[ "$(wc -l <needed)" -gt 30 ] || fail "too few calls were made"
while read -r action; do
	grep -q "\"$action\"" policy || fail "$action is asked and not allowed"
done <needed

[ $failed = 0 ]
