#!/bin/sh
# What the checks, tables and queries say of an account's evidence, row by row, and
# that what is refused later counts for nothing.
# usage: aws_checks.sh EXHIBIT   (from tests/)
# fixtures/aws/fleet.ndjson is the evidence; fleet.verdicts is what was written down
# of it: check|verdict|key|reason, all rows of each check it names. With
# EXHIBIT_UPDATE_FIXTURES=1 it is written anew, to be read by eye.
set -u

exhibit=$(realpath "$1")
fixtures=$(realpath fixtures/aws)
here=$(realpath .)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
cd "$dir" || exit 1
now=2026-11-24T00:00:00Z
. "$here/refuse_account.sh"
failed=0
fail() {
	echo "FAILED: $1" >&2
	failed=$((failed + 1))
}

judge() { # STORE FILE...: made of these imports, in turn
	store=$1
	shift
	rm -f "$store"*
	"$exhibit" init --store "$store" --now $now >/dev/null || exit 1
	for file; do
		"$exhibit" collect import "$file" --store "$store" --now $now \
			>/dev/null 2>err || [ $? = 1 ] || {
			cat err >&2
			exit 1
		}
	done
	"$exhibit" assess --store "$store" --now $now >/dev/null 2>err ||
		[ $? = 1 ] || {
		cat err >&2
		exit 1
	}
}

judge fleet.db "$fixtures/fleet.ndjson"
cut -d'|' -f1 "$fixtures/fleet.verdicts" | sort -u >checks
sqlite3 fleet.db "SELECT check_id, verdict, key, reason FROM verdict" |
	awk -F'|' 'NR == FNR { own[$1]; next } $1 in own' checks - |
	LC_ALL=C sort >got
if [ -n "${EXHIBIT_UPDATE_FIXTURES:-}" ]; then
	cp got "$fixtures/fleet.verdicts"
fi
diff "$fixtures/fleet.verdicts" got >differ || {
	fail "the verdicts are not those written down (< expected, > got)"
	cat differ >&2
}

# ---- what is refused now counts for nothing, whatever was seen before ----

for kind in ebs_default eks_access_entry eks_addon eks_cluster eks_nodegroup \
	eks_pod_identity iam_group iam_role iam_user instance launch_template \
	volume; do
	scopes=$(sed -n "s/.*\"kind\":\"aws\.$kind\",.*\"scope\":\"\([^\"]*\)\"}/\1/p" \
		"$fixtures/fleet.ndjson" | sort -u)
	printf '{"key":"z","kind":"kube.cluster","observation":{"outcome":"absent","reason":"none"},"provenance":{},"scope":"kube/z"}\n' >gap
	for scope in $scopes; do
		printf '{"coverage":{"calls":1,"collector":"aws","denied":1,"gaps":[{"kind":"aws.%s","outcome":"denied","reason":"AccessDenied"}],"kinds":["aws.%s"],"outcome":"observed","reason":"","scope":"%s","subjects":0}}\n' \
			"$kind" "$kind" "$scope"
	done >>gap
	judge gap.db "$fixtures/fleet.ndjson" gap
	n=$(sqlite3 gap.db "SELECT count(*) FROM verdict
		WHERE kind = 'aws.$kind' AND verdict = 'unknown'")
	bad=$(sqlite3 gap.db "SELECT check_id, key, verdict FROM verdict
		WHERE kind = 'aws.$kind' AND verdict <> 'unknown'")
	[ "$n" -gt 0 ] && [ -z "$bad" ] ||
		fail "aws.$kind is refused now, but: $n unknown, and $bad"
done

judge refused.db "$fixtures/fleet.ndjson"
refuse_account refused.db

# The report is read through the connection that judged, which no longer masks what
# was refused: another one makes the same bytes.
"$exhibit" key new --now $now >/dev/null || fail 'key new'
"$exhibit" report --store gap.db --now $now --output gap >out 2>&1 ||
	[ $? = 1 ] || fail "a report with gaps: $(cat out)"
"$exhibit" verify gap.xml --store gap.db --trust exhibit-cert.pem >out 2>&1
grep -q 'made anew from the store: the same bytes' out ||
	fail "a report with gaps is not made anew: $(cat out)"

# ---- tables of the report and queries ----

ask() {
	"$exhibit" query --store fleet.db --now $now --format csv "$@" >out \
		2>err || [ $? = 1 ] || fail "query $*: $(cat err)"
}
says() {
	grep -qF -- "$1" out || fail "the answer lacks '$1': $(cat out)"
}
silent() {
	! grep -qF -- "$1" out || fail "the answer has '$1'"
}

ask ami-chain
says 'i-00000000000000001,prod,fips,ami-latest,latest,'
says ',pinned,'
says 'ami-fake,other,bottlerocket-aws-k8s-1.36-fips-x86_64-v1.62.0-abcdef01,999999999999,,cannot tell,'
says 'ami-gone,not found,'
ask aws-ami-chain
says '111122223333/us-east-1,prod,drift,BOTTLEROCKET_x86_64_FIPS,ami-al2023,older,amazon-eks-node-al2023-x86_64-standard-1.36-v20261001,no,1,1,0,0'
says '111122223333/us-east-1,prod,own,CUSTOM,ami-own,named,amazon-eks-al2023-fips-node-1.36-v20261001,cannot tell,1,1,1,0'
ask aws-eks
says "111122223333/us-east-1,dev,1.29,public: 0.0.0.0/0,AWS's own,none,CONFIG_MAP"
says '111122223333/us-east-1,old,1.27,public: 203.0.113.0/24,none,'
ask aws-iam
says '111122223333,role,node-bad,ec2.amazonaws.com,AdministratorAccess,wildcard,everything,'
says '111122223333,group,ops,its users: 1,run,escalation,run commands on instances,'
silent AmazonEKSWorkerNodePolicy
silent AmazonSSMManagedInstanceCore

# access entries of EKS, by their own policies and through RBAC
ask who-can --param verb=get --param resource=secrets
says 'IAM,arn:aws:iam::111122223333:role/admins,cluster,,access entry,AmazonEKSClusterAdminPolicy'
says 'IAM,arn:aws:iam::111122223333:role/team,namespace team-1,,access entry,AmazonEKSAdminPolicy'
silent 'role/team,cluster'
says 'User,ops,cluster,,ClusterRoleBinding/ops,ClusterRole/ops,,arn:aws:iam::111122223333:role/escalate,kube/prod'
says 'Group,escalators,cluster,,ClusterRoleBinding/ops,ClusterRole/ops,,arn:aws:iam::111122223333:role/escalate,kube/prod'
says 'Group,system:masters,cluster,,the authorizer lets it do everything,"",yes,arn:aws:iam::111122223333:user/eve,kube/prod'
ask who-can --param verb=list --param resource=pods
says 'IAM,arn:aws:iam::111122223333:role/team,cluster,,access entry,AmazonEKSViewPolicy'

"$exhibit" report --store fleet.db --now $now --unsigned --output report \
	>/dev/null 2>err || [ $? = 1 ] || fail "report: $(cat err)"
for text in 'AWS: from node groups and instances to images' \
	'AWS: EKS clusters and their settings' \
	'AWS: dangerous grants of IAM, and by which path'; do
	grep -qF "$text" report*/*.html report*.html 2>/dev/null ||
		fail "the report lacks the table '$text'"
done

[ "$failed" = 0 ] || exit 1
