#!/bin/sh
# The client of the API server against servers that behave and that do not,
# through TLS, from a kubeconfig and as a pod would.
# usage: kube_server.sh EXHIBIT SERVER
set -u

server_program=$(realpath "$2")
. ./setup.sh

loopback_certificate key.pem ca.pem
"$server_program" ports ca.pem key.pem 2>server.err &
servers=$!
wait_for ports
port() { sed -n "s/^$1 //p" ports; }

# a plugin whose first token is good for a while
cat >plugin <<-'END'
	#!/bin/sh
	n=$(cat "$1" 2>/dev/null || echo 0)
	echo $((n + 1)) >"$1"
	printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":'
	printf '"ExecCredential","status":{"token":"token-%d"}}' $((n + 1))
END
chmod +x plugin
kubeconfig() { # NAME USER
	cat <<-END
	apiVersion: v1
	kind: Config
	current-context: x
	contexts:
	- name: x
	  context: {cluster: c, user: u}
	clusters:
	- name: c
	  cluster:
	    server: https://127.0.0.1:$(port "$1")
	    certificate-authority: ca.pem
	users:
	- name: u
	  user: $2
	END
}
ask() { # NAME: asks it, alone, into NAME.out
	kubeconfig "$1" "${2:-{token: token-1\}}" >"$1.config"
	timeout 1800 "$exhibit" collect kube --emit --kubeconfig "$1.config" \
		>"$1.out" 2>"$1.err" || fail "$1: $(cat "$1.err")"
}
nodes() { grep '"kind":"kube.node"' "$1.out" | grep -c '"observed"'; }
gives() { # NAME NODES: read whole, each node once
	[ "$(grep -c '"kind":"kube.node","observation"' "$1.out")" -eq "$2" ] ||
		fail "$1: $(grep -c '"kind":"kube.node","observation"' "$1.out") nodes, not $2"
	grep -q '"gaps":\[\]' "$1.out" || fail "$1: a gap: $(tail -1 "$1.out")"
}
lacks() { # NAME OUTCOME WORDS: nothing of it, and the reason
	grep -q '"kind":"kube.node","observation"' "$1.out" &&
		fail "$1: a node of a list that was not read whole"
	grep '"key":"nodes","kind":"kube.list"' "$1.out" >line
	grep -q "\"outcome\":\"$2\",\"reason\":\"[^\"]*$3" line ||
		fail "$1: not $2 with '$3': $(cat line)"
	grep -q "\"gaps\":\[{\"kind\":\"kube.node\",\"outcome\":\"$2\"" \
		"$1.out" || fail "$1: no gap: $(tail -1 "$1.out")"
	# the rest was asked all the same
	grep -q '"key":"pods","kind":"kube.list","observation":{"attributes"' \
		"$1.out" || fail "$1: the lists after it were not asked"
}
asked() { grep -c "^$1 /api/v1/nodes" ports.log; }

# those that take their time, beside one another
for name in drip closed throttled-always 500 endless huge; do
	ask $name &
	slow="${slow:-} $!"
done
for name in paged throttled closed-once expired-once 401 403 404 410 html text \
	redirect; do
	ask $name
done
ask expiring "{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, args: [$dir/count], interactiveMode: Never}}"
gives paged 6
gives expiring 6
[ "$(cat count)" -eq 2 ] || fail "expiring: the plugin ran $(cat count) times"
gives throttled 2
[ "$(asked throttled)" -eq 3 ] || fail "throttled: asked $(asked throttled) times"
gives closed-once 2
gives expired-once 6
lacks 401 denied 'nodes: HTTP 401'
lacks 403 denied 'nodes: HTTP 403: no'
lacks 404 error 'nodes: HTTP 404'
lacks 410 unreachable 'the list expired 4 times'
lacks html error 'a page of HTML or XML came instead'
lacks text error 'the answer is text/plain, not application/json'
lacks redirect error 'nodes: HTTP 302'
# shellcheck disable=SC2086
wait $slow
lacks drip unreachable 'Timeout was reached'
lacks closed unreachable ''
[ "$(asked closed)" -eq 5 ] || fail "closed: asked $(asked closed) times"
lacks throttled-always unreachable 'nodes: HTTP 429'
lacks 500 unreachable 'nodes: HTTP 500'
[ "$(asked 500)" -eq 1 ] || fail "500: asked $(asked 500) times"
lacks endless error 'over 2000 pages'
gives huge 2000

