#!/bin/sh
# What the checks say of data services, load balancers, trails and recorded
# calls, held to tests/fixtures/aws/data.rows; and that the tables of the report
# and the named queries have what they promise.
# usage: aws_data.sh EXHIBIT
set -u

exhibit=$(realpath "$1")
rows=$(realpath fixtures/aws/data.rows)
here=$(realpath .)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
cd "$dir" || exit 1

failed=0
fail() {
	echo "FAILED: $1" >&2
	failed=$((failed + 1))
}

awk -F'|' '
function cover(   k, list) {
	for (k in seen)
		list = list (list == "" ? "" : "\n") "\"" k "\""
	if (list != "") {
		printf "%s\n", list | "LC_ALL=C sort | paste -sd, >kinds"
		close("LC_ALL=C sort | paste -sd, >kinds")
		getline list <"kinds"
		close("kinds")
		printf "{\"coverage\":{\"calls\":1,\"collector\":\"%s\"," \
			"\"denied\":0,\"gaps\":[],\"kinds\":[%s]," \
			"\"outcome\":\"observed\",\"reason\":null,\"scope\":" \
			"\"%s\",\"subjects\":1}}\n", substr(scope, 1,
			index(scope, "/") - 1), list, scope >"rows.ndjson"
	}
	split("", seen)
}
/^#/ { next }
/^@/ { cover(); scope = substr($0, 3); next }
/^\|/ {
	printf "%s|%s|%s|%s|%s", scope, kind, key, $2, $3 >"expected"
	for (i = 4; i <= NF; i++)
		printf "|%s", $i >"expected"
	printf "\n" >"expected"
	next
}
{
	kind = $1; key = $2; seen[kind] = 1
	what = substr($0, length($1) + length($2) + 3)
	if (substr(what, 1, 1) == "!") {
		outcome = substr(what, 2, index(what, " ") - 2)
		reason = substr(what, index(what, " ") + 1)
		what = "{\"outcome\":\"" outcome "\",\"reason\":\"" reason "\"}"
	} else {
		what = "{\"attributes\":" what ",\"outcome\":\"observed\"}"
	}
	printf "{\"key\":\"%s\",\"kind\":\"%s\",\"observation\":%s," \
		"\"provenance\":{},\"scope\":\"%s\"}\n", key, kind, what, \
		scope >"rows.ndjson"
}
END { cover() }' "$rows"
[ "$(wc -l <expected)" -ge 200 ] || fail "the fixture holds too few verdicts"

echo 'now: 2026-11-23T11:00:00Z' >exhibit.yaml
"$exhibit" init --store s.db >/dev/null || exit 1
timeout 1800 "$exhibit" collect import rows.ndjson --store s.db >out 2>err ||
	{ fail "import"; cat out err; }
timeout 1800 "$exhibit" assess --store s.db >out 2>err
[ $? -eq 1 ] || { fail "assess: not status 1"; cat out err; }
sqlite3 -separator '|' s.db "SELECT scope, kind, key, check_id, verdict, reason
	FROM verdict WHERE check_id GLOB 'aws-*'" | sort >got
sort expected | diff -u - got || fail "verdicts differ"

# The same accounts refuse later: nothing of them counts.
. "$here/refuse_account.sh"
now=2026-11-23T12:00:00Z
cp s.db refused.db
refuse_account refused.db

# Take one column away from every row of a kind, in a copy of the fixture for
# each: nothing may become satisfied by it. Of those that are left alone,
# null has a meaning of its own (kept for ever; required; of no cluster).
sqlite3 less.db <<'END'
CREATE TABLE row(kind, scope, key, line);
CREATE TABLE attribute(kind, name);
CREATE TABLE text(line);
.mode ascii
.separator "\t" "\n"
.import rows.ndjson text
INSERT INTO row SELECT line ->> 'kind', line ->> 'scope', line ->> 'key', line
  FROM text WHERE line ->> 'kind' LIKE 'aws.%';
INSERT INTO attribute SELECT DISTINCT kind, a.key
  FROM row, json_each(line, '$.observation.attributes') a
 WHERE kind || ' ' || a.key NOT IN ('aws.log_group retention_days',
       'aws.elasticache_group transit_mode', 'aws.rds_instance cluster');
.once less.ndjson
SELECT json_set(CASE WHEN r.kind = a.kind
            THEN json_remove(r.line, '$.observation.attributes.' || a.name)
            ELSE r.line END, '$.scope', 'aws/' || substr(a.kind, 5) || '.' || a.name
            || substr(r.scope, 4))
  FROM attribute a, row r
 WHERE r.scope = (SELECT o.scope FROM row o WHERE o.kind = a.kind LIMIT 1);
