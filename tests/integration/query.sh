#!/bin/sh
# exhibit query: what it answers, as of when, and everything it refuses.
# usage: query.sh EXHIBIT
set -eu

exhibit=$1
script=$(cd "$(dirname "$0")" && pwd)/query.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
store=$dir/s.db
esc=$(printf '\033')

fail() {
	echo "FAILED: $1" >&2
	[ ! -s "$dir/out" ] || sed 's/^/  out: /' "$dir/out" | head -20 >&2
	[ ! -s "$dir/err" ] || sed 's/^/  err: /' "$dir/err" | head -5 >&2
	exit 1
}

# ask ARG...: must answer with status 0
ask() {
	"$exhibit" query --store "$store" --now 2026-12-01T00:00:00Z "$@" \
		>"$dir/out" 2>"$dir/err" || fail "query $*: status $?"
}
# says TEXT: the answer holds it
says() {
	grep -qF -- "$1" "$dir/out" || fail "the answer lacks '$1'"
}
silent() {
	! grep -qF -- "$1" "$dir/out" || fail "the answer holds '$1'"
}
# refuses STATUS TEXT ARG...: must fail so, and say why
refuses() {
	status=$1 text=$2
	shift 2
	set +e
	timeout 1800 "$exhibit" query --store "$store" "$@" >"$dir/out" \
		2>"$dir/err"
	got=$?
	set -e
	[ $got = "$status" ] || fail "query $*: status $got, not $status"
	grep -qF -- "$text" "$dir/err" || fail "query $*: does not say '$text'"
}

# ---- evidence: three runs over two hosts, one of them hostile ----

coverage() { # HOST OUTCOME REASON GAPS [SUBJECTS]
	printf '{"coverage":{"calls":3,"collector":"node","denied":0,"gaps":[%s],"kinds":["node","node.boot","node.bottlerocket","node.crypto_policy","node.file","node.instance","node.library","node.openssl","node.package","node.pro_service","node.provider"],"outcome":"%s","reason":%s,"scope":"host/%s","subjects":%s}}\n' \
		"$4" "$2" "$3" "$1" "${5:-2}"
}
observed() { # KIND HOST KEY ATTRIBUTES
	printf '{"key":"%s","kind":"%s","observation":{"attributes":{%s},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/%s"}\n' \
		"$3" "$1" "$4" "$2"
}
keep() { # TIME FILE
	"$exhibit" collect import "$2" --store "$store" --now "$1" \
		>"$dir/out" 2>"$dir/err" || [ $? = 1 ] || fail "import $2"
}
{
	observed node web-1 web-1 '"fips_enabled":0,"kernel_release":"5.14","live":true,"os_pretty":"RHEL 9"'
	observed node.package web-1 openssl:x86_64 '"arch":"x86_64","manager":"rpm","name":"openssl","version":"3.0.1"'
	coverage web-1 observed null ''
} >run1
{
	observed node web-1 web-1 '"fips_enabled":1,"kernel_release":"5.14","live":true,"os_pretty":"RHEL 9"'
	coverage web-1 observed null '{"kind":"node.boot","outcome":"denied","reason":"open: Permission denied"}' 1
	observed node web-2 web-2 '"fips_enabled":0,"kernel_release":"-1+cmd|calc","os_pretty":"=HYPERLINK(\"http://x\",\"a,b\")"'
	observed node.file web-2 '@SUM(A1)' '"target":"\\u001b[31mred\\u009b2J\\u202e\\u0007"'
	coverage web-2 observed null ''
} | sed 's/\\\\u/\\u/g' >run2
{
	coverage web-2 unreachable '"Connection refused"' '' 0
} >run3

# ---- an empty store, and none ----

refuses 2 "there is no store" nodes
"$exhibit" init --store "$store" --name test --now 2026-01-01T00:00:00Z \
	>/dev/null
