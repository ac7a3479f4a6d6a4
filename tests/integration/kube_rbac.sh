#!/bin/sh
# Who may do what: questions with a known answer, as 'kubectl auth can-i' gives
# it (kubernetes.io/docs/reference/access-authn-authz/rbac), and what of it is
# dangerous. The cluster is written down here.
# usage: kube_rbac.sh EXHIBIT
set -u

. ./missing.sh
. ./kube_written.sh
. ./setup.sh

scope=kube/c
{
	put cluster c '{"git_version":"v1.32.13"}'
	rbac_lists
	role ClusterRole/secrets "$(rule '""' '"secrets"' '"get"')"
	binding everywhere "" ClusterRole/secrets "$(user ann)"
	# a role binding of a cluster role grants in its namespace alone
	binding in-a a ClusterRole/secrets "$(user bob)"
	# names limit a get, and no list
	role Role/a/one "$(rule '""' '"secrets"' '"get","list"' '"only-this"')"
	binding one a Role/a/one "$(user cat)"
	# a resource is not its subresources, nor they it; */sub is of anything
	role ClusterRole/pods "$(rule '""' '"pods"' '"create","get"')"
	binding pods "" ClusterRole/pods "$(user dan)"
	role ClusterRole/exec "$(rule '""' '"pods/exec"' '"create"')"
	binding exec "" ClusterRole/exec "$(user eve)"
	role ClusterRole/any-log "$(rule '"*"' '"*/log"' '"get"')"
	binding any-log "" ClusterRole/any-log "$(user fay)"
	# everything, by stars
	role ClusterRole/star "$(rule '"*"' '"*"' '"*"')"
	binding star "" ClusterRole/star "$(group admins)"
	binding star-in-b b ClusterRole/star "$(user gus)"
	# an API group is not another of the same resource
	role ClusterRole/other-group "$(rule '"x.io"' '"secrets"' '"get"')"
	binding other-group "" ClusterRole/other-group "$(user hal)"
	# URLs: a star at the end only, and by cluster role bindings only
	role ClusterRole/urls '{"nonResourceURLs":["/metrics","/logs/*"],"verbs":["get"]}'
	binding urls "" ClusterRole/urls "$(user ida)"
	binding urls-in-a a ClusterRole/urls "$(user jon)"
	# aggregated: what a controller filled in, as served
	role ClusterRole/agg "$(rule '""' '"nodes/proxy"' '"get"')" true
	binding agg "" ClusterRole/agg "$(sa a robot)"
	# nothing behind it
	binding nothing "" ClusterRole/gone "$(user kim)"
	# groups of service accounts, of one namespace and of all
	role ClusterRole/cm "$(rule '""' '"configmaps"' '"list"')"
	binding all-robots "" ClusterRole/cm "$(group system:serviceaccounts)"
	binding robots-of-a "" ClusterRole/exec "$(group system:serviceaccounts:a)"
	# called built in, which anyone may write, and the real one
	binding evil "" ClusterRole/star "$(user mallory)" true
	role ClusterRole/cluster-admin "$(rule '"*"' '"*"' '"*"')"
	binding cluster-admin "" ClusterRole/cluster-admin "$(group system:masters)" true
	# impersonation of extras, aws-auth by name, and elsewhere by another
	role ClusterRole/extra "$(rule '"authentication.k8s.io"' '"userextras/scopes"' '"impersonate"')"
	binding extra "" ClusterRole/extra "$(user lea)"
	role Role/kube-system/aws "$(rule '""' '"configmaps"' '"patch"' '"aws-auth"')"
	binding aws kube-system Role/kube-system/aws "$(user max)"
	role Role/a/cm "$(rule '""' '"configmaps"' '"patch"')"
	binding cm a Role/a/cm "$(user ned)"
	# and beside RBAC: access entries of EKS
	role ClusterRole/edit "$(rule '""' '"pods"' '"create"')"
	scope=aws/1/us-east-1
	entry() { # PRINCIPAL GROUPS POLICIES
		put_as aws.eks_access_entry "c/arn:aws:iam::1:role/$1" "{\"cluster\":\"c\",\"groups\":[$2],\"policies\":[$3],\"principal\":\"arn:aws:iam::1:role/$1\",\"type\":\"STANDARD\",\"unread\":{},\"username\":\"arn:aws:sts::1:assumed-role/$1/x\"}"
	}
	entry boss '' '{"namespaces":[],"policy":"AmazonEKSClusterAdminPolicy","scope":"cluster"}'
	entry reader '' '{"namespaces":[],"policy":"AmazonEKSAdminViewPolicy","scope":"cluster"}'
	entry dev '' '{"namespaces":["a","b"],"policy":"AmazonEKSEditPolicy","scope":"namespace"}'
	entry lead '"admins"' ''
	scope=kube/c
} >all
grep '"scope":"kube/c"}' all >cluster
grep '"scope":"aws/1/us-east-1"}' all >aws
covered cluster
cat aws >>cluster
echo '{"coverage":{"calls":1,"collector":"aws","denied":0,"gaps":[],"kinds":["aws.eks_access_entry"],"outcome":"observed","reason":null,"scope":"aws/1/us-east-1","subjects":4}}' >>cluster

echo 'now: 2026-11-23T11:00:00Z' >exhibit.yaml
"$exhibit" init --store s.db >/dev/null || exit 1
timeout 1800 "$exhibit" collect import cluster --store s.db >out 2>err || {
	cat out err
	exit 1
}