SELECT 'copies', count(*) FROM attribute;
END
"$exhibit" init --store less.store >/dev/null || exit 1
timeout 1800 "$exhibit" collect import less.ndjson --store less.store \
	>out 2>err
timeout 1800 "$exhibit" assess --store less.store >out 2>err
[ $? -eq 1 ] || { fail "assess of copies: not status 1"; cat err; }
sqlite3 -separator '|' less.store "ATTACH 's.db' AS whole;
	SELECT v.check_id, v.key, substr(v.scope, 5), w.verdict, v.reason
	  FROM main.verdict v JOIN whole.verdict w ON w.check_id = v.check_id
	   AND w.kind = v.kind AND w.key = v.key
	   AND v.scope LIKE '%/' || substr(w.scope, 5)
	 WHERE v.verdict = 'satisfied' AND w.verdict IN ('not-satisfied', 'unknown')
	   AND v.check_id GLOB 'aws-*'" >better
[ -s better ] && { fail "less evidence, better verdicts"; head -40 better; }
[ "$(sqlite3 less.store "SELECT count(DISTINCT scope) FROM verdict")" -ge 90 ] ||
	fail "too few copies"

# row NAME TEXT: the named query has a row with these cells, in this order
ask() {
	timeout 1800 "$exhibit" query --store s.db --format csv "$1" |
		tr -d '\r' >"$1.csv" || fail "query $1"
}
row() {
	grep -qF -e "$2" "$1.csv" || { fail "$1 lacks: $2"; cat "$1.csv"; }
}
for query in encryption endpoints-used aws-at-rest aws-load-balancers \
	aws-trails aws-endpoints known-endpoints; do
	ask $query
done
key=arn:aws:kms:us-east-1:111122223333:key/k-rotated
row encryption "S3 buckets,good,key of KMS,$key,customer,"
row encryption "S3 buckets,no-block,key of KMS,alias/aws/s3,AWS,"
row encryption "S3 buckets,denied,not known,,,"
row encryption "SQS queues,plain,not encrypted,,,"
row encryption "DynamoDB tables,denied,denied,,,"
row aws-at-rest "EFS file systems,not encrypted,,1,1,fs-plain"
row aws-at-rest "log groups,keys of the service,,3,1,"
row aws-load-balancers "HTTPS,ELBSecurityPolicy-2016-08,classic,not FIPS,1.0 to 1.2,yes,not-satisfied,1,classic/old/443/HTTPS"
row aws-load-balancers "TLS,ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04,network,FIPS,1.3,,satisfied,1,net/443/TLS"
row aws-trails "trail/main,records,all,every region,signed,$key"
row aws-trails "denied,not known,not known,every region,,"
row endpoints-used "s3,us-east-1,s3.us-east-1.amazonaws.com,not a FIPS endpoint,s3-fips.us-east-1.amazonaws.com,TLSv1.3,"
row endpoints-used "eks,us-gov-west-1,eks.us-gov-west-1.amazonaws.com,listed,"
row endpoints-used "ec2,us-east-1,,called by AWS,"
row aws-endpoints "eks-auth,us-east-1,none is listed,"
row aws-endpoints "ecr,us-east-1,ecr-fips.us-east-1.amazonaws.com,function: FIPS (2); function: https://kms.us-east-1.amazonaws.com; workload: FIPS,api.ecr-fips.us-east-1.amazonaws.com (FIPS),"
row aws-endpoints "s3,us-east-1,"
row aws-endpoints "logs.s3-fips.us-east-1.amazonaws.com (FIPS); s3.us-east-1.amazonaws.com (not FIPS),\"s3-fips.us-east-1.amazonaws.com: TLS 1.3, TLS 1.2, a FIPS-only client gets TLS 1.3\""
row known-endpoints "web-1.us-east-1.elb.amazonaws.com:8443,listener of web in"
row known-endpoints "postgres://pg-forced.abc.us-east-1.rds.amazonaws.com:5432,database pg-forced in"
row known-endpoints "kms-fips.us-east-1.amazonaws.com,called for kms in"
timeout 1800 "$exhibit" report --store s.db --unsigned --output report >out 2>err ||
	[ $? -eq 1 ] || { fail "report"; cat err; }
grep -q 'AWS: what load balancers accept' report.html ||
	fail "the report lacks the load balancers"
grep -q 'AWS endpoints: configured, in fact called' report.html ||
	fail "the report lacks the endpoints"

exit $((failed > 0))