ask --list
names=$(sed -n '3,$s/ .*//p' out)
[ "$(echo "$names" | wc -l)" -ge 12 ] || fail "too few named queries"
for name in $names; do
	case $name in answer | certificates | in-process | profile) # of no evidence
		ask "$name"
		silent "(none)"
		continue
		;;
	esac
	# each format in turn: how rows are written is not the query's
	turn=$(((${turn:-0} + 1) % 3))
	case $turn in
	0)
		ask "$name"
		says "(none)"
		;;
	1)
		ask "$name" --format json
		[ "$(cat out)" = "[]" ] || fail "$name of an empty store as JSON"
		;;
	2)
		ask "$name" --format csv
		[ "$(wc -l <out)" = 1 ] || fail "$name of an empty store as CSV"
		;;
	esac
done
refuses 2 "no run" nodes --as-of 1
refuses 2 "no run" nodes --as-of 2026-09-01

# ---- answers, now and then ----

keep 2026-09-01T10:00:00Z run1
keep 2026-10-01T10:00:00Z run2
keep 2026-11-01T10:00:00Z run3
"$exhibit" report --store "$store" --now 2026-11-01T11:00:00Z --unsigned --max-age 0 \
	>"$dir/out" 2>"$dir/err" || [ $? = 1 ] || fail "report"
sha256sum "$store" >before

for name in $names; do
	ask "$name"
	! grep -q "$esc" out || fail "$name: a control character in the table"
	ask "$name" --format csv
	! grep -q "$esc" out || fail "$name: a control character in CSV"
	! grep -v "$(printf '\r')\$" out >/dev/null ||
		fail "$name: a line of CSV without CR LF"
	ask "$name" --format json
	! grep -q "$esc" out || fail "$name: a control character in JSON"
done
ask nodes
says web-1
says web-2
ask nodes --as-of 1
says web-1
silent web-2
ask "SELECT fips_enabled FROM node WHERE key = 'web-1'" --format csv
[ "$(tr -d '\r' <out | tail -1)" = 1 ] || fail "now web-1 is on"
for then in 1 2026-09-01 2026-09-30 2026-09-01T10:00:00Z; do
	ask "SELECT fips_enabled FROM node WHERE key = 'web-1'" --format csv \
		--as-of $then
	[ "$(tr -d '\r' <out | tail -1)" = 0 ] ||
		fail "as of $then web-1 was off"
done
refuses 2 "no run" nodes --as-of 2026-08-31
refuses 2 "no run" nodes --as-of 99
refuses 2 "neither a run's number nor a UTC date" nodes --as-of yesterday
ask "SELECT :run AS r, :at AS t" --as-of 2026-10-15 --format csv
[ "$(tr -d '\r' <out | tail -1)" = 2,2026-10-15T23:59:59Z ] ||
	fail ":run and :at"

ask runs --format csv
[ "$(sed -n '2,$p' out | cut -d, -f1,3,4 | tr '\n' ' ')" = \
	"3,2026-11-01T10:00:00Z,partial 2,2026-10-01T10:00:00Z,partial 1,2026-09-01T10:00:00Z,complete " ] ||
	fail "runs, newest first"
ask coverage
says unreachable
says "Connection refused"
ask coverage --as-of 1
silent web-2
ask gaps
says node.boot
says "Permission denied"
ask gaps --as-of 1
says "(none)"
ask packages --as-of 1
says 3.0.1
# a complete answer of run 2 no longer had the package
ask packages
says "(none)"
ask history --format csv
head -2 out | tail -1 | grep -q '^2,' || fail "history, newest first"
says gone
ask history --as-of 1
silent gone
ask history --param kind=node.package --param scope='host/web-*'
says openssl
silent fips
ask who-first-last --format csv
grep -q '^node,host/web-1,web-1,1,2026-09-01T10:00:00Z,2,2026-10-01T10:00:00Z,present' out ||
	fail "web-1: first and last seen"
