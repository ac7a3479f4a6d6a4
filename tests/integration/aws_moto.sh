#!/bin/sh
# An account that moto_server plays, made by scripts, and what exhibit says of it,
# row by row. Each part in aws_moto/ makes its share of the account and names what
# it made; aws_moto/PART.verdicts are the rows written down of it.
# usage: aws_moto.sh EXHIBIT   (from tests/)
#
# A part is a shell file that is read in here. It has, besides curl:
#   query SERVICE VERSION NAME=VALUE...   form in, XML out (ec2, iam, ...)
#   rest SERVICE METHOD PATH [JSON]       JSON in and out (eks, ...)
#   json SERVICE TARGET JSON              JSON 1.1 (kms, logs, ...)
#   element NAME                          its first text in the XML on stdin
#   member NAME                           its first text in the JSON on stdin
#   called ID NAME                        in the rows ID is written NAME
# Rows are check|verdict|key|reason, sorted; of every check that a row of the part
# names, all rows are there. With EXHIBIT_UPDATE_FIXTURES=1 they are written anew, to
# be read by eye.
set -u

exhibit=$(realpath "$1")
parts=$(realpath integration/aws_moto)
for peer in moto_server curl; do
	command -v $peer >/dev/null || {
		echo "skipped: $peer is not installed"
		exit 77
	}
done
dir=$(mktemp -d)
server=
cleanup() {
	[ -z "$server" ] || kill "$server" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
cd "$dir" || exit 1
mkdir home

failed=0
fail() {
	echo "FAILED: $1" >&2
	failed=$((failed + 1))
}

# nothing may leave the machine by mistake
http_proxy=http://127.0.0.1:9 https_proxy=$http_proxy no_proxy=127.0.0.1
HTTP_PROXY=$http_proxy HTTPS_PROXY=$http_proxy NO_PROXY=$no_proxy
export http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY

# a port that was free a moment ago; another is tried when it is not any more
port=
start() {
	port=$((20000 + ($$ * 7 + $1 * 997) % 20000))
	AWS_ACCESS_KEY_ID=AKIAEXHIBIT AWS_SECRET_ACCESS_KEY=of-no-use \
		MOTO_IAM_LOAD_MANAGED_POLICIES=true moto_server -H 127.0.0.1 \
		-p $port >server.log 2>&1 &
	server=$!
	i=0
	while [ $i -lt 3000 ] && kill -0 $server 2>/dev/null; do
		curl -s -o /dev/null "http://127.0.0.1:$port/moto-api/" &&
			return 0
		sleep 0.25
		i=$((i + 1))
	done
	kill $server 2>/dev/null
	server=
	return 1
}
start 0 || start 1 || start 2 || {
	echo "skipped: moto_server does not start"
	exit 77
}
url=http://127.0.0.1:$port

scope() { # SERVICE: moto tells services by the signature's scope alone
	echo "Authorization: AWS4-HMAC-SHA256 Credential=AKIAEXHIBIT/20261101/us-east-1/$1/aws4_request, SignedHeaders=host, Signature=0"
}
sent() { # STATUS WHAT: what was answered, or the end of the test
	[ "$1" = 200 ] || [ "$1" = 201 ] || [ "$1" = 204 ] || {
		fail "moto refused $2: $(head -c 300 answer)"
		exit 1
	}
	cat answer
}
query() {
	service=$1 version=$2
	shift 2
	what="$service $1"
	for pair; do
		set -- "$@" --data-urlencode "$pair"
		shift
	done
	sent "$(curl -s -o answer -w '%{http_code}' -H "$(scope "$service")" \
		-d "Version=$version" "$@" "$url/")" "$what"
}
rest() {
	sent "$(curl -s -o answer -w '%{http_code}' -H "$(scope "$1")" \
		-H 'Content-Type: application/json' -X "$2" ${4+-d "$4"} \
		"$url$3")" "$1 $2 $3"
}
json() {
	sent "$(curl -s -o answer -w '%{http_code}' -H "$(scope "$1")" \
		-H 'Content-Type: application/x-amz-json-1.1' \
		-H "X-Amz-Target: $2" -d "$3" "$url/")" "$1 $2"
}
element() {
	grep -o "<$1>[^<]*" | head -1 | cut -d'>' -f2
}
member() {
	grep -o "\"$1\": *\"[^\"]*\"" | head -1 | cut -d'"' -f4
}
echo 's|key/[0-9a-f-]*|key/ID|g' >names
called() {
	[ -n "$1" ] || {
		fail "moto gave no id for $2"
		exit 1
	}
	echo "s|$1|$2|g" >>names
}

for part in "$parts"/*.sh; do
	# shellcheck disable=SC1090
	. "$part"
done

env -i HOME="$dir/home" PATH="$PATH" ASAN_OPTIONS="${ASAN_OPTIONS:-}" \
	AWS_ACCESS_KEY_ID=AKIAEXHIBIT AWS_SECRET_ACCESS_KEY=of-no-use \
	AWS_EC2_METADATA_DISABLED=true AWS_REGION=us-east-1 \
	timeout 1800 "$exhibit" audit aws --endpoint-url "$url" --store moto.db \
	--unsigned --output report --now 2026-11-24T00:00:00Z >out 2>err ||
	[ $? = 1 ] || fail "audit: $(cat err)"
sqlite3 moto.db "SELECT check_id, verdict, key, reason FROM verdict" |
	sed -f names | LC_ALL=C sort >rows

for part in "$parts"/*.sh; do
	want=${part%.sh}.verdicts
	cut -d'|' -f1 "$want" | sort -u >checks
	grep -F -f checks rows | awk -F'|' 'NR == FNR { own[$1]; next }
		$1 in own' checks - >got
	[ -z "${EXHIBIT_UPDATE_FIXTURES:-}" ] || cp got "$want"
	diff "$want" got >differ || {
		fail "$(basename "$want"): not the rows written down (< expected, > got)"
		cat differ >&2
	}
done
[ "$failed" = 0 ] || exit 1
