#!/bin/sh
# What a setting names as its key of KMS is looked up: a key that is not there, cannot
# be used or is not approved counts against whatever names it, by ARN, id or alias;
# where the keys were refused nothing is satisfied for naming one.
# usage: aws_keys.sh EXHIBIT   (from tests/)
set -u

exhibit=$(realpath "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
cd "$dir" || exit 1
now=2026-11-24T00:00:00Z
account=111122223333
here=aws/$account/us-east-1
arn=arn:aws:kms:us-east-1:$account
good=11111111-aaaa-4bbb-8ccc-111111111111
failed=0
fail() {
	echo "FAILED: $1" >&2
	failed=$((failed + 1))
}

row() { # KIND KEY ATTRIBUTES [SCOPE]
	printf '{"key":"%s","kind":"%s","observation":{"attributes":{%s},"outcome":"observed"},"provenance":{},"scope":"%s"}\n' \
		"$2" "$1" "$3" "${4:-$here}"
}

call() { # SERVICE OPERATION RESULT
	row aws.call "$1:$2" "\"endpoint\":\"listed\",\"error\":null,\"fips\":true,\"host\":\"h\",\"operation\":\"$2\",\"permission\":\"$1:$2\",\"result\":\"$3\",\"service\":\"$1\""
}

own="{\"action\":[\"kms:*\"],\"effect\":\"Allow\",\"principal\":{\"AWS\":[\"arn:aws:iam::$account:root\"]},\"resource\":[\"*\"]}"

key() { # ID STATE SPEC ALIASES [POLICY, a list of statements] [UNREAD] [MANAGER]
	row aws.kms_key "$1" "\"aliases\":[$4],\"arn\":\"$arn:key/$1\",\"manager\":\"${7:-CUSTOMER}\",\"origin\":\"AWS_KMS\",\"policy\":${5:-[$own]},\"spec\":\"$3\",\"state\":\"$2\",\"unread\":{${6:-}}"
}

allow() { # PRINCIPAL [CONDITION] [ACTION]: a statement beside that of the account
	printf '[%s,{"action":["%s"],"condition":{%s},"effect":"Allow","principal":{%s},"resource":["*"]}]' \
		"$own" "${3:-kms:Decrypt}" "${2:-}" "$1"
}

# NAME POLICY [UNREAD]: a key alias/NAME, and a volume vol-NAME under it
policies=0
policy() {
	policies=$((policies + 1))
	key "$(printf '%08d-cccc-4bbb-8ccc-000000000000' $policies)" Enabled SYMMETRIC_DEFAULT \
		"\"alias/$1\"" "$2" "${3:-}" "${4:-}"
	volume "$1" "alias/$1"
}

all_policies() {
	policy mine "[$own]"
	policy anyone "$(allow '"AWS":["*"]')"
	policy any-root "$(allow '"AWS":["arn:aws:iam::*:root"]')"
	policy any-action "$(allow '"AWS":["*"]' '' '*')"
	policy all-but "[$own,{\"action\":[\"kms:Decrypt\"],\"effect\":\"Allow\",\"not_principal\":{\"AWS\":[\"arn:aws:iam::$account:root\"]},\"resource\":[\"*\"]}]"
	policy not-action "[{\"not_action\":[\"kms:PutKeyPolicy\"],\"effect\":\"Allow\",\"principal\":{\"AWS\":[\"*\"]},\"resource\":[\"*\"]}]"
	policy by-service "$(allow '"AWS":["*"]' '"StringEquals":{"kms:ViaService":["s3.us-east-1.amazonaws.com"]}')"
	policy if-exists "$(allow '"AWS":["*"]' "\"StringEqualsIfExists\":{\"kms:CallerAccount\":[\"$account\"]}")"
	policy not-equal "$(allow '"AWS":["*"]' "\"StringNotEquals\":{\"kms:CallerAccount\":[\"$account\"]}")"
	policy any-arn "$(allow '"AWS":["*"]' '"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::*:role/app"]}')"
	policy limited "$(allow '"AWS":["*"]' "\"StringEquals\":{\"kms:CallerAccount\":[\"$account\"],\"kms:ViaService\":[\"ec2.us-east-1.amazonaws.com\"]}")"
	policy own-arn "$(allow '"AWS":["*"]' "\"ArnLike\":{\"aws:PrincipalArn\":[\"arn:aws:iam::$account:role/*\"]}")"
	policy reads "$(allow '"AWS":["*"]' '' kms:DescribeKey)"
	policy service "$(allow '"Service":["logs.us-east-1.amazonaws.com"]')"
	policy deleted "$(allow '"AWS":["AIDAJ45Q7YFFAREXAMPLE"]')"
	policy other "$(allow '"AWS":["arn:aws:iam::999988887777:role/app"]')"
	policy other-by-number "$(allow '"AWS":["999988887777"]')"
	policy other-by-condition "$(allow '"AWS":["*"]' '"StringEquals":{"aws:PrincipalAccount":["999988887777"]}')"
	policy known-other "$(allow '"AWS":["arn:aws:iam::444455556666:root"]')"
	policy organization "$(allow '"AWS":["*"]' '"StringEquals":{"aws:PrincipalOrgID":["o-abcde12345"]}')"
	policy any-org "$(allow '"AWS":["*"]' '"StringLike":{"aws:PrincipalOrgID":["*"]}')"
	policy federated "$(allow '"Federated":["cognito-identity.amazonaws.com"]')"
	policy denies "[$own,{\"action\":[\"kms:Decrypt\"],\"effect\":\"Allow\",\"principal\":{\"AWS\":[\"*\"]},\"resource\":[\"*\"]},{\"action\":[\"kms:*\"],\"condition\":{\"StringNotEquals\":{\"kms:CallerAccount\":[\"$account\"]}},\"effect\":\"Deny\",\"principal\":{\"AWS\":[\"*\"]},\"resource\":[\"*\"]}]"
	policy refused null '"Policy":"denied: AccessDeniedException"'
	policy nothing null
	policy of-aws null '"Policy":"denied: AccessDeniedException"' AWS
}

