#!/bin/sh
# Two processes collect into one store at once while a third reads all the time:
# nothing is lost, nothing is refused, and no read is held up until a writer is
# done. Then a store on a read-only medium, read by who may write nothing.
# usage: writers.sh EXHIBIT
set -eu

exhibit=$1
command -v sqlite3 >/dev/null || {
	echo "skipped: no sqlite3 here"
	exit 77
}
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
runs=12

fail() {
	echo "FAILED: $1" >&2
	for f in out err*; do
		[ ! -s "$f" ] || sed "s/^/  $f: /" "$f" | head -10 >&2
	done
	exit 1
}
lines() { # WRITER N
	i=0
	while [ $i -lt 20 ]; do
		printf '{"key":"k%s","kind":"node","observation":{"attributes":{"kernel_release":"%s"},"outcome":"observed"},"provenance":{"collector":"node/1","source":"test"},"scope":"host/%s"}\n' \
			$i "$2.$i" "$1"
		i=$((i + 1))
	done
	printf '{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/%s","subjects":20}}\n' "$1"
}
writer() { # NAME
	n=1
	while [ $n -le $runs ]; do
		lines "$1" $n | "$exhibit" collect import --store s.db \
			>>"out-$1" 2>>"err-$1" || return 1
		n=$((n + 1))
	done
}

"$exhibit" init --store s.db --name test >out
writer a &
a=$!
writer b &
b=$!
# a reader that were held up would wait for minutes and then fail
reads=0
while kill -0 $a 2>/dev/null || kill -0 $b 2>/dev/null; do
	"$exhibit" query 'SELECT run, count(*), count(DISTINCT scope) FROM state
		GROUP BY run' --store s.db --format csv >out 2>err-reader ||
		fail "a reader was refused"
	# a run is there whole or not at all
	! sed 1d out | tr -d '\r' | grep -vE '^[0-9]+,(20,1|40,2)$' ||
		[ "$(wc -l <out)" = 1 ] || fail "half a run was read"
	reads=$((reads + 1))
done
wait $a || fail "writer a"
wait $b || fail "writer b"
[ $reads -gt 0 ] || fail "nothing was read meanwhile"
"$exhibit" verify --store s.db >out 2>&1 || [ $? = 1 ] || fail "verify"
grep -q 'Nothing was found wrong' out || fail "verify"
[ "$(sqlite3 s.db "SELECT count(*), min(state), max(state), max(id) FROM run")" = \
	"$((2 * runs))|complete|complete|$((2 * runs))" ] || fail "runs were lost"
"$exhibit" show --store s.db --views views.db >out 2>&1 || fail "show --views"
for w in a b; do
	[ "$(sqlite3 s.db "SELECT count(*), count(DISTINCT run) FROM history
		WHERE scope = 'host/$w'")" = "$((20 * runs))|$runs" ] ||
		fail "changes of $w were lost"
	[ "$(sqlite3 views.db "SELECT count(*) FROM node WHERE scope = 'host/$w'
		AND kernel_release LIKE '$runs.%'")" = 20 ] ||
		fail "the last state of $w"
done
echo "$reads reads beside $((2 * runs)) runs"

# ---- a read-only medium
mkdir medium
cp s.db medium/s.db
chmod 0444 medium/s.db
chmod 0555 medium
chmod 0755 .
cp "$exhibit" ./exhibit 2>/dev/null
if [ "$(id -u)" = 0 ]; then
	command -v setpriv >/dev/null && setpriv --reuid 65534 --regid 65534 \
		--clear-groups ./exhibit --version >/dev/null 2>&1 || {
		echo "not asked: no other user can be had for a read-only medium"
		exit 0
	}
	other='setpriv --reuid 65534 --regid 65534 --clear-groups'
else
	other=
fi
sha256sum medium/s.db >before
as() { # STATUS ARG...: as who may not write, in a folder that cannot be written
	status=$1
	shift
	got=0
	(cd medium && $other ../exhibit "$@" --store s.db) >out 2>&1 || got=$?
	[ $got = "$status" ] || fail "$*: status $got, not $status"
}
as 0 query 'SELECT count(*) AS n FROM node' --format csv
[ "$(sed 1d out | tr -d '\r')" = 40 ] || fail "query"
as 0 show
as 1 diff 1 2
as 1 verify
grep -q 'Nothing was found wrong' out || fail "verify on a read-only medium"
as 0 prove node host/a k1
as 0 retain --older-than 1d --dry-run
for write in 'collect import' assess 'retain --older-than 1d --key none.pem'; do
	# shellcheck disable=SC2086
	as 2 $write </dev/null
	grep -qE 'read-only|denied|No such file' out || fail "$write: why?"
done
as 2 assess
grep -q 'the store is read-only' out || fail "assess: why?"
sha256sum -c --quiet before || fail "the medium changed"
[ "$(ls medium)" = s.db ] || fail "something was left on the medium"
echo ok
