#!/bin/sh
# What is shipped to install exhibit: one namespace for the agents wherever it is
# named, overlays that kustomize builds, pods that are hardened, a Containerfile
# that has what the build needs, and evidence that leaves whole by a log.
# usage: deploy.sh EXHIBIT
set -u

root=$(realpath ..)
. ./setup.sh
deploy=$root/deploy

# ---- one namespace: help, code, cluster role, manifests, docs
agents=$(sed -n 's/^#define AGENT_NAMESPACE "\(.*\)"$/\1/p' "$root/collector/kube/agents.h")
[ -n "$agents" ] || fail "the agents' namespace is not in agents.h"
"$exhibit" collect --help | grep -- '--agents NAMESPACE' | grep -q "($agents)" ||
	fail "help names another default namespace"
grep -q "\`$agents\`" "$root/docs/kubernetes.md" || fail "docs name another namespace"
"$exhibit" kinds --format cluster-role >role
cmp -s role "$deploy/kubernetes/cluster-role.yaml" ||
	fail "cluster-role.yaml is not what the program asks for"
awk '/^kind: Role$/ { on = 1 } on && /namespace:/ { print $2; exit }' role |
	grep -qx "$agents" || fail "the Role is not in the agents' namespace"
awk '/^kind: RoleBinding$/ { on = 1 } on && /namespace:/ { print $2; exit }' \
	"$deploy/kubernetes/collector.yaml" | grep -qx "$agents" ||
	fail "the RoleBinding is not in the agents' namespace"

# ---- overlays, each whole, and none with more than it needs
if command -v kubectl >/dev/null; then
	for o in "$deploy"/overlays/*/; do
		name=$(basename "$o")
		timeout 60 kubectl kustomize "$o" >built 2>err ||
			{ fail "overlay $name is not built"; continue; }
		for kind in Namespace ClusterRole ClusterRoleBinding Role RoleBinding \
			ServiceAccount NetworkPolicy CronJob DaemonSet PriorityClass; do
			grep -qx "kind: $kind" built || fail "overlay $name lacks a $kind"
		done
		[ "$(grep -c 'readOnlyRootFilesystem: true' built)" -ge 2 ] &&
			[ "$(grep -c 'allowPrivilegeEscalation: false' built)" -ge 2 ] &&
			[ "$(grep -c 'runAsNonRoot: true' built)" -ge 2 ] &&
			[ "$(grep -c 'type: RuntimeDefault' built)" -ge 2 ] ||
			fail "overlay $name: a pod that is not hardened"
		grep -q -e 'privileged: true' -e 'hostPID: true' -e 'hostNetwork: true' built &&
			fail "overlay $name: more than it needs"
		for line in ttlSecondsAfterFinished successfulJobsHistoryLimit \
			failedJobsHistoryLimit 'memory: ' 'priorityClassName: exhibit-nodes'; do
			grep -q "$line" built || fail "overlay $name lacks $line"
		done
		grep -q -- '- my-cluster' built || fail "overlay $name: no name of the cluster"
	done
else
	echo 'skipped: overlays: kubectl is not installed'
fi

# ---- the Containerfile has every library that the build asks for
if command -v dpkg >/dev/null; then
	for pc in $(sed -n 's/^pkg_check_modules([a-z0-9]* REQUIRED IMPORTED_TARGET \(.*\))/\1/p' \
		"$root/CMakeLists.txt" | sed 's/>=[0-9.]*//g'); do
		folder=$(pkg-config --variable=pcfiledir "$pc") ||
			{ fail "$pc is not here"; continue; }
		package=$(dpkg -S "$folder/$pc.pc" 2>/dev/null | sed 's/:.*//')
		case $package in
		'') echo "skipped: $pc is of no package" ;;
		libcurl4-*-dev) grep -q 'libcurl4-[a-z]*-dev' "$deploy/Containerfile" ||
			fail "Containerfile lacks $package" ;;
		*) grep -q "$package\\b" "$deploy/Containerfile" ||
			fail "Containerfile lacks $package" ;;
		esac
	done
fi

# ---- the way out: a pod's log, with standard error between its lines
mkdir -p host/etc host/proc
echo 'ID=debian' >host/etc/os-release
"$exhibit" collect node --emit --root host --name n-1 >emitted 2>err ||
	fail "collect --emit: status $?"
"$exhibit" collect node --emit --root host --name n-2 >>emitted
awk '{ print } NR % 3 == 1 { print "exhibit: kube: pods, 500 of them" }' emitted >log
taken() { # NAME FILE: into a store of its own
	rm -f "$1.db"
	"$exhibit" init --store "$1.db" --now 2026-11-23T11:00:00Z >/dev/null
	"$exhibit" collect import "$2" --store "$1.db" --now 2026-11-23T11:00:00Z \
		>out 2>err
}
taken plain emitted
whole=$?
[ $whole -le 1 ] || fail "an emission is refused"
taken log log
[ $? -eq $whole ] || fail "a log with standard error between: status"
grep -q "skipped $(grep -c '^exhibit:' log) lines of other output" err ||
	fail "skipped lines are not told"
[ "$(sqlite3 plain.db 'SELECT state_root FROM run')" = \
	"$(sqlite3 log.db 'SELECT state_root FROM run')" ] || fail "another state"

# a line less anywhere, and its end cut off: refused, and nothing is gone
"$exhibit" collect import emitted --store log.db --now 2026-11-24T11:00:00Z >out 2>err
before=$(sqlite3 log.db 'SELECT count(*) FROM run')
for lost in 1 2 5 "$(grep -n '"coverage"' log | head -1 | sed 's/:.*//')" \
	"$(wc -l <log)"; do
	sed "${lost}d" log | grep -v '^exhibit:' >less
	[ "$(wc -l <less)" -lt "$(wc -l <emitted)" ] || continue
	"$exhibit" collect import - --store log.db --now 2026-11-25T11:00:00Z \
		<less >out 2>err
	[ $? -eq 2 ] && grep -q 'lines are missing' err || fail "line $lost lost: taken"
done
head -n "$(($(wc -l <emitted) / 2 - 1))" emitted | timeout 60 "$exhibit" collect import - \
	--store log.db --now 2026-11-25T12:00:00Z >out 2>err
[ $? -eq 2 ] || fail "half an emission is taken"
# and so without numbers, as earlier versions print them
sed 's/,"seq":{[^}]*}}$/}/; /^{"end"/d' emitted >bare
sed 2d bare | "$exhibit" collect import - --store log.db \
	--now 2026-11-25T13:00:00Z >out 2>err
[ $? -eq 2 ] && grep -q 'lines are missing: .* of .* came' err ||
	fail "an unnumbered line lost: taken"
grep -v '"coverage"' bare | "$exhibit" collect import - --store log.db \
	--now 2026-11-26T11:00:00Z >out 2>err
[ $? -eq 1 ] && grep -q ' 0 gone' out ||
	fail "lines without a coverage statement are an answer in full"
[ "$(sqlite3 log.db "SELECT count(*) FROM run WHERE state <> 'failed'")" -eq $((before + 1)) ] ||
	fail "a refused import left a run"
"$exhibit" verify --store log.db >out 2>err || [ $? = 1 ] || fail "the store is not sound"
exit $((failed > 0))
