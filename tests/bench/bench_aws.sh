#!/bin/sh
# The AWS collector against the aws CLI, both asking moto: an account with
# 5,000 instances and 200 of other things. CPU is compared, and wall time; moto
# itself takes seconds to write the list of instances, which both wait for.
# Figures to reach: 20 times less CPU, 3 times less wall, 64 MiB.
# usage: bench_aws.sh EXHIBIT [INSTANCES [OTHERS]]
set -eu

exhibit=$(realpath "$1")
instances=${2:-5000}
others=${3:-200}
for tool in moto_server aws python3; do
	command -v $tool >/dev/null || {
		echo "skipped: $tool is not installed"
		exit 77
	}
done
[ -x /usr/bin/time ] || {
	echo "skipped: GNU time is not installed"
	exit 77
}
dir=$(mktemp -d)
pid=
stop() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || :
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 1' INT TERM
cd "$dir"
port=${EXHIBIT_TEST_MOTO_PORT:-42590}
moto_server -H 127.0.0.1 -p "$port" >moto 2>&1 &
pid=$!
url=http://127.0.0.1:$port
# nothing may leave this host: a proxy that is not there
export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing \
	AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_PAGER= \
	AWS_EC2_METADATA_DISABLED=true HOME="$dir" \
	HTTP_PROXY=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9 \
	NO_PROXY=127.0.0.1
i=0
until aws --endpoint-url "$url" sts get-caller-identity >/dev/null 2>&1; do
	i=$((i + 1))
	[ $i -lt 60 ] || { cat moto; exit 1; }
	sleep 0.5
done

cat >fleet.py <<'END'
import sys, boto3
url, instances, others = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def client(name):
    return boto3.client(name, endpoint_url=url)
ec2, kms, s3, iam, sqs = map(client, ("ec2", "kms", "s3", "iam", "sqs"))
image = ec2.describe_images()["Images"][0]["ImageId"]
for i in range(instances):  # one by one: moto's pages count reservations
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="m5.large")
for i in range(others):
    ec2.create_volume(AvailabilityZone="us-east-1a", Size=8, Encrypted=i % 2 == 0)
    kms.create_key(Description=str(i))
    s3.create_bucket(Bucket="exhibit-bench-%d" % i)
    iam.create_role(RoleName="bench-%d" % i, AssumeRolePolicyDocument="{}")
    sqs.create_queue(QueueName="bench-%d" % i)
END
python3 fleet.py "$url" "$instances" "$others" || exit 1

# measured NAME COMMAND...: "wall user+sys KiB" into the file NAME
measured() {
	name=$1
	shift
	/usr/bin/time -f '%e %U %S %M' -o "$name" "$@" >"$name.out" 2>"$name.err" ||
		{ cat "$name.err"; exit 1; }
	awk '{ print $1, $2 + $3, $4 }' "$name" >"$name.sum"
}

# what both are asked: every list of instances, and of 200 keys each part
measured ours "$exhibit" collect aws --emit --endpoint-url "$url" \
	--services ec2,kms
cat >theirs.sh <<END
set -eu
a() { aws --endpoint-url $url "\$@" --output json >/dev/null; }
a sts get-caller-identity
for list in describe-instances describe-volumes describe-subnets \
	describe-route-tables describe-vpc-endpoints describe-flow-logs \
	describe-launch-templates get-ebs-encryption-by-default; do
	a ec2 \$list
done
aws --endpoint-url $url kms list-keys --query 'Keys[].KeyId' --output text |
	tr '\t' '\n' >keys
while read -r k; do
	a kms describe-key --key-id "\$k"
	a kms get-key-rotation-status --key-id "\$k"
	a kms get-key-policy --key-id "\$k" --policy-name default
done <keys
END
measured theirs sh theirs.sh

grep -c '"kind":"aws.instance"' ours.out >n || :
paste -d ' ' ours.sum theirs.sum n | awk -v keys="$others" '{
	printf "%d instances, %s keys: %.2f s, CPU %.2f s, %.1f MiB; aws CLI " \
		"%.2f s, CPU %.2f s\n", $7, keys, $1, $2, $3 / 1024, $4, $5
	cpu = $5 / ($2 > 0.01 ? $2 : 0.01)
	wall = $4 / $1
	printf "  CPU %.0f x less%s, wall %.1f x less%s, memory %s 64 MiB\n", cpu,
		(cpu >= 20 ? "" : " (MISSED: 20)"), wall,
		(wall >= 3 ? "" : " (MISSED: 3)"),
		($3 <= 65536 ? "below" : "MISSED:")
}'
