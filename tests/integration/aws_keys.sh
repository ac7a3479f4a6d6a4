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

key() { # ID STATE SPEC ALIASES
	row aws.kms_key "$1" "\"aliases\":[$4],\"arn\":\"$arn:key/$1\",\"manager\":\"CUSTOMER\",\"origin\":\"AWS_KMS\",\"spec\":\"$3\",\"state\":\"$2\",\"unread\":{}"
}

volume() { # NAME KEY
	row aws.volume "vol-$1" "\"encrypted\":true,\"instances\":[],\"kms_key\":\"$2\""
}

evidence() { # RESULT of kms:ListKeys
	printf '{"coverage":{"calls":1,"collector":"aws","denied":0,"gaps":[],"kinds":["aws.call","aws.kms_key","aws.rds_instance","aws.secret","aws.sqs_queue","aws.volume"],"outcome":"observed","reason":"","scope":"%s","subjects":0}}\n' "$here"
	call kms ListKeys "$1"
	if [ "$1" = answered ]; then
		key $good Enabled SYMMETRIC_DEFAULT '"alias/app"'
		key 22222222-aaaa-4bbb-8ccc-222222222222 PendingDeletion SYMMETRIC_DEFAULT '"alias/dying"'
		key 33333333-aaaa-4bbb-8ccc-333333333333 Disabled SYMMETRIC_DEFAULT ''
		key 44444444-aaaa-4bbb-8ccc-444444444444 Enabled ECC_SECG_P256K1 ''
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
	row aws.sqs_queue q "\"kms_key\":\"alias/dying\",\"unread\":{}"
	row aws.secret s "\"deleted\":false,\"kms_key\":\"$arn:key/99999999-aaaa-4bbb-8ccc-999999999999\""
}

judge() { # RESULT: the verdicts go to got
	rm -f s.db*
	evidence "$1" >evidence
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
is aws-secret-key s not-satisfied "its key is none of those of $here"

judge denied
for v in arn id alias alias-arn dying disabled curve gone no-alias; do
	is aws-volume-encrypted vol-$v unknown 'its key could not be looked up'
done
is aws-volume-encrypted vol-own-of-aws satisfied
is aws-volume-encrypted vol-far satisfied
is aws-rds-encryption good unknown 'its key could not be looked up'
is aws-secret-key s unknown

[ $failed -eq 0 ]