grep -q '^node,host/web-2,web-2,2,2026-10-01T10:00:00Z,2,2026-10-01T10:00:00Z,present' out ||
	fail "web-2: an unreachable host was not seen"
grep -q '^node.package,host/web-1,openssl:x86_64,1,.*,2,.*,gone' out ||
	fail "openssl: gone"
ask files
says '@SUM(A1)'
ask modules
says kernel
ask verdicts --param scope=host/web-1 --param check=node-fips-on
says satisfied
silent web-2
ask findings
says node-fips-on
silent unknown
ask unknown
says node-module-active
silent "not-satisfied"
ask findings --as-of 1 # nothing was judged as of then
says "(none)"
ask 'SELECT :a + 1 AS b' --param a=41
says 42

# ---- what a spreadsheet, a terminal or a program gets ----

ask "SELECT os_pretty, kernel_release, fips_enabled, -5 AS n, -0.5 AS r,
	'+1' AS plus, char(9) || 'x' AS tab, char(13) AS cr, 'a' || char(10) ||
	'b' AS lf, '' AS empty, NULL AS nil, '＝1' AS wide, 'plain' AS plain
	FROM node WHERE key = 'web-2'" --format csv
printf '"'"'"'=HYPERLINK(""http://x"",""a,b"")",'"'"'-1+cmd|calc,0,-5,-0.5,'"'"'+1,'"'"'\tx,"'"'"'\r","a\nb","",,'"'"'＝1,plain\r\n' >want
tail -n +2 out | cmp -s - want || fail "CSV cells that act"
ask "SELECT 'x' AS \"=1\"" --format csv
[ "$(head -1 out | tr -d '\r')" = "'=1" ] || fail "a heading that acts"
ask "SELECT key, target FROM node_file" --format csv
says "'@SUM(A1)"
says '\x1b[31mred\xc2\x9b2J'
ask "SELECT key, target, NULL AS x FROM node_file"
says '\x1b[31mred\xc2\x9b2J\xe2\x80\xae\x07'
says '  -'
ask "SELECT target FROM node_file" --format json
says '\u001b[31mred\u009b2J'
ask "SELECT 1 AS i, 0.5 AS r, NULL AS n, 'a\"b\\c' AS t, x'00ff' AS b,
	9007199254740993 AS big, cast(x'ff41' AS text) AS bad, 1e999 AS inf" \
	--format json
cat >want <<'END'
[
{"i":1,"r":0.5,"n":null,"t":"a\"b\\c","b":"00ff","big":"9007199254740993","bad":"\\xffA","inf":null}
]
END
cmp -s out want || fail "JSON values"
ask "SELECT printf('%.500c', 'x') AS long, 1 AS last"
says '…'
[ "$(awk '{ if (length($0) > m) m = length($0) } END { print m }' out)" -lt 120 ] ||
	fail "a long cell was not cut"
ask "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n
	WHERE x < 3000) SELECT x, x * 2 FROM n"
[ "$(wc -l <out)" = 3002 ] || fail "3000 rows"

# ---- refusals ----

only="only SELECT is allowed"
for sql in "INSERT INTO content(sha256, size) VALUES (zeroblob(32), 0)" \
	"UPDATE item SET key = 1" "DELETE FROM log" "DROP TABLE log" \
	"CREATE TEMP TABLE t(x)" "CREATE TABLE t(x)" "ATTACH '$dir/x.db' AS x" \
	"DETACH main" "PRAGMA writable_schema = ON" "PRAGMA user_version = 9" \
	"PRAGMA journal_mode = DELETE" "VACUUM INTO '$dir/x.db'" "BEGIN" \
	"REINDEX" "ANALYZE" "UPDATE temp.looked SET run = 1" \
	"DROP VIEW temp.node" \
	"WITH a AS (SELECT 1) INSERT INTO temp.looked SELECT 1"; do
	refuses 2 "$only" "$sql"
