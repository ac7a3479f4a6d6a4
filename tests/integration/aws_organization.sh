#!/bin/sh
# An organization asked in one run: its accounts by role, the regions that each has
# enabled, external ids, what is left out, who refuses; and that nothing is lost where
# accounts or regions cannot be listed. Against a server of our own that checks every
# signature.
# usage: aws_organization.sh EXHIBIT AWS_SERVER   (from tests/)
set -u

exhibit=$(realpath "$1") server=$(realpath "$2")
dir=$(mktemp -d)
pid=
cleanup() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
cd "$dir" || exit 1
mkdir home org
failed=0
fail() {
	echo "FAILED: $1" >&2
	failed=$((failed + 1))
}

serve() { # FOLDER
	[ -z "$pid" ] || {
		kill "$pid"
		wait "$pid" 2>/dev/null
	}
	: >log
	: >port
	"$server" "$1" log >port &
	pid=$!
	i=0
	while [ ! -s port ] && [ $i -lt 3000 ]; do sleep 0.05; i=$((i + 1)); done
	port=$(cat port)
}

# ---- the organization ----

answer() { # NAME: its body is standard input
	{
		printf 'HTTP/1.1 %s X\nContent-Type: application/x-amz-json-1.1\n\n' "${2:-200}"
		cat
	} >"org/$1"
}

# who takes a role says who is asked next; accounts are identified one after another
cat >org/assume.script <<'END'
body=$(cat)
n=$(echo "$body" | sed -n 's/.*RoleArn=arn%3Aaws%3Aiam%3A%3A\([0-9]*\)%3Arole%2F.*/\1/p')
case $body in
*role%2Faudit%2Fexhibit*) ;;
*) n= ;;
esac
case $n in
210000000003 | '') bad=1 ;;
210000000002) case $body in *ExternalId=right-02*) ;; *) bad=1 ;; esac ;;
*) case $body in *ExternalId=*) bad=1 ;; esac ;;
esac
if [ -n "${bad:-}" ]; then
	printf 'HTTP/1.1 403 X\nContent-Type: text/xml\n\n'
	printf '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>'
	exit
fi
echo "$n" >last
printf 'HTTP/1.1 200 OK\nContent-Type: text/xml\n\n'
printf '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXHIBITTESTROLE1</AccessKeyId><SecretAccessKey>secret/of+the/role</SecretAccessKey><SessionToken>token/of+the/role==</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>' "$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)"
END
cat >org/whoami.script <<'END'
n=$(cat last 2>/dev/null || echo 100000000000)
printf 'HTTP/1.1 200 OK\nContent-Type: text/xml\n\n'
printf '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::%s:assumed-role/exhibit/exhibit</Arn><UserId>AROA1</UserId><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>' "$n" "$n"
END
echo '!run sh assume.script' >org/sts.AssumeRole
echo '!run sh whoami.script' >org/sts.GetCallerIdentity
account() { # NUMBER NAME STATE PATH
	printf '{"Id":"%s","Arn":"arn:aws:organizations::100000000000:account/o-abc/%s","Email":"a@example.com","Name":"%s","State":"%s","Paths":["o-abc/r-x/%s"]}' \
		"$1" "$1" "$2" "$3" "$4"
}
printf '{"Accounts":[%s,%s,%s],"NextToken":"more"}' \
	"$(account 100000000000 management ACTIVE '')" \
	"$(account 210000000001 'payroll prod' ACTIVE ou-a-prod/)" \
	"$(account 210000000002 external ACTIVE ou-a-prod/ou-b-inner/)" |
	answer organizations.ListAccounts
printf '{"Accounts":[%s,%s,%s]}' \
	"$(account 210000000003 closed-door ACTIVE ou-a-prod/)" \
	"$(account 210000000004 left SUSPENDED ou-a-prod/)" \
	"$(account 210000000005 sandbox ACTIVE ou-c-play/)" |
	answer organizations.ListAccounts@more
for unit in ou-a-prod ou-b-inner ou-c-play; do
	printf '{"OrganizationalUnit":{"Id":"%s","Arn":"arn:aws:organizations::100000000000:ou/o-abc/%s","Name":"name of %s","Path":"o-abc/r-x/%s/"}}' \
		$unit $unit $unit $unit |
		answer "organizations.DescribeOrganizationalUnit#$unit"
