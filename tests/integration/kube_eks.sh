#!/bin/sh
# A cluster by its name: EKS says where it is, the token is made here, and the API
# server behind it is asked. What EKS refuses or leaves out is told by the cluster's name.
# usage: kube_eks.sh EXHIBIT AWS_SERVER KUBE_SERVER
set -u

aws_program=$(realpath "$2")
kube_program=$(realpath "$3")
. ./setup.sh

loopback_certificate key.pem ca.pem
"$kube_program" ports ca.pem key.pem 2>server.err &
servers=$!
mkdir answers home
"$aws_program" answers log >port &
servers="$servers $!"
wait_for ports
wait_for port

answer() { # CLUSTER STATUS BODY: what EKS says of it
	printf 'HTTP/1.1 %s\nContent-Type: application/json\n\n%s\n' "$2" "$3" \
		>"answers/eks.GET,clusters,$1"
}
server=https://127.0.0.1:$(sed -n 's/^eks //p' ports)
ca=$(base64 -w0 ca.pem)
answer prod '200 OK' "{\"cluster\": {\"name\": \"prod\", \"status\": \"ACTIVE\", \"endpoint\": \"$server/\", \"certificateAuthority\": {\"data\": \"$ca\"}}}"
answer new '200 OK' '{"cluster": {"name": "new", "status": "CREATING"}}'
answer plain '200 OK' "{\"cluster\": {\"name\": \"plain\", \"endpoint\": \"http://127.0.0.1:1\", \"certificateAuthority\": {\"data\": \"$ca\"}}}"
answer odd '200 OK' "{\"cluster\": {\"name\": \"odd\", \"endpoint\": \"$server\", \"certificateAuthority\": {\"data\": \"%%%\"}}}"
answer shut '403 Forbidden' '{"__type": "AccessDeniedException", "message": "not authorized to perform: eks:DescribeCluster"}'
answer gone '404 Not Found' '{"__type": "ResourceNotFoundException", "message": "No cluster found for name: gone."}'

ask() { # CLUSTER ARGUMENT...
	cluster=$1
	shift
	env -i HOME="$dir/home" PATH="$PATH" ASAN_OPTIONS="${ASAN_OPTIONS:-}" \
		AWS_EC2_METADATA_DISABLED=true \
		AWS_ACCESS_KEY_ID=AKIAEXHIBITTEST00001 \
		'AWS_SECRET_ACCESS_KEY=secret/of+the/first+key' \
		timeout 1800 "$exhibit" collect kube --emit --eks-cluster "$cluster" \
		--endpoint-url "http://127.0.0.1:$(cat port)" \
		"$@" >out 2>err
}

ask prod --eks-region us-east-1 || fail "prod: status $?"
[ "$(grep -c '"kind":"kube.node","observation"' out)" = 2 ] ||
	fail 'prod: its nodes are not there'
grep -q '"scope":"kube/prod"' out || fail 'prod: its name is not the scope'
grep -q -e 'secret/of' -e k8s-aws-v1 -e X-Amz-Signature out err &&
	fail 'a credential is told'
grep -v ' signed$' log && fail 'EKS was asked without a signature'

refuses() { # CLUSTER TEXT
	ask "$1" --eks-region us-east-1
	[ $? = 2 ] || fail "$1: its status is not 2"
	grep -qF -- "$2" err || fail "$1: does not say '$2'"
	[ ! -s out ] || fail "$1: something was told all the same"
}
refuses new "EKS cluster 'new': it has no endpoint yet"
refuses plain "EKS cluster 'plain': its endpoint 'http://127.0.0.1:1' is no https address"
refuses odd "EKS cluster 'odd': its certificate authority is not base64"
refuses shut 'AccessDeniedException'
refuses gone 'ResourceNotFoundException'
ask prod
[ $? = 2 ] && grep -q 'which region? give --eks-region' err || fail 'no region: not said so'
exit $failed
