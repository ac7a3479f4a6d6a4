#!/bin/sh
# The nodes' agents: reports at intervals, commands inside a root, and the
# manifests that install them.
# usage: kube_nodes.sh EXHIBIT
set -u

deploy=$(realpath ../deploy/kubernetes)
. ./setup.sh

# reports follow one another, each whole, until it is told to end
mkdir -p host/etc host/proc
echo 'ID=debian' >host/etc/os-release
"$exhibit" collect node --emit --every 1s --root host --name n-1 >log 2>err &
agent=$!
servers=$agent
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(grep -c '^{"coverage":' log)" -ge 2 ] && break
	sleep 1
done
kill -TERM "$agent"
wait "$agent"
status=$?
servers=
[ $status -eq 0 ] || fail "--every: status $status when told to end"
[ "$(grep -c '^{"coverage":' log)" -ge 2 ] || fail "--every: no second report"
tail -1 log | grep -q '^{"end":' || fail "--every: a report is cut"
lines=$(sed -n '1,/^{"coverage":/p' log | wc -l)
sed -n "${lines}p" log | grep -q "\"subjects\":$((lines - 1))}" ||
	fail "--every: the coverage statement does not count its lines"
for every in 0s 5 -1h 1d '' 99999h; do
	timeout 1800 "$exhibit" collect node --emit --every "$every" --root host >out 2>err
	[ $? -eq 2 ] || fail "--every '$every' is taken"
done
timeout 1800 "$exhibit" collect node --every 1h --root host --store s.db >out 2>err
[ $? -eq 2 ] && grep -q 'goes with --emit' err ||
	fail "--every without --emit"

# commands inside the root: only with the right to
mkdir -p host/bin
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	setpriv --bounding-set=-sys_chroot --inh-caps=-sys_chroot \
		timeout 1800 "$exhibit" collect node --emit --root host --chroot --name n-1 \
		>out 2>err
	[ $? -eq 2 ] && grep -q 'CAP_SYS_CHROOT' err ||
		fail "--chroot without the capability"
	# the host's own program answers; this one needs no shell, as on
	# systems without one
	cat >answer.c <<-'END'
	#include <stdio.h>
	int main(void) { puts("OpenSSL 9.8.7 1 Jan 2026"); return 0; }
	END
	if cc -static -o host/bin/openssl answer.c 2>/dev/null; then
		timeout 1800 "$exhibit" collect node --emit --root host --chroot --name n-1 \
			>out 2>err || fail "--chroot: status $?"
		grep -q '"kind":"node.openssl"' out || fail "--chroot: no answer"
		timeout 1800 "$exhibit" collect node --emit --root host --chroot \
			--no-commands --name n-1 >none 2>err
		cmp -s out none && fail "--chroot: its commands are not run"
	fi
else
	timeout 1800 "$exhibit" collect node --emit --root host --chroot --name n-1 \
		>out 2>err
	[ $? -eq 2 ] && grep -q 'CAP_SYS_CHROOT' err ||
		fail "--chroot without the capability"
fi

# what the manifests say is what the program takes and looks for
for f in "$deploy"/nodes.yaml "$deploy"/nodes/*.yaml; do
	name=$(basename "$f")
	args=$(awk '/ args: \[/ { on = 1 } on { print } on && /\]/ { exit }' \
		"$f" | tr '\n' ' ' |
		sed 's/.*\[//; s/\].*//; s/,/ /g; s/\$(NODE_NAME)/n-1/' |
		sed 's/--every *6h//; s/--chroot//')
	# shellcheck disable=SC2086
	timeout 1800 "$exhibit" $(echo $args | sed 's#/host#host#') >out \
		2>err || fail "$name: its arguments are refused: $(cat err)"
	for label in 'app.kubernetes.io/name: exhibit' \
		'app.kubernetes.io/component: node-evidence'; do
		[ "$(grep -c "$label\$" "$f")" -eq 2 ] ||
			fail "$name: lacks the label $label"
	done
	grep -q 'namespace: exhibit-nodes' "$f" || fail "$name: namespace"
	mounts=$(grep -c 'mountPath: /host' "$f")
	[ "$mounts" -ge 1 ] &&
		[ "$mounts" -eq "$(grep -c 'readOnly: true' "$f")" ] ||
		fail "$name: a mount that is not read-only"
	[ "$(grep -c 'hostPath:' "$f")" -eq \
		"$(grep -c 'type: Directory}' "$f")" ] ||
		fail "$name: a folder that would be made on the host"
	for line in 'readOnlyRootFilesystem: true' 'operator: Exists' \
		'allowPrivilegeEscalation: false' 'drop: \[ALL\]' \
		'automountServiceAccountToken: false' \
		'policyTypes: \[Ingress, Egress\]' 'seccompProfile'; do
		grep -q "$line" "$f" || fail "$name: lacks $line"
	done
	grep -q -e 'privileged: true' -e 'hostPID' -e 'hostNetwork' "$f" &&
		fail "$name: more than it needs"
done
grep -q -e 'add:' -e 'runAsUser: 0' "$deploy/nodes.yaml" &&
	fail "nodes.yaml: root or a capability"
exit $((failed > 0))