done
regions() {
	printf '<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><regionInfo>'
	for r in us-east-1,opt-in-not-required us-west-2,opted-in af-south-1,not-opted-in; do
		printf '<item><regionName>%s</regionName><regionEndpoint>e</regionEndpoint><optInStatus>%s</optInStatus></item>' \
			"${r%,*}" "${r#*,}"
	done
	printf '</regionInfo></DescribeRegionsResponse>'
}
regions | answer ec2.DescribeRegions
echo '{"Keys":[],"Truncated":false}' | answer kms.ListKeys

# ---- asking ----

ask() { # STATUS ARGS
	want=$1
	shift
	rm -f org/last
	env -i HOME="$dir/home" PATH="$PATH" ASAN_OPTIONS="${ASAN_OPTIONS:-}" \
		AWS_EC2_METADATA_DISABLED=true \
		AWS_ACCESS_KEY_ID=AKIAEXHIBITTEST00001 \
		AWS_SECRET_ACCESS_KEY=secret/of+the/first+key \
		timeout 1800 "$exhibit" collect aws --endpoint-url "http://127.0.0.1:$port" \
		--services kms "$@" >out 2>err
	got=$?
	[ $got = "$want" ] || fail "status $got, not $want, of $*: $(head -c 600 err)"
}
scopes() { # OUTCOME: the scopes that have it, one a line
	grep '"kind":"aws.scope"' out | grep "\"outcome\":\"$1\"" |
		sed 's/^{"key":"\([^"]*\)".*/\1/' | sort
}
are() { # OUTCOME SCOPE...
	outcome=$1
	shift
	scopes "$outcome" >got
	printf '%s\n' "$@" | grep . | sort | diff - got >differ ||
		fail "scopes that are $outcome (< expected): $(cat differ)"
}
has() { # KEY KIND TEXT
	grep -F "\"key\":\"$1\",\"kind\":\"$2\"" out | grep -qF -e "$3" ||
		fail "$2 $1 lacks $3"
}
org='--organization --role-name audit/exhibit --external-ids ids'
printf '# by account\n210000000002, right-02\n\n' >ids

serve org
# shellcheck disable=SC2086
ask 0 --emit $org --regions all
are observed 100000000000/global 100000000000/us-east-1 100000000000/us-west-2 \
	210000000001/global 210000000001/us-east-1 210000000001/us-west-2 \
	210000000002/global 210000000002/us-east-1 210000000002/us-west-2 \
	210000000005/global 210000000005/us-east-1 210000000005/us-west-2
are denied 210000000003/global
has 210000000001 aws.account '"name":"payroll prod"'
has 210000000001 aws.account '"paths":["o-abc/r-x/ou-a-prod/"]'
has 210000000004 aws.account '"state":"SUSPENDED"'
for unit in ou-a-prod ou-b-inner ou-c-play; do
	has $unit aws.organizational_unit "\"name\":\"name of $unit\""
done
has af-south-1 aws.region '"status":"not-opted-in"'
[ "$(grep -c '"kind":"aws.account","observation"' out)" -eq 6 ] || fail 'accounts'
grep -v ' signed$' log && fail 'a request was not signed'
grep -qE 'right-02|a@example' out err && fail 'an external id or address was told'
[ "$(grep -c 'kms.ListKeys us-west-2 ' log)" = 4 ] || fail 'us-west-2 was not asked four times'
grep -q 'kms.ListKeys af-south-1' log && fail 'a region that is off was asked'

# chosen, and not
# shellcheck disable=SC2086
ask 0 --emit $org --regions us-west-2 --except-accounts 210000000003,210000000005,100000000000
are observed 100000000000/global 210000000001/global 210000000001/us-west-2 \
	210000000002/global 210000000002/us-west-2
are denied
[ "$(grep -c 'kms.ListKeys' log)" -ge 1 ] || fail 'nothing was asked'
grep '"scope":"aws/100000000000/global"' out | grep '"key":"kms:' &&
	fail 'an account that was left out was asked'
