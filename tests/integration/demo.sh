#!/bin/sh
# exhibit demo: the invented quarter, its answers, and every command it says to
# try. usage: demo.sh EXHIBIT
set -eu

exhibit=$(realpath "$1")
data=$(cd "$(dirname "$0")/../../demo" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

"$exhibit" demo made >said 2>err || fail "$(cat err)"
"$exhibit" demo made >out 2>err && fail 'it makes a directory that is there'
grep -q 'made: File exists' err || fail "$(cat err)"
cd made

echo '== the answers'
# equal stretches of many nodes stand once in the answers, with their number
"$exhibit" query not-in-fips --period 2026Q3 --format csv | tr -d '\r' | sed 1d |
	sed -E 's/,[^,]*,[0-9]+,(.*)$/,\1/; s/ +$//' |
	awk -F, -v OFS='\t' '{ c = $6; for (i = 7; i <= NF; i++) c = c "," $i
		print $1, $2, $3, $4, $5, c }' >rows
gap='gap	2026-09-07T03:00:00Z	2026-09-11T03:00:00Z	96.0	'
{
	grep -v "^$gap" rows
	printf '%s* %s\t%s\n' "$gap" "$(grep -c "^$gap" rows)" \
		"$(grep "^$gap" rows | cut -f 6 | sort -u)"
} | sort >found
sed '/^#/d; /^state/d' "$data/answers.tsv" | sort >wanted
diff wanted found >&2 || fail 'the quarter does not have its answers'
# they stand in the report, each with its beginning and its end
while IFS='	' read -r _ from to _ node _; do
	[ "${node#\*}" = "$node" ] || continue
	for word in "$from" "$to" "$node"; do
		grep -qF "$word" ../made/2026Q3.html || fail "the report lacks $word of $node"
		grep -qF "$word" ../made/2026Q3.xml || fail "the XML lacks $word of $node"
	done
done <wanted

echo '== it says everywhere that it is invented'
for file in README.txt exhibit-cert.pem 2026Q2.html 2026Q2.xml 2026Q3.html 2026Q3.xml demo.log; do
	text=$file
	case $file in *.pem) openssl x509 -in $file -noout -subject >../text && text=../text ;; esac
	grep -qi invented "$text" || fail "$file does not say so"
done
"$exhibit" query "SELECT count(*) FROM subject WHERE scope NOT LIKE '%invented%'
	AND scope NOT LIKE 'aws/111122223333/%' AND scope NOT LIKE 'aws/444455556666/%'" \
	--format csv | sed -n 2p | tr -d '\r' >../text
[ "$(cat ../text)" = 0 ] || fail "$(cat ../text) items without an invented name"
if command -v unzip >/dev/null; then
	mkdir ../package
	unzip -q -o 2026Q3.asice -d ../package
	grep -qi invented ../package/report.html || fail 'the package does not say so'
fi

echo '== what is in it'
value() { "$exhibit" query "$1" --format csv | sed -n 2p | tr -d '\r'; }
[ "$(value "SELECT count(*) FROM subject WHERE kind = 'node'")" = 41 ] || fail 'not 41 nodes'
[ "$(value "SELECT count(DISTINCT scope) FROM subject WHERE kind = 'kube.cluster'")" = 2 ] || fail 'not two clusters'
[ "$(value "SELECT count(DISTINCT scope) FROM subject WHERE kind = 'aws.eks_cluster'")" = 2 ] || fail 'not two accounts'
[ "$(value "SELECT count(*) FROM ended")" = 180 ] || fail 'not 180 runs'
[ "$(value "SELECT count(*) FROM (SELECT ended, lag(ended) OVER (ORDER BY run) AS before FROM ended) WHERE ended <= before")" = 0 ] ||
	fail 'runs are not in order of time'
"$exhibit" except list --as-of 2026-09-30 --format csv | tr -d '\r' >../text
grep -q 'legacy-01' ../text || fail 'no exception'
[ "$(value "SELECT verdict FROM verdict WHERE check_id = 'tls-certificate'
	AND scope LIKE 'endpoint/portal.%'")" = not-satisfied ] ||
	fail 'the certificate that ended is not told'
[ "$(value "SELECT verdict FROM verdict WHERE check_id = 'tls-certificate'
	AND scope LIKE 'endpoint/api.%'")" = satisfied ] || fail 'the one that did not end is'

echo '== every command it says to try'
sed -n '/^exhibit /p' ../said >../commands
cmp -s ../commands "$data/try.txt" || fail 'other commands are printed'
[ "$(wc -l <../commands)" = 10 ] || fail 'not ten commands'
while read -r program line; do
	got=0
	# shellcheck disable=SC2086
	"$exhibit" $line >../out 2>../err </dev/null || got=$?
	[ $got -le 1 ] && [ -s ../out ] || fail "$program $line: status $got: $(cat ../err)"
	case $line in verify*) [ $got = 0 ] || fail "$line: $(cat ../out)" ;; esac
done <../commands

echo '== as another build would have written it'
# what is claimed of many at once is compared item by item, and nothing is left out
sed 's/\(name="exhibit" value="\)[^"]*"/\10.0.9+0123456789ab"/' 2026Q3.xml >other.xml
cmp -s 2026Q3.xml other.xml && fail 'no build is named'
sign_other() {
	openssl cms -sign -binary -nosmimecap -in "$1" -signer exhibit-cert.pem \
		-inkey exhibit-key.pem -cades -md sha384 -outform DER -out "$1.p7s"
}
sign_other other.xml
got=0
"$exhibit" verify other.xml --trust exhibit-cert.pem >../out 2>&1 || got=$?
[ $got = 1 ] && grep -q 'results and reasons are those of the store' ../out ||
	fail "another build: status $got: $(head -20 ../out)"
sed '/<observation /,/<\/observation>/s/name="verdict" value="not-satisfied"/name="verdict" value="satisfied"/' \
	other.xml >better.xml
sign_other better.xml
got=0
"$exhibit" verify better.xml --trust exhibit-cert.pem >../out 2>&1 || got=$?
[ $got = 3 ] && grep -q "is said to be 'satisfied'" ../out || fail "made better: status $got"

echo 'demo: ok'
