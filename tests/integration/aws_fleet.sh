#!/bin/sh
# Instances, EKS and IAM as AWS answers them, through signature, pages and
# projection: what is kept of fixtures/aws/fleet/ is fixtures/aws/fleet.ndjson, row
# by row, and nothing of what may not be kept. Then what is refused.
# usage: aws_fleet.sh EXHIBIT AWS_SERVER   (from tests/)
set -u

exhibit=$(realpath "$1") server=$(realpath "$2")
fixtures=$(realpath fixtures/aws)
dir=$(mktemp -d)
pid=
cleanup() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
cd "$dir" || exit 1
mkdir home
failed=0
fail() {
	echo "FAILED: $1" >&2
	failed=$((failed + 1))
}

serve() { # FOLDER
	[ -z "$pid" ] || {
		kill "$pid"
		wait "$pid" 2>/dev/null
	}
	: >port
	"$server" "$1" log >port &
	pid=$!
	i=0
	while [ ! -s port ] && [ $i -lt 3000 ]; do
		sleep 0.05
		i=$((i + 1))
	done
	port=$(cat port)
}

collect() { # STATUS ARG...
	want=$1
	shift
	env -i HOME="$dir/home" PATH="$PATH" ASAN_OPTIONS="${ASAN_OPTIONS:-}" \
		AWS_EC2_METADATA_DISABLED=true \
		AWS_ACCESS_KEY_ID=AKIAEXHIBITTEST00001 \
		AWS_SECRET_ACCESS_KEY=secret/of+the/first+key \
		timeout 1800 "$exhibit" collect aws --regions us-east-1 \
		--services ec2,eks,iam,ssm,autoscaling \
		--endpoint-url "http://127.0.0.1:$port" "$@" >out 2>err
	got=$?
	[ $got = "$want" ] || fail "status $got, not $want: $(cat err)"
}

# rows FILE: what was seen in the region and the account, calls apart
rows() {
	grep -E '"scope":"aws/111122223333/(us-east-1|global)"' "$1" |
		grep -F '"outcome":"observed"},"provenance"' |
		grep -vE '"kind":"aws\.(call|identity|scope)"' |
		sed 's/,"provenance":{[^}]*}//; s/,"seq":{[^}]*}//' | LC_ALL=C sort -u
}

serve "$fixtures/fleet"
collect 0 --emit
rows "$fixtures/fleet.ndjson" >want
rows out | grep -vE '"kind":"aws.(autoscaling_group)"' >got
diff want got >differ || {
	fail "not what was written down (< expected, > got)"
	cut -c1-600 differ | head -40 >&2
}
has() {
	cp out lines
	for t; do
		grep -F -- "$t" lines >lines2 || {
			fail "no line with: $*"
			return
		}
		mv lines2 lines
	done
}
has '"key":"eks-own","kind":"aws.autoscaling_group"' '"cluster":"prod"' \
	'"instances":["i-00000000000000009"]' '"launch_template":"lt-own"' \
	'"launch_template_version":"3"' '"node_group":"own"' \
	'"subnets":["subnet-nat","subnet-shut"]'
has '"key":"mixed","kind":"aws.autoscaling_group"' '"cluster":"dev"' \
	'"launch_template":"lt-fips","launch_template_version":"$Latest"'
# asked by its id, and not there
has '"key":"ami-gone","kind":"aws.image"' '"outcome":"absent"'
has '"key":"z9.large","kind":"aws.instance_type"' '"outcome":"absent"'
# parameters: of every version in use, and of the images' own releases
for name in aws-k8s-1.36-fips/arm64/latest aws-k8s-1.29-fips/x86_64/latest \
	aws-k8s-1.35-nvidia-fips/x86_64/1.53.0-00000001 \
	aws-k8s-1.35-nvidia-fips/x86_64/1.53.0; do
	has "\"key\":\"/aws/service/bottlerocket/$name/image_id\",\"kind\":\"aws.ami_parameter\"" \
		'"outcome":"absent"'
