# A cluster that is written down, one observation a line, as the kube collector
# would have found it; sourced by integration scripts. $scope is its scope.
put() { # KIND KEY ATTRIBUTES
	put_as "kube.$1" "$2" "$3"
}
put_as() {
	echo "{\"key\":\"$2\",\"kind\":\"$1\",\"observation\":{\"attributes\":$3,\"outcome\":\"observed\"},\"provenance\":{},\"scope\":\"$scope\"}"
}
put_not() { # KIND KEY OUTCOME REASON
	echo "{\"key\":\"$2\",\"kind\":\"kube.$1\",\"observation\":{\"outcome\":\"$3\",\"reason\":\"$4\"},\"provenance\":{},\"scope\":\"$scope\"}"
}
role() { # KIND/[NAMESPACE/]NAME RULES [aggregated]
	put role "$1" "{\"aggregated\":${3:-false},\"builtin\":false,\"kind\":\"${1%%/*}\",\"rules\":[$2]}"
}
rule() { # GROUPS RESOURCES VERBS [NAMES]
	echo "{\"apiGroups\":[$1],\"resources\":[$2],\"verbs\":[$3]${4:+,\"resourceNames\":[$4]}}"
}
binding() { # NAME NAMESPACE|"" ROLE SUBJECTS [labelled]
	if [ -z "$2" ]; then
		key=ClusterRoleBinding/$1 ns=null
	else
		key=RoleBinding/$2/$1 ns="\"$2\""
	fi
	put binding "$key" "{\"builtin\":${5:-false},\"kind\":\"${key%%/*}\",\"name\":\"$1\",\"namespace\":$ns,\"role\":\"$3\",\"subjects\":[$4]}"
}
user() { echo "{\"kind\":\"User\",\"name\":\"$1\"}"; }
group() { echo "{\"kind\":\"Group\",\"name\":\"$1\"}"; }
sa() { echo "{\"kind\":\"ServiceAccount\",\"name\":\"system:serviceaccount:$1:$2\"}"; }
listed() { # GROUP RESOURCE...: lists that came whole
	l_group=$1
	shift
	for l; do
		put list "$l${l_group:+.$l_group}" \
			"{\"group\":\"$l_group\",\"resource\":\"$l\"}"
	done
}
rbac_lists() {
	listed rbac.authorization.k8s.io clusterroles roles \
		clusterrolebindings rolebindings
}
covered() { # FILE: its coverage statement at its end
	echo "{\"coverage\":{\"calls\":1,\"collector\":\"kube\",\"denied\":0,\"gaps\":[],\"kinds\":[\"kube.api_group\",\"kube.binding\",\"kube.cluster\",\"kube.list\",\"kube.role\",\"kube.service_account\"],\"outcome\":\"observed\",\"reason\":null,\"scope\":\"$scope\",\"subjects\":$(grep -c '"key"' "$1")}}" >>"$1"
}
