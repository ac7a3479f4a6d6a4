#!/bin/sh
# A cluster's recorded answers, through TLS, store and checks: what each check
# says of them, and who may do what. The server is openssl s_server, which
# sends a file as the whole response, to one connection after another: each has
# to say that it ends there.
# usage: kube.sh EXHIBIT
set -u

fixtures=$(realpath fixtures/kube)
. ./setup.sh

# answer PATH TYPE FILE: what the server sends for it
answer() {
	mkdir -p "www/$(dirname "$1")"
	{
		printf 'HTTP/1.1 200 OK\r\nContent-Type: %s\r\n' "$2"
		printf 'Content-Length: %s\r\nConnection: close\r\n\r\n' \
			"$(wc -c <"$3")"
		cat "$3"
	} >"www/$1"
}

list() { # PATH RECORDED-NAME LIST-KIND
	if [ -f "$fixtures/real/$2.json" ]; then
		answer "$1?limit=500" application/json "$fixtures/real/$2.json"
	else
		echo "{\"kind\":\"$3\",\"metadata\":{},\"items\":[]}" >empty
		answer "$1?limit=500" application/json empty
	fi
}

answer version application/json "$fixtures/real/version.json"
answer "api/v1/nodes?limit=500" application/json "$fixtures/real/nodes-p3.json"
answer api/v1/namespaces/kube-system/configmaps/aws-auth application/json \
	"$fixtures/real/aws-auth.json"
list api/v1/namespaces namespaces NamespaceList
list api/v1/serviceaccounts serviceaccounts ServiceAccountList
list api/v1/pods pods PodList
list api/v1/services services ServiceList
list api/v1/persistentvolumes persistentvolumes PersistentVolumeList
list api/v1/persistentvolumeclaims persistentvolumeclaims \
	PersistentVolumeClaimList
list api/v1/replicationcontrollers none ReplicationControllerList
rbac=apis/rbac.authorization.k8s.io/v1
list $rbac/clusterroles clusterroles ClusterRoleList
list $rbac/roles roles RoleList
list $rbac/clusterrolebindings clusterrolebindings ClusterRoleBindingList
list $rbac/rolebindings rolebindings RoleBindingList
list apis/apps/v1/deployments deployments DeploymentList
list apis/apps/v1/daemonsets daemonsets DaemonSetList
list apis/apps/v1/statefulsets none StatefulSetList
list apis/apps/v1/replicasets none ReplicaSetList
list apis/batch/v1/jobs none JobList
list apis/batch/v1/cronjobs none CronJobList
list apis/storage.k8s.io/v1/storageclasses storageclasses StorageClassList
list apis/networking.k8s.io/v1/ingresses ingresses IngressList
list apis/networking.k8s.io/v1/ingressclasses ingressclasses IngressClassList
for api in apis/elbv2.k8s.aws/v1beta1/ingressclassparams \
	apis/gateway.k8s.aws/v1beta1/loadbalancerconfigurations \
	apis/karpenter.k8s.aws/v1/ec2nodeclasses \
	apis/eks.amazonaws.com/v1/nodeclasses \
	apis/networking.k8s.io/v1/networkpolicies \
	apis/security.istio.io/v1/peerauthentications \
	apis/config.openshift.io/v1/apiservers \
	apis/crd.projectcalico.org/v1/felixconfigurations \
	apis/cert-manager.io/v1/certificates \
	apis/gateway.networking.k8s.io/v1/gateways \
	apis/karpenter.sh/v1/nodepools; do
	mkdir -p "www/$(dirname $api)"
	printf 'HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n%s' \
		"Content-Length: 19" >"www/$api?limit=500"
	printf '\r\nConnection: close\r\n\r\n404 page not found\n' \
		>>"www/$api?limit=500"
done
# a list that is refused: a gap, never an empty list
admission=apis/admissionregistration.k8s.io/v1
mkdir -p www/$admission
list $admission/mutatingwebhookconfigurations none \
	MutatingWebhookConfigurationList
sed 's/^HTTP\/2 403 */HTTP\/1.1 403 Forbidden\r\nConnection: close\r/' \
	"$fixtures/real/status-403-serviceaccount.http" \
	>"www/$admission/validatingwebhookconfigurations?limit=500"

openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out ca.pem -days 2 \
	-subj /CN=kubernetes -addext subjectAltName=DNS:kubernetes \
	>/dev/null 2>&1 || exit 1
>server.log
(cd www && exec timeout 1800 stdbuf -oL openssl s_server -HTTP -accept 127.0.0.1:0 \
	-key ../key.pem -cert ../ca.pem) >server.log 2>&1 &
server=$!
servers=$server
port=
for _ in 1 2 3 4 5 6 7 8 9 10; do
	port=$(sed -n 's/^ACCEPT .*:\([0-9]*\).*/\1/p' server.log | head -1)
	[ -n "$port" ] && break
	sleep 0.5
done
[ -n "$port" ] || { fail "no server"; exit 1; }

kubeconfig() { # CLUSTER-LINES
	cat <<-END
	apiVersion: v1
	kind: Config
	current-context: prod
	contexts:
	- name: prod
	  context: {cluster: prod, user: auditor}
	clusters:
	- name: prod
	  cluster:
	    server: https://127.0.0.1:$port/
	    $1
	users:
	- name: auditor
	  user: {token: a-token-that-is-not-kept}
	END
}
kubeconfig "tls-server-name: kubernetes
    certificate-authority: ca.pem" >config
kubeconfig "insecure-skip-tls-verify: true" >insecure
kubeconfig "certificate-authority: ca.pem" >wrong-name

