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
	while [ ! -s port ] && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
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
	as $vars timeout 120 "$probe" --endpoint-url "http://127.0.0.1:$port" \
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
	'{"kind":"test.nodegroup","outcome":"denied","reason":"eks:ListNodegroups: AccessDeniedException"}'
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
# kinds of the other scope are not spoken of
has '"coverage":' '"scope":"aws/123456789012/global"' \
	'"kinds":["aws.call","aws.identity","test.bucket","test.role"]' '"gaps":[]'
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

# ---- one service

# shellcheck disable=SC2086
ask 0 $key -- --services kms
has '"coverage":' '"scope":"aws/123456789012/us-east-1"' '"kinds":["aws.call","test.key"]'
not '"key":"i-0a"'

[ $failed = 0 ]
