#!/bin/sh
# The first minutes: names that are misspelt, two at once, a user whom nobody
# named. usage: first_use.sh EXHIBIT
set -eu

exhibit=$(realpath "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	[ ! -s out ] || sed 's/^/  out: /' out | head -20 >&2
	[ ! -s err ] || sed 's/^/  err: /' err | head -5 >&2
	exit 1
}
# run STATUS ARG...
run() {
	want=$1
	shift
	got=0
	"$exhibit" "$@" >out 2>err || got=$?
	[ $got = "$want" ] || fail "$*: status $got, not $want"
}
says() {
	grep -qF -- "$1" out || fail "the answer lacks '$1'"
}
complains() {
	grep -qF -- "$1" err || fail "the error lacks '$1'"
}

echo '== help is where one looks for it'
run 0 --help
cp out help
for how in help -h; do
	run 0 $how
	cmp -s out help || fail "$how is not --help"
done
run 0 help collect
cp out collect
run 0 collect --help
cmp -s out collect || fail 'help collect is not collect --help'
run 0 collect -h
cmp -s out collect || fail 'collect -h is not collect --help'
run 0 version
cp out version
run 0 --version
cmp -s out version || fail 'version is not --version'
run 2 help collect report
echo 'nonsense: [' >exhibit.yaml
run 0 help collect
rm exhibit.yaml

echo '== what may have been meant'
run 2 colect
complains "did you mean 'collect'?"
run 2 help verfy
complains "did you mean 'verify'?"
run 2 report --profil all
complains "did you mean '--profile'?"
run 2 checks node-fips-onn
complains "did you mean 'node-fips-on'?"
run 2 kinds node.packages
complains "did you mean 'node.package'?"
run 2 catalog show cmvp-statos
complains "did you mean 'cmvp-status'?"
run 0 init --now 2026-01-01T00:00:00Z
run 2 query node
complains "did you mean 'nodes'?"
run 2 xyzzyxyzzy
if grep -q 'did you mean' err; then fail 'a suggestion for nonsense'; fi

echo '== options are written out'
for part in --pro --profil --form=json; do
	run 2 report "$part" all
	complains "option '$part' is unknown"
done
run 2 report --unsigned=yes
complains "takes no value"
run 2 report --profile
complains "needs a value"
run 2 report -x
complains "option '-x' is unknown"
run 2 query -- --list
complains "none named '--list'"
run 0 query runs --format csv
run 0 query --format csv runs
run 0 query --format=csv runs

echo '== a store is a file'
for name in :memory: ''; do
	run 2 init --store "$name"
	complains 'a store is a file'
	run 2 audit config "$exhibit" --store "$name"
	complains 'a store is a file'
done
[ -z "$(find . -name ':memory:*')" ] || fail 'a file :memory:'

echo '== two at once: one makes it, and nothing is lost'
line='{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node"],"outcome":"observed","reason":null,"scope":"host/web-N","subjects":0}}'
for _ in 1 2; do
	for i in 1 2 3 4; do
		echo "$line" | sed "s/web-N/web-$i/" >in.$i
		(
			got=0
			"$exhibit" collect import in.$i --store both.db \
				--now 2026-06-01T00:00:00Z >log.$i 2>&1 || got=$?
			echo $got >got.$i
		) &
		eval "pid$i=$!"
	done
	# shellcheck disable=SC2154
	wait "$pid1" "$pid2" "$pid3" "$pid4"
	stored=$("$exhibit" query "SELECT count(*) FROM ended" --store both.db \
		--format csv | sed -n 2p | tr -d '\r')
	done_of=$(cat got.? | grep -c '^[01]$')
	[ "$stored" = "$done_of" ] || fail "$done_of were done, $stored are stored: $(cat log.?)"
	[ "$done_of" = 4 ] || fail "$done_of of four: $(cat log.?)"
	rm -f both.db*
	for i in 1 2 3 4; do
		(
			got=0
			"$exhibit" init --store new.db --name s$i >log.$i 2>&1 || got=$?
			"$exhibit" key new --name k$i >key.$i 2>&1 || got=$((got * 10 + $?))
			echo $got >got.$i
		) &
		eval "pid$i=$!"
	done
	wait "$pid1" "$pid2" "$pid3" "$pid4"
	[ "$(cat log.? | grep -c '^Made')" = 1 ] || fail "init made not one: $(cat log.?)"
	[ "$(cat key.? | grep -c '^Made')" = 1 ] || fail "key new made not one: $(cat key.?)"
	run 0 show --store new.db
	run 0 key show
	name=$(grep -l '^Made' key.?)
	says "k${name#key.}"
	rm -f new.db exhibit-key.pem exhibit-cert.pem
	[ -z "$(find . -name '*.db.*' -o -name '*.pem.*')" ] || fail "left over: $(ls)"
done

echo '== an operator without a name'
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	mkdir theirs
	chown 54321:54321 theirs
	chmod 755 "$dir"
	(
		cd theirs
		ASAN_OPTIONS=detect_leaks=0 setpriv --reuid 54321 --regid 54321 \
			--clear-groups "$exhibit" collect import ../in.1 --store s.db >../log 2>&1
	) || [ $? = 1 ] || fail "an unnamed user: $(cat log)"
	run 0 query 'SELECT operator FROM run' --store theirs/s.db --format csv
	says 'uid-54321@'
else
	echo 'not tried: only root can become a user without a name'
fi

echo 'first_use: ok'