echo 'now: 2026-11-23T11:00:00Z' >exhibit.yaml
"$exhibit" init --store s.db >/dev/null || exit 1
timeout 1800 "$exhibit" collect kube --store s.db --kubeconfig config >out 2>err
[ $? -eq 1 ] || { fail "collect: not status 1 for the refused list"; cat err; }
timeout 1800 "$exhibit" assess --store s.db >out 2>err
[ $? -eq 1 ] || { fail "assess: not status 1"; cat err; }
timeout 1800 "$exhibit" query --store s.db --format csv "SELECT check_id, verdict,
	kind, key, reason FROM verdict WHERE check_id GLOB 'kube-*'
	AND verdict <> 'not-applicable' ORDER BY check_id, kind, key" >verdicts
[ -z "${EXHIBIT_UPDATE:-}" ] || cp verdicts "$fixtures/real.verdicts"
diff -u "$fixtures/real.verdicts" verdicts || fail "verdicts differ"

# ---- kubelets, when they are asked for: one tells, one answers with a page ----

kubelet=api/v1/nodes/ip-10-0-0
cat >configz <<-'END'
{"kubeletconfig":{"authentication":{"anonymous":{"enabled":false}},
"authorization":{"mode":"Webhook"},"readOnlyPort":0,"tlsMinVersion":"VersionTLS12",
"tlsCipherSuites":["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
"clusterDomain":"must-never-be-kept"}}
END
echo '<html>502</html>' >page
answer $kubelet-8.ec2.internal/proxy/configz application/json configz
answer $kubelet-9.ec2.internal/proxy/configz text/html page
configz() { # STORE: of these nodes, as check|verdict|reason
	rm -f "$1" && "$exhibit" init --store "$1" >/dev/null || exit 1
	timeout 1800 "$exhibit" collect kube --store "$1" --kubeconfig config \
		--configz >out 2>err
	timeout 1800 "$exhibit" assess --store "$1" >out 2>err
	sqlite3 "$1" "SELECT key, verdict, reason FROM verdict
		WHERE check_id = 'kube-kubelet' ORDER BY key" >got
}
configz told.db
diff - got <<-'END' || fail 'what kubelets say of themselves'
ip-10-0-0-8.ec2.internal|satisfied|approved suites, no anonymous access
ip-10-0-0-9.ec2.internal|unknown|its kubelet error: no kubelet configuration: the answer is nothing; required: an object
END
strings told.db | grep must-never && fail 'more of a kubelet is kept than its columns'
# refused once, the others are not asked: the permission is the cluster's
cp www/$admission/validatingwebhookconfigurations\?limit=500 \
	www/$kubelet-8.ec2.internal/proxy/configz
configz refused.db
diff - got <<-'END' || fail 'kubelets that may not be asked'
ip-10-0-0-8.ec2.internal|unknown|its kubelet denied: nodes/proxy: HTTP 403
ip-10-0-0-9.ec2.internal|unknown|its kubelet denied: nodes/proxy: HTTP 403
END

# who NAME EXPECTED PARAMS...: those not built in
who() {
	what=$1 want=$2
	shift 2
	got=$(timeout 1800 "$exhibit" query --store s.db who-can --format csv "$@" |
		tr -d '\r' | awk -F, 'NR > 1 && $7 == "" { print $2 "@" $3 }' |
		sort -u | tr '\n' ' ')
	[ "$got" = "$want" ] || fail "who can $what: '$got', not '$want'"
}
who "get secrets" "auditors@namespace team-1 $(:
)system:serviceaccount:team-1:default@namespace team-1 " \
	--param verb=get --param resource=secrets
who "get secrets in team-2" "" --param namespace=team-2
who "delete secrets" "" --param verb=delete --param resource=secrets
who "get pods/exec" "" --param verb=get --param resource=pods/exec
who "escalate clusterroles" "alice@cluster " --param verb=escalate \
	--param resource=clusterroles
who "get configmaps in apps" "" --param resource=configmaps --param group=apps

grep -q . server.log || fail "the server was not asked"
strings s.db | grep -e must-never -e a-token-that && fail "a secret is kept"

# refusals
timeout 1800 "$exhibit" collect kube --store s.db --kubeconfig insecure \
	>out 2>err
[ $? -eq 2 ] && grep -q 'insecure-skip-tls-verify' err ||
	fail "insecure-skip-tls-verify is not refused"
timeout 1800 "$exhibit" collect kube --store s.db --kubeconfig config \
	--context none >out 2>err
[ $? -eq 2 ] && grep -q "no context 'none' (there are: prod)" err ||
	fail "a context that is not there"
timeout 1800 "$exhibit" collect kube --emit --kubeconfig wrong-name >out 2>err
grep -q '"kind":"kube.cluster".*"outcome":"unreachable"' out ||
	fail "a certificate of another name is taken"

# the role that is shipped allows what is asked, and nothing else
"$exhibit" kinds --format cluster-role |
	diff -u "$fixtures/../../../deploy/kubernetes/cluster-role.yaml" - ||
	fail "deploy/kubernetes/cluster-role.yaml is not what the kinds need"
grep -q secrets "$fixtures/../../../deploy/kubernetes/collector.yaml" &&
	fail "collector.yaml speaks of secrets"
kill "$server" && wait "$server" 2>/dev/null # it writes its log out
servers=
for path in $(sed -n 's/^FILE:\([^?]*\).*/\1/p' server.log); do
	resource=${path##*/}
	case $path in
	version | */proxy/configz) continue ;; # the latter is in no role
	*/aws-auth) resource=configmaps ;;
	esac
	"$exhibit" kinds --format cluster-role | grep -q "\[$resource\]" ||
		fail "$path was asked, and the role lacks it"
done
[ "$(grep -c '^FILE:' server.log)" -ge 28 ] ||
	fail "the server did not tell what was asked"
exit $((failed > 0))