# can VERB RESOURCE NAMESPACE GROUP EXPECTED: principals but for stars' holders
can() {
	got=$(timeout 1800 "$exhibit" query --store s.db who-can --format csv \
		--param "verb=$1" --param "resource=$2" --param "namespace=$3" \
		--param "group=$4" | tr -d '\r' |
		awk -F, 'NR > 1 { print $2 }' | sort -u |
		grep -v -e ^arn: | grep -v -x -e admins -e mallory -e system:masters |
		tr '\n' ' ')
	[ "$got" = "$5" ] || fail "can $1 $2.$4 in $3: '$got', not '$5'"
}
can get secrets a '' 'ann bob cat '
can get secrets b '' 'ann gus '
can list secrets a '' '' # a list has no name, so a rule limited to names is none
can delete secrets a '' ''
can create pods a '' 'dan '
can create pods/exec b '' 'eve gus system:serviceaccounts:a '
can get pods/log a '' 'fay '
can get deployments/log a apps 'fay '
can get secrets a x.io 'hal '
can get /metrics '*' '*' 'ida '
can get /logs/kubelet '*' '*' 'ida '
can get /metrics/x '*' '*' ''
can get nodes/proxy '*' '' 'system:serviceaccount:a:robot '
can list configmaps a '' 'system:serviceaccounts '
can patch configmaps kube-system '' 'max '
can impersonate userextras/scopes '*' authentication.k8s.io 'lea '
timeout 1800 "$exhibit" query --store s.db who-can --format csv >out
grep -q '^Group,system:masters,cluster,,the authorizer' out ||
	fail "system:masters is not among those who can"
grep -q '^User,mallory,cluster,,ClusterRoleBinding/evil,ClusterRole/star,,' out ||
	fail "a binding that calls itself built in is taken for it"
grep -q '^Group,system:masters,cluster,,ClusterRoleBinding/cluster-admin,.*,yes,' out ||
	fail "cluster-admin is not told as built in"

grep -q '^IAM,arn:aws:iam::1:role/boss,cluster,,access entry,AmazonEKSClusterAdminPolicy' out ||
	fail "an access policy of the cluster's admin is passed over"
grep -q '^IAM,arn:aws:iam::1:role/reader,cluster,' out ||
	fail "the admin viewer reads secrets"
grep -q 'role/dev' out && fail "an editor of pods does not read secrets here"
grep -q '^Group,admins,.*arn:aws:iam::1:role/lead' out ||
	fail "who of IAM is in a group is not told"
timeout 1800 "$exhibit" query --store s.db who-can --format csv --param verb=create \
	--param resource=pods --param namespace=b >out
grep -q '^IAM,arn:aws:iam::1:role/dev,namespace b,' out ||
	fail "an access policy limited to namespaces"
grep -q 'role/reader' out && fail "a viewer creates nothing"

# what one may do, by its groups too
may() { # PRINCIPAL GROUPS EXPECTED
	got=$(timeout 1800 "$exhibit" query --store s.db what-may --format csv \
		--param "principal=$1" --param "groups=$2" | tr -d '\r' |
		awk -F, 'NR > 1 { print $1 ":" $2 ":" $3 ":" $5 }' | sort |
		tr '\n' ';')
	[ "$got" = "$3" ] || fail "what $1 ($2) may: '$got', not '$3'"
}
may system:serviceaccount:a:robot '' "cluster:create:pods/exec:group system:serviceaccounts:a;cluster:get:nodes/proxy:;cluster:list:configmaps:group system:serviceaccounts;"
may system:serviceaccount:b:robot '' "cluster:list:configmaps:group system:serviceaccounts;"
may bob '' "namespace a:get:secrets:;"
may bob admins "cluster:*:*.*:group admins;namespace a:get:secrets:;"
may kim '' ""
may jon '' ""

# what of it is dangerous
timeout 1800 "$exhibit" assess --store s.db >out 2>err
timeout 1800 "$exhibit" query --store s.db --format csv "SELECT key, verdict, reason
	FROM verdict WHERE check_id = 'kube-rbac-dangerous'" | tr -d '\r' >verdicts
says() { # BINDING VERDICT WORDS
	grep -q "^$1,$2,.*$3" verdicts ||
		fail "$1: not $2 with '$3': $(grep "^$1," verdicts)"
}
says ClusterRoleBinding/everywhere not-satisfied 'User ann through ClusterRole/secrets in the whole cluster may: read secrets'
says RoleBinding/a/in-a not-satisfied 'in namespace a may: read secrets'
says RoleBinding/a/one satisfied 'nothing of the kind'
says ClusterRoleBinding/pods not-satisfied 'may: create pods'
says ClusterRoleBinding/exec not-satisfied 'may: run commands in pods'
says ClusterRoleBinding/any-log not-satisfied 'may: read files of nodes'
says ClusterRoleBinding/star not-satisfied 'Group admins .* may: everything'
says RoleBinding/b/star-in-b not-satisfied 'in namespace b may: everything'
says ClusterRoleBinding/other-group satisfied ''
says ClusterRoleBinding/agg not-satisfied 'may: use the kubelet of nodes'
says ClusterRoleBinding/nothing satisfied 'does not exist, so nothing is granted'
says ClusterRoleBinding/evil not-satisfied 'labelled as the API server.s own, which it is not: User mallory'
says ClusterRoleBinding/cluster-admin not-applicable 'makes this binding itself'
says ClusterRoleBinding/extra not-satisfied 'may: act as others'
says RoleBinding/kube-system/aws not-satisfied 'may: give IAM principals any group'
says RoleBinding/a/cm satisfied ''
says ClusterRoleBinding/all-robots satisfied ''
missing s.db 2026-11-23T11:00:00Z together '"scope":"kube/' '"scope":"aws/' || fail "less evidence, better verdicts"
exit $((failed > 0))