# shellcheck disable=SC2086
ask 0 --emit $org --regions us-east-1 --accounts 210000000001,219999999999
are observed 100000000000/global 210000000001/global 210000000001/us-east-1 \
	219999999999/global 219999999999/us-east-1
ask 0 --emit --role-name audit/exhibit --regions us-east-1 --accounts 210000000005,210000000003
are observed 210000000005/global 210000000005/us-east-1
are denied 210000000003/global 210000000003/us-east-1

# what makes no sense, and a region that is mistyped, before anything is asked
: >log
for args in '--organization' '--role-name r' '--accounts 210000000001' \
	'--except-accounts 210000000001' \
	'--role-arns arn:aws:iam::210000000001:role/r --organization --role-name r' \
	'--role-name r --accounts 21' '--role-name r --accounts 210000000001 --external-ids nowhere'; do
	# shellcheck disable=SC2086
	ask 2 --emit --regions us-east-1 $args
done
[ ! -s log ] || fail "asked before the options were read: $(cat log)"
env -i HOME="$dir/home" PATH="$PATH" AWS_ACCESS_KEY_ID=A AWS_SECRET_ACCESS_KEY=b \
	AWS_EC2_METADATA_DISABLED=true "$exhibit" collect aws --emit --regions us-east-1,us-esat-2 >out 2>err
[ $? = 2 ] || fail 'a mistyped region: status'
grep -q "no region 'us-esat-2'.*did you mean us-east-2?" err || fail "a mistyped region: $(cat err)"
[ ! -s out ] || fail 'a mistyped region: something was asked'

# ---- what cannot be listed loses nothing ----

now() { printf '2026-11-2%sT00:00:00Z' "$1"; }
"$exhibit" init --store s.db --now "$(now 4)" >/dev/null || fail init
# shellcheck disable=SC2086
ask 1 --store s.db --now "$(now 5)" $org --regions all
sqlite3 s.db "SELECT count(*) FROM state WHERE kind = 'aws.scope' AND run = 1" >n
[ "$(cat n)" = 13 ] || fail "$(cat n) scopes in the store"

of_store() { # TEXT: scopes that are unknown in every check by that reason
	"$exhibit" assess --store s.db --now "$1" >/dev/null 2>&1
	sqlite3 s.db "SELECT key FROM verdict WHERE kind = 'aws.scope' AND verdict = 'unknown'
		AND check_id = 'aws-kms-state' AND instr(reason, '$2') > 0" | sort
}
printf '{"__type":"AccessDeniedException","Message":"no"}' | answer organizations.ListAccounts 400
# shellcheck disable=SC2086
ask 1 --store s.db --now "$(now 6)" $org --regions all
of_store "$(now 6)" 'could not be listed' >got
printf '%s\n' 210000000001/global 210000000001/us-east-1 210000000001/us-west-2 \
	210000000002/global 210000000002/us-east-1 210000000002/us-west-2 210000000003/global \
	210000000005/global 210000000005/us-east-1 210000000005/us-west-2 |
	diff - got >&2 || fail 'accounts that could not be listed are not unknown'

printf '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>' |
	answer ec2.DescribeRegions 403
# shellcheck disable=SC2086
ask 1 --store s.db --now "$(now 7)" --regions all
of_store "$(now 7)" 'which regions are enabled could not be determined' >got
printf '%s\n' 100000000000/all 100000000000/us-east-1 100000000000/us-west-2 |
	diff - got >&2 || fail 'regions that could not be listed are not unknown'

# ---- many ----

i=0
while [ $i -lt 130 ]; do
	printf '%s' "${sep:-}"
	account "$((220000000000 + i))" "n$i" ACTIVE ou-a-prod/
	sep=,
	i=$((i + 1))
done >list
printf '{"Accounts":[%s]}' "$(cat list)" | answer organizations.ListAccounts
# shellcheck disable=SC2086
ask 0 --emit $org --regions us-east-1,us-east-2,us-west-1,us-west-2
[ "$(scopes observed | wc -l)" -eq 655 ] || fail "$(scopes observed | wc -l) scopes of 131 accounts"

[ $failed -eq 0 ]