volume() { # NAME KEY
	row aws.volume "vol-$1" "\"encrypted\":true,\"instances\":[],\"kms_key\":\"$2\""
}

template() { # NAME VOLUMES
	row aws.launch_template "lt-$1 1" "\"name\":\"$1\",\"volumes\":[$2]"
}

evidence() { # RESULT of kms:ListKeys
	printf '{"coverage":{"calls":1,"collector":"aws","denied":0,"gaps":[],"kinds":["aws.call","aws.kms_key","aws.rds_instance","aws.secret","aws.sqs_queue","aws.volume"],"outcome":"observed","reason":"","scope":"%s","subjects":0}}\n' "$here"
	call kms ListKeys "$1"
	call ec2 DescribeVolumes "${2:-answered}"
	if [ "$1" = answered ]; then
		key $good Enabled SYMMETRIC_DEFAULT '"alias/app"'
		key 22222222-aaaa-4bbb-8ccc-222222222222 PendingDeletion SYMMETRIC_DEFAULT '"alias/dying"'
		key 33333333-aaaa-4bbb-8ccc-333333333333 Disabled SYMMETRIC_DEFAULT ''
		key 44444444-aaaa-4bbb-8ccc-444444444444 Enabled ECC_SECG_P256K1 ''
		key 55555555-aaaa-4bbb-8ccc-555555555555 Enabled SYMMETRIC_DEFAULT ''
		all_policies
		row aws.scope 444455556666/us-east-1 '"account":"444455556666","region":"us-east-1"' \
			aws/444455556666/us-east-1
	fi
	volume arn "$arn:key/$good"
	volume id $good
	volume alias alias/app
	volume alias-arn "$arn:alias/app"
	volume dying "$arn:alias/dying"
	volume disabled "$arn:key/33333333-aaaa-4bbb-8ccc-333333333333"
	volume curve 44444444-aaaa-4bbb-8ccc-444444444444
	volume gone "$arn:key/99999999-aaaa-4bbb-8ccc-999999999999"
	volume no-alias alias/nobody
	volume own-of-aws alias/aws/ebs
	volume far "arn:aws:kms:us-east-1:999988887777:key/$good"
	row aws.rds_instance db "\"engine\":\"postgres\",\"kms_key\":\"$arn:alias/dying\",\"storage_encrypted\":true"
	row aws.rds_instance good "\"engine\":\"postgres\",\"kms_key\":\"$arn:key/$good\",\"storage_encrypted\":true"
	template good "{\"device\":\"/dev/xvda\",\"encrypted\":true,\"kms_key\":\"alias/app\"}"
	template dying "{\"device\":\"/dev/xvda\",\"encrypted\":true,\"kms_key\":\"alias/dying\"}"
	template second "{\"device\":\"/dev/xvda\",\"encrypted\":true,\"kms_key\":\"alias/app\"},{\"device\":\"/dev/xvdb\",\"encrypted\":true,\"kms_key\":\"alias/dying\"}"
	template lost "{\"device\":\"/dev/xvda\",\"encrypted\":true,\"kms_key\":\"alias/app\"},{\"device\":\"/dev/xvdb\",\"encrypted\":true,\"kms_key\":\"alias/nobody\"}"
	row aws.ebs_default ebs "\"encrypted\":true,\"kms_key\":\"$arn:alias/dying\",\"unread\":{}"
	row aws.ebs_default ebs '"encrypted":true,"kms_key":"alias/aws/ebs","unread":{}' aws/$account/us-west-1
	row aws.ebs_default ebs '"encrypted":true,"unread":{"key":"denied: AccessDenied"}' aws/$account/us-west-2
	row aws.sqs_queue q "\"kms_key\":\"alias/dying\",\"unread\":{}"
	row aws.secret s "\"deleted\":false,\"kms_key\":\"$arn:key/99999999-aaaa-4bbb-8ccc-999999999999\""
}

