#!/bin/sh
# exhibit show, checks, kinds, doctor and completion.
# usage: commands.sh EXHIBIT
set -eu

exhibit=$1
fixtures=$(cd "$(dirname "$0")/../fixtures/node" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
chmod 755 .
esc=$(printf '\033')

fail() {
	echo "FAILED: $1" >&2
	[ ! -s "$dir/out" ] || sed 's/^/  out: /' "$dir/out" | head -30 >&2
	[ ! -s "$dir/err" ] || sed 's/^/  err: /' "$dir/err" | head -5 >&2
	exit 1
}
# run STATUS ARG...
run() {
	status=$1
	shift
	set +e
	"$exhibit" "$@" >"$dir/out" 2>"$dir/err"
	got=$?
	set -e
	[ $got = "$status" ] || fail "$*: status $got, not $status"
	! grep -q "$esc" out || fail "$*: a control character"
}
says() {
	grep -qF -- "$1" "$dir/out" || fail "the answer lacks '$1'"
}
silent() {
	! grep -qF -- "$1" "$dir/out" || fail "the answer holds '$1'"
}
complains() {
	grep -qF -- "$1" "$dir/err" || fail "the error lacks '$1'"
}

# ---- show ----

run 2 show
complains "there is no store"
run 0 init --name test --now 2026-01-01T00:00:00Z
run 0 show
says "no run has ended yet"
says "none yet"
run 2 show web-1
complains "nothing was collected"

coverage='"calls":3,"collector":"node","denied":0,"gaps":[],"kinds":["node","node.file","node.package"],"outcome":"observed","reason":null,"subjects":2'
one() { # KIND HOST KEY ATTRIBUTES
	printf '{"key":"%s","kind":"%s","observation":{"attributes":{%s},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test of %s"},"scope":"host/%s"}\n' \
		"$3" "$1" "$4" "$1" "$2"
}
{
	one node web-1 web-1 '"fips_enabled":0,"live":true,"os_pretty":"\u001b[2J\u0007"'
	one node.file web-1 /etc/os-release '"mode":"0644"'
	one node.package web-1 aide:amd64 '"name":"aide","version":"1"'
	printf '{"coverage":{%s,"scope":"host/web-1"}}\n' "$coverage"
	one node web-2 web-2 '"fips_enabled":1'
	one node.file web-2 /etc/os-release '"mode":"0644"'
	printf '{"coverage":{%s,"scope":"host/web-2"}}\n' "$coverage"
} | sed 's/"subjects":2,"scope":\("[^"]*"\)/"scope":\1,"subjects":2/' >run1
{
	one node web-1 web-1 '"fips_enabled":1,"live":true,"os_id":"debian","os_pretty":"Debian","os_version":"12"'
	one node.file web-1 /etc/os-release '"mode":"0644"'
	printf '{"coverage":{%s,"scope":"host/web-1"}}\n' "$coverage"
} >run2
run 0 collect import run1 --now 2026-09-01T10:00:00Z
run 0 key new --now 2026-09-01T10:00:00Z
run 0 collect import run2 --now 2026-10-01T10:00:00Z
run 0 show
says "runs             2: 2 complete"
says "run 2, complete, ended 2026-10-01T10:00:00Z"
says "not signed"
run 1 report --now 2026-10-02 --unsigned --output by-date # a date alone is a time
run 1 report --now 2026-10-02T10:00:00Z
run 0 show
says ", signed, over"
says "not-satisfied"
run 0 show --as-of 1
says "run 1, complete"
silent "not-satisfied"

run 0 show run 1
says "log entry"
says "host/web-2"
run 0 show run 2
silent "host/web-2"
run 2 show run 9
complains "no run 9"
run 2 show run one
complains "not a run's number"
run 2 show web-1 web-2
complains "show takes one subject"

for name in web-1 host/web-1 node:host/web-1:web-1; do
	run 0 show $name
	says "kind             node"
	says "first seen       2026-09-01T10:00:00Z, run 1"
	says "unchanged since  2026-10-01T10:00:00Z, run 2"
	says "source           test of node"
	says "Changes, newest first"
	says "node-fips-on"
	says "node.file"
	[ "$(grep -c 'observed  [0-9a-f]\{64\}' out)" = 2 ] ||
		fail "two changes"
done
run 0 show web-1 --as-of 2026-09-15
says '\x1b[2J\x07'
silent "run 2"
run 2 show /etc/os-release
says "node.file:host/web-1:/etc/os-release"
says "node.file:host/web-2:/etc/os-release"
complains "more than one subject"
run 0 show node.file:host/web-2:/etc/os-release
says "0644"
run 0 show aide:amd64
says "gone"
run 0 show aide:amd64 --as-of 1
says "observed"
silent "gone"

# ---- checks and kinds ----

run 0 checks
says node-fips-on
run 0 checks node-fips-on
says "What to do"
says "SELECT"
run 0 checks node-fips-on --format sql
cmp -s out "$fixtures/../../../checks/node-fips-on.sql" ||
	fail "--format sql is not the file"
run 2 checks nothing
complains "no such check"
run 2 checks --format pdf
complains "knows table, markdown and sql"
run 2 checks a b
complains "one check's id"
mkdir more
printf 'SELECT 1;\n' >more/bad.sql
run 2 checks --checks more
complains "bad.sql"


# a verdict whose reason is NULL rests on what is not there: it is no pass
mkdir nulls
{
	sed -n '/^--/p' "$fixtures/../../../checks/node-fips-on.sql"
	echo "SELECT subject, 'satisfied' AS verdict, 'is ' || NULL AS reason FROM node;"
} >nulls/node-fips-on.sql
run 1 assess --checks nulls --now 2026-10-03
run 0 query --format csv "SELECT DISTINCT verdict, reason FROM verdict_at
	WHERE judgement = (SELECT max(id) FROM judgement) AND check_id = 'node-fips-on'"
says "unknown,the evidence lacks a value that this check tells of"
silent "satisfied,"

# a collector is asked by its name or by an option of it
run 0 collect --node --root "$fixtures/debian12-off" --name by-option --emit \
	--now 2026-10-03
says '"scope":"host/by-option"'
run 2 collect --nothing
complains "unknown"

run 0 kinds
says node_package
run 0 kinds node
says fips_enabled
says /proc/sys/crypto/fips_enabled
says "run, output read"
run 0 kinds node_openssl
says install_status
silent "Everything"
run 2 kinds nothing
complains "no such kind"
run 2 kinds --format csv
complains "knows table, markdown and, of all kinds, cluster-role and iam-policy"

# ---- doctor ----

root=$fixtures/rhel9-fips
run 0 doctor --root "$root" --now 2026-10-02T10:00:00Z
says "schema 2, 2 runs"
says "SQLite's quick check"
says "IMDS"
says "All that a collection needs is here."
run 2 doctor now
complains "no operand"
run 0 doctor --root "$root" --store none.db --now 2026-10-02T10:00:00Z
says "none yet"
run 1 doctor --root "$dir/none" --now 2026-10-02T10:00:00Z
says "missing  root"
run 1 doctor --root "$root" --store none/s.db --now 2026-10-02T10:00:00Z
says "missing  folder"
echo "not a store" >text
run 1 doctor --root "$root" --store text --now 2026-10-02T10:00:00Z
says "not an exhibit store"

run 1 doctor --root "$root" --now 2028-12-01T00:00:00Z
says "expires within 90 days"
run 1 doctor --root "$root" --now 2031-01-01T00:00:00Z
says "expired on"
run 1 doctor --root "$root" --now 2020-01-01T00:00:00Z
says "valid only from"
run 1 doctor --root "$root" --key none.pem
says "missing  key"

cp exhibit.db damaged.db
dd if=/dev/zero of=damaged.db bs=4096 seek=4 count=30 conv=notrunc 2>err
run 3 doctor --root "$root" --store damaged.db
says "WRONG"
says "The store is damaged."

# as somebody who may not read all of it
cp -R "$root" refused
chmod 000 refused/proc/cmdline refused/etc/kernel
as=
[ "$(id -u)" != 0 ] || as="setpriv --reuid=65534 --regid=65534 --clear-groups"
cp "$exhibit" ./exhibit
chmod 755 exhibit
if $as ./exhibit --version >out 2>err; then
	set +e
	$as ./exhibit doctor --root refused >out 2>err
	got=$?
	set -e
	[ $got = 1 ] || fail "doctor where files are denied: status $got"
	says "denied   file         /proc/cmdline"
	says "whether FIPS mode was requested"
	says "denied   file         /etc/kernel"
	[ -z "$as" ] || says "denied   store"
else
	echo "not asked: no way to be another user here"
fi
chmod 755 refused/etc/kernel

# ---- completion ----

run 2 completion tcsh
complains "bash, zsh or fish"
run 0 completion zsh
says "#compdef exhibit"
! command -v zsh >/dev/null || zsh -n out || fail "the completion is no zsh"
run 0 completion fish
! command -v fish >/dev/null || fish -n out || fail "the completion is no fish"
for c in $("$exhibit" --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p'); do
	says "_from $c' -l store"
done
run 0 completion bash
if command -v bash >/dev/null; then
	cp out script
	complete() { # WORD...: what may come in place of the last
		bash -c '. ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
			_exhibit; printf "%s\n" "${COMPREPLY[@]}"' sh \
			exhibit "$@" >out 2>err
		[ ! -s err ] || fail "completion of $*"
	}
	complete ""
	for c in $("$exhibit" --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p')
	do
		grep -qx "$c" out || fail "completion lacks $c"
		complete "$c" --
		"$exhibit" "$c" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p' |
			sort >want
		sort out | cmp -s - want || fail "completion of $c's options"
		complete ""
	done
	complete collect --roo
	[ "$(cat out)" = --root ] || fail "collect --roo"
	complete query cove
	[ "$(tr '\n' ' ' <out)" = "coverage-by-day coverage-by-scope coverage " ] ||
		fail "query cove"
	complete query --format ""
	[ "$(tr '\n' ' ' <out)" = "table csv json " ] || fail "query --format"
	complete checks node-fips-o
	[ "$(cat out)" = node-fips-on ] || fail "checks node-fips-o"
	mkdir folder
	complete audit --root fol
	[ "$(cat out)" = folder ] || fail "audit --root fol"
	complete collect import run
	[ "$(sort out | tr '\n' ' ')" = "run1 run2 " ] ||
		fail "collect import run"
else
	echo "not asked: bash is not installed"
fi
echo "ok"