done
# a part that was refused
has '"key":"eks:ListAssociatedAccessPolicies"' '"result":"denied"'
# a cluster that knows no access entries is not one that refuses them
has '"key":"eks:ListAccessEntries"' '"result":"answered"'
for secret in hunter2 secret-external-id 'secret/of' PASSWORD; do
	! grep -qF "$secret" out || fail "'$secret' was kept"
done
! grep -v ' signed$' log >unsigned || fail "not signed: $(head -3 unsigned)"
grep -F 'ec2.DescribeInstances@p2' log >/dev/null || fail "no second page"

# ---- answers of the wrong types: nothing of them is a pass ----
# (but that no remote access is named means that there is none)

serve "$fixtures/hostile"
"$exhibit" init --store odd.db >/dev/null || fail init
collect 1 --store odd.db
"$exhibit" assess --store odd.db >/dev/null 2>err || [ $? = 1 ] ||
	fail "assess: $(cat err)"
sqlite3 odd.db "SELECT check_id || ' ' || verdict || ' ' || key || ' ' || reason
	  FROM verdict
	 WHERE verdict = 'satisfied' AND check_id NOT IN ('aws-evidence-complete',
	       'aws-eks-region', 'aws-nodegroup-ssh', 'aws-service-fips') ORDER BY 1" >bad
[ ! -s bad ] || fail "a pass on what is no answer: $(cat bad)"
for want in 'aws-eks-endpoint unknown prod' 'aws-eks-secrets unknown prod' \
	'aws-nodegroup-fips unknown prod/a' 'aws-image-fips unknown i-1' \
	'aws-iam-trust unknown cut' 'aws-iam-wildcard unknown cut' \
	'aws-volume-encrypted unknown vol-1' 'aws-ebs-default unknown ebs' \
	'aws-template-user-data unknown lt-2/1' \
	'aws-eks-admins unknown prod/arn:aws:iam::111122223333:role/a'; do
	[ "$(sqlite3 odd.db "SELECT count(*) FROM verdict WHERE
		check_id || ' ' || verdict || ' ' || key = '$want'")" = 1 ] ||
		fail "no verdict '$want'"
done

# ---- everything refused: gaps and no rows, and no verdict but unknown ----

mkdir denied
cp "$fixtures/fleet/sts.GetCallerIdentity" denied/
for name in $(cd "$fixtures/fleet" && ls); do
	case $name in
	ec2.* | ssm.* | iam.* | autoscaling.*)
		printf 'HTTP/1.1 403 Forbidden\nContent-Type: text/xml\n\n<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>' >"denied/${name%%[#@]*}"
		;;
	eks.*,clusters)
		printf 'HTTP/1.1 403 Forbidden\nContent-Type: application/json\nx-amzn-ErrorType: AccessDeniedException\n\n{"message":"no"}' >"denied/$name"
		;;
	esac
done
serve "$dir/denied"
"$exhibit" init --store denied.db >/dev/null || fail init
collect 1 --store denied.db
"$exhibit" assess --store denied.db >/dev/null 2>err ||
	[ $? = 1 ] || fail "assess: $(cat err)"
sqlite3 denied.db "SELECT check_id || ' ' || verdict || ' ' || key FROM verdict
	 WHERE verdict <> 'unknown' AND check_id <> 'aws-evidence-complete'" >bad
[ ! -s bad ] || fail "verdicts on what nobody could see: $(cat bad)"
for check in aws-image-fips aws-nitro aws-imds aws-volume-encrypted \
	aws-ebs-default aws-eks-endpoint aws-nodegroup-fips aws-eks-admins \
	aws-pod-identity aws-iam-wildcard aws-iam-trust aws-flow-logs \
	aws-template-imds aws-subnet-private aws-evidence-complete; do
	[ "$(sqlite3 denied.db "SELECT count(*) > 0 FROM verdict
		WHERE check_id = '$check' AND verdict = 'unknown'")" = 1 ] ||
		fail "$check does not say that it saw nothing"
done
[ "$failed" = 0 ] || exit 1