done
[ ! -e "$dir/x.db" ] || fail "a file was made"
refuses 2 "not authorized" "SELECT load_extension('x')"
refuses 2 "not authorized" "SELECT * FROM pragma_table_info('log')"
refuses 2 "more than one statement" "SELECT 1; SELECT 2"
refuses 2 "more than one statement" "SELECT 1; DROP TABLE log"
refuses 2 "more than one statement" "SELECT 1; /* x */ nonsense"
ask "SELECT 1; -- and no more"
refuses 2 "syntax error" "SELECT FROM"
refuses 2 "no such column" "SELECT nothing_of_the_kind FROM node"
refuses 2 "no such table" "SELECT * FROM no_such"
refuses 2 "holds no statement" ""
refuses 2 "holds no statement" "/* nothing */"
refuses 2 "there is none named 'nothing'" nothing
refuses 2 "say one query's name" nodes runs
refuses 2 "say one query's name"
refuses 2 "takes no operand" --list nodes
refuses 2 "knows table, csv and json" nodes --format xml
refuses 2 "two columns are named 'a'" "SELECT 1 AS a, 2 AS a" --format json
refuses 2 "not name=value" nodes --param scope
refuses 2 "the query has no :nothing" nodes --param nothing=1
refuses 2 "--as-of sets" "SELECT :run" --param run=1
refuses 2 ":x has no value" "SELECT :x"
refuses 2 "without a name" "SELECT ?"
refuses 2 "not a number of seconds" nodes --timeout 0
refuses 2 "not a number of seconds" nodes --timeout soon
refuses 2 "too big" "SELECT length(zeroblob(200000000))"
refuses 2 "too complex" "SELECT 'x' LIKE printf('%.300c', 'x')"

# ---- kinds that are joined: a frozen state says what the views over all runs say ----

for run in 1 2 3; do
	ask --as-of $run --format csv "SELECT n.key, n.fips_enabled, n.seen_run, p.name, p.version,
		p.content_sha256 FROM node n LEFT JOIN node_package p ON p.scope = n.scope
		ORDER BY 1, 4, 5"
	cp out frozen
	ask --as-of $run --format csv "SELECT n.key, n.fips_enabled, n.seen_run, p.name, p.version,
		p.content_sha256 FROM node_at n LEFT JOIN node_package_at p
		ON p.scope = n.scope AND p.run = n.run WHERE n.run = :run ORDER BY 1, 4, 5"
	cmp -s out frozen || fail "as of run $run two kinds joined differ"
	[ "$(wc -l <out)" -gt 1 ] || fail "as of run $run nothing was joined"
done

# ---- what never ends ----

endless="WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
refuses 2 "took longer than 1 seconds and was stopped" --timeout 1 \
	"$endless SELECT count(*) FROM n"
refuses 2 "was stopped" --timeout 1 "$endless SELECT x FROM n WHERE x < 0"
"$exhibit" query --store "$store" --timeout 1 --format csv \
	"$endless SELECT x FROM n" 2>"$dir/err" >/dev/null &&
	fail "an endless answer ended"
grep -q "was stopped" err || fail "an endless answer was not stopped"

sha256sum "$store" | cmp -s - before || fail "the store changed"
[ ! -e "$store-journal" ] || fail "a journal was made"

# a check is held to the same
mkdir checks
for sql in "INSERT INTO log VALUES (1)" "SELECT 1; SELECT 2" "SELECT 1, 2"; do
	{
		sed -n '/^--/p' "$(dirname "$script")/../../checks/node-fips-on.sql"
		echo "$sql;"
	} >checks/node-fips-on.sql
	"$exhibit" report --store "$store" --unsigned --checks checks \
		>"$dir/out" 2>"$dir/err" && fail "a check ran: $sql"
	grep -q "check node-fips-on: " err || fail "which check is bad: $sql"
done
echo "ok"