judge() { # RESULT [RESULT of ec2:DescribeVolumes]: the verdicts go to got
	rm -f s.db*
	evidence "$@" >evidence
	"$exhibit" init --store s.db --now $now >/dev/null || exit 1
	"$exhibit" collect import evidence --store s.db --now $now >/dev/null 2>err ||
		[ $? = 1 ] || { cat err >&2; exit 1; }
	"$exhibit" assess --store s.db --now $now >/dev/null 2>err ||
		[ $? = 1 ] || { cat err >&2; exit 1; }
	sqlite3 -separator '|' s.db "SELECT check_id, key, verdict, reason FROM verdict" >got
}

is() { # CHECK KEY VERDICT [TEXT]
	grep "^$1|$2|$3|" got | grep -qF -e "${4:-}" ||
		fail "$1 $2: not $3 '${4:-}': $(grep "^$1|$2|" got)"
}

judge answered
for v in arn id alias alias-arn own-of-aws far; do
	is aws-volume-encrypted vol-$v satisfied
done
is aws-volume-encrypted vol-dying not-satisfied 'its key is marked for deletion'
is aws-volume-encrypted vol-disabled not-satisfied 'its key is disabled'
is aws-volume-encrypted vol-curve not-satisfied 'which is not approved'
is aws-volume-encrypted vol-gone not-satisfied "its key is none of those of $here"
is aws-volume-encrypted vol-no-alias not-satisfied "its key is none of those of $here"
is aws-rds-encryption db not-satisfied 'its key is marked for deletion'
is aws-rds-encryption good satisfied 'encrypted with a key of KMS'
is aws-sqs-encryption q not-satisfied 'its key is marked for deletion'
is aws-template-volumes 'lt-good 1' satisfied
is aws-template-volumes 'lt-dying 1' not-satisfied 'its key is marked for deletion'
is aws-template-volumes 'lt-second 1' not-satisfied 'its key is marked for deletion'
is aws-template-volumes 'lt-lost 1' not-satisfied "its key is none of those of $here: alias/nobody"
grep '^aws-ebs-default|ebs|' got | cut -d'|' -f3- | sort >ebs
printf '%s\n' 'not-satisfied|on, but its key is marked for deletion' \
	'satisfied|on, under alias/aws/ebs' 'unknown|on, but its key could not be read' |
	sort | diff - ebs >&2 || fail "aws-ebs-default"