# EKS: the plugin is not there, or not wanted, and its token is made here
kubeconfig eks '{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws, args: [--region, us-east-1, eks, get-token, --cluster-name, c, --output, json], interactiveMode: Never}}' >eks.config
eks() { # ARGUMENTS
	timeout 1800 env -i HOME="$dir" PATH="$1" AWS_ACCESS_KEY_ID=AKIDEXAMPLE \
		AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY \
		"$exhibit" collect kube --emit --kubeconfig eks.config $2
}
mkdir bin
printf '#!/bin/sh\nexit 1\n' >bin/aws
chmod +x bin/aws
eks /nonexistent "" >eks.out 2>err || fail "EKS without aws: $(cat err)"
gives eks 2
eks "$dir/bin:/bin:/usr/bin" --eks-token >eks.out 2>err ||
	fail "--eks-token: $(cat err)"
gives eks 2
eks "$dir/bin:/bin:/usr/bin" "" >eks.out 2>err
[ $? -eq 2 ] && grep -q 'credential plugin aws: it failed' err ||
	fail "a plugin that fails is passed over: $(cat err)"
grep -q -e wJalrX -e k8s-aws-v1 eks.out err && fail "a credential is told"
timeout 1800 env -i HOME="$dir" PATH=/nonexistent \
	AWS_EC2_METADATA_DISABLED=true "$exhibit" collect kube --emit \
	--kubeconfig eks.config >out 2>err
[ $? -eq 2 ] && grep -q "EKS token for cluster 'c'" err ||
	fail "EKS without credentials: $(cat err)"
timeout 1800 "$exhibit" collect kube --emit --kubeconfig paged.config --eks-token \
	>out 2>err
[ $? -eq 2 ] && grep -q 'no plugin' err || fail "--eks-token of no EKS user"

# as a pod: the token of the mounted folder is read again when it is refused
mkdir account
cp ca.pem account/ca.crt
echo token-1 >account/token
pod() {
	KUBERNETES_SERVICE_HOST=127.0.0.1 \
		KUBERNETES_SERVICE_PORT=$(port "$1") timeout 1800 \
		"$exhibit" collect kube --emit --service-account account \
		--cluster in-pod
}
pod paged >pod.out 2>err || fail "in a pod: $(cat err)"
gives pod 6
grep -q '"scope":"kube/in-pod"' pod.out || fail "in a pod: its name"
pod expiring >refused.out 2>err
lacks refused denied 'HTTP 401'
echo token-2 >account/token
pod expiring >pod.out 2>err
gives pod 6
KUBERNETES_SERVICE_HOST=127.0.0.1 KUBERNETES_SERVICE_PORT=$(port paged) timeout 1800 \
	"$exhibit" audit kube --service-account account --cluster in-pod \
	--store s.db --now 2026-11-23T11:00:00Z >out 2>err
[ $? -eq 1 ] || fail "audit in a pod: $(cat err)"
timeout 1800 "$exhibit" query --store s.db --format csv "SELECT count(*) FROM
	kube_node WHERE outcome = 'observed'" | grep -qx '6.*' ||
	fail "audit in a pod: its nodes are not in the store"
timeout 1800 "$exhibit" collect kube --emit --service-account none --cluster c \
	>out 2>err
[ $? -eq 2 ] && grep -q 'not in a pod' err || fail "a folder that is not there"

# without the authority the server is nobody
kubeconfig paged '{token: token-1}' | sed '/certificate-authority/d' >stranger
timeout 1800 "$exhibit" collect kube --emit --kubeconfig stranger >out 2>err
grep -q '"kind":"kube.cluster".*"outcome":"unreachable"' out ||
	fail "a certificate of nobody's is taken"
grep -rq 'token-[12]' ./*.out s.db && fail "a token is kept"
exit $((failed > 0))
