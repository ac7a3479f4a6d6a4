#!/bin/sh
# Every result of a package follows from its evidence by the stock sqlite3 shell
# alone: evidence of every collector that has some here, by three profiles; what is
# stale, what nobody could look at, and what was purged.
# usage: judge_sql.sh EXHIBIT
set -eu

exhibit=$1
fixtures=$(cd "$(dirname "$0")/../fixtures" && pwd)
for tool in sqlite3 unzip; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	[ ! -s out ] || sed 's/^/  out: /' out | head -30 >&2
	exit 1
}
does() { # ARG...: status 0 or 1
	"$exhibit" "$@" --store s.db >out 2>&1 || [ $? = 1 ] || fail "$*"
}
again() { # NAME: its results, made by sqlite3
	rm -rf t
	unzip -q "$1" -d t
	(cd t && sqlite3 -readonly evidence.db <judge.sql) >again.csv 2>out ||
		fail "$1: judge.sql"
}
same() { # NAME: none differs
	again "$1"
	diff again.csv t/csv/verdicts.csv >out || fail "$1: the results differ"
}

does key new --now 2026-06-01
does init --name s --now 2026-06-01
# old enough to be stale in the end
does collect import "$fixtures/node/al2-fips.ndjson" --now 2026-06-01T01:00:00Z
# what it was before is purged in the end
sed 's/"fips_enabled":1/"fips_enabled":0/' "$fixtures/node/rhel8-fips.ndjson" >was.ndjson
does collect import was.ndjson --now 2026-06-01T02:00:00Z
does assess --profile cmmc-l2 --now 2026-06-02
n=10
for lines in "$fixtures"/*/*.ndjson; do
	case $lines in */al2-fips.ndjson) continue ;; esac
	does collect import "$lines" --now "2026-09-01T$n:00:00Z"
	n=$((n + 1))
	[ $n -lt 24 ] || break
done
does collect config "$fixtures/config" --now 2026-09-02T01:00:00Z
does collect scap "$fixtures/scap/arf.xml" --now 2026-09-02T02:00:00Z
# the newest answer of a scope could not give a kind: what stands is not evidence
sed '/"kind":"node.crypto_policy"/d
	s/"gaps":\[\]/"gaps":[{"kind":"node.crypto_policy","outcome":"denied","reason":"not allowed to look"}]/' \
	"$fixtures/node/rhel9-fips.ndjson" >lines
sed "s/\"subjects\":[0-9]*/\"subjects\":$(grep -c '"key"' lines)/" lines >gap.ndjson
grep -q 'not allowed to look' gap.ndjson || fail "no gap was made"
does collect import gap.ndjson --now 2026-09-02T03:00:00Z
does assess --profile fedramp-moderate --now 2026-09-02T04:00:00Z
does package --output p.asice --now 2026-09-02T05:00:00Z
same p.asice
[ "$(cut -d , -f 1 again.csv | sort -u | wc -l)" = 4 ] || fail "not three profiles"
for verdict in satisfied not-satisfied unknown not-applicable; do
	grep -q ",$verdict," again.csv || fail "nothing is $verdict"
done
grep -q 'longer ago than the accepted' again.csv || fail "nothing is stale"
grep -q 'not allowed to look' again.csv || fail "no gap is told"
[ "$(wc -l <again.csv)" -gt 800 ] || fail "only $(wc -l <again.csv) results"

# the very thing it is for: evidence that says something else gives other results
sqlite3 t/evidence.db "DROP TRIGGER content_keep_update; UPDATE content SET body =
	replace(body, '\"fips_enabled\":1', '\"fips_enabled\":0')"
(cd t && sqlite3 -readonly evidence.db <judge.sql) >again.csv
diff again.csv t/csv/verdicts.csv >out && fail "other evidence, and the same results"
# and a view that lies is not asked
again p.asice
sqlite3 t/evidence.db "DROP VIEW subject; CREATE VIEW subject AS SELECT 1 AS id,
	'node' AS kind, 'host/x' AS scope, 'x' AS key; DROP VIEW node;
	CREATE VIEW node AS SELECT 'x' AS key"
(cd t && sqlite3 -readonly evidence.db <judge.sql) >again.csv
diff again.csv t/csv/verdicts.csv >out || fail "a lying view was read"

# a judgement whose evidence was purged since is told, and not said to be made again
does retain --older-than 2026-09-02 --now 2026-09-03
does package --output purged.asice --now 2026-09-04
same purged.asice
grep -q 'Evidence of this state was purged on 2026-09-03' t/judge.sql ||
	fail "nothing was purged"
grep -q '^cmmc-l2,' again.csv || fail "its results are not shown"
echo "$(wc -l <t/judge.sql) lines of SQL agree"