is aws-secret-key s not-satisfied "its key is none of those of $here"


# who uses a key; that nobody does is said only where every list was answered
users() { # KEY TEXT
	"$exhibit" query key-users --store s.db --now $now --format csv 2>/dev/null |
		grep -F "$1" | grep -qF -e "$2" || fail "key-users: $1 without '$2'"
}
for v in aws.volume,$here,vol-id aws.launch_template,$here,lt-good aws.rds_instance,$here,good; do
	users $good "$v"
done
users 22222222-aaaa-4bbb-8ccc-222222222222 aws.ebs_default
users 55555555-aaaa-4bbb-8ccc-555555555555 'nothing that was collected'

# who may use the key, by its policy: whatever names it, and the key itself
reach() { # NAME, VERDICT of the volume, TEXT, VERDICT of the key, TEXT
	is aws-volume-encrypted "vol-$1" "$2" "$3"
	id=$(grep -F "\"alias/$1\"" evidence | grep -F '"kind":"aws.kms_key"' | sed 's/^{"key":"\([^"]*\)".*/\1/')
	is aws-kms-policy "$id" "$4" "$5"
}
for v in anyone any-root any-action all-but not-action by-service if-exists not-equal any-arn any-org; do
	reach $v not-satisfied 'its key may be used by every account of AWS' \
		not-satisfied 'permits every account of AWS'
done
for v in mine limited own-arn reads service deleted; do
	reach $v satisfied "encrypted under key alias/$v" satisfied 'permits its own account alone'
	grep -q "^aws-volume-encrypted|vol-$v|.*may be used" got && fail "$v: a note"
done
for v in other other-by-number other-by-condition; do
	reach $v satisfied 'its key may be used by account 999988887777' \
		not-satisfied 'permits another account: 999988887777'
done
reach known-other satisfied 'its key may be used by account 444455556666' satisfied 'that are collected: 444455556666'
reach organization satisfied 'its key may be used by organization o-abcde12345' unknown 'o-abcde12345'
reach federated unknown 'unknown account: Federated cognito-identity.amazonaws.com' unknown 'unknown account'
reach denies unknown 'except for what a Deny' unknown 'a Deny takes some of that away'
reach refused unknown 'could not be read: denied: AccessDeniedException' unknown 'could not be read: denied'
reach nothing unknown 'could not be read: no policy in the answer' unknown 'could not be read'
reach of-aws satisfied 'encrypted under key alias/of-aws' unknown 'could not be read: denied'

judge answered denied
users 55555555-aaaa-4bbb-8ccc-555555555555 'could not determine: not every list of this account answered'

judge denied
for v in arn id alias alias-arn dying disabled curve gone no-alias; do
	is aws-volume-encrypted vol-$v unknown 'its key could not be looked up'
done
is aws-volume-encrypted vol-own-of-aws satisfied
is aws-volume-encrypted vol-far satisfied
for v in good dying second lost; do
	is aws-template-volumes "lt-$v 1" unknown 'its key could not be looked up'
done
is aws-rds-encryption good unknown 'its key could not be looked up'
is aws-secret-key s unknown

[ $failed -eq 0 ]
