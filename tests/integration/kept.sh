#!/bin/sh
# Packages that earlier versions handed over hold for ever, by this program and by
# their own VERIFY.txt; and a byte of them that is changed is still found.
# usage: kept.sh EXHIBIT PACK
set -eu

exhibit=$1 pack=$2
packages=$(cd "$(dirname "$0")/../fixtures/package" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	[ ! -s "$dir/out" ] || sed 's/^/  out: /' "$dir/out" | head -40 >&2
	exit 1
}
# verify STATUS WHAT PACKAGE CERTIFICATE
verify() {
	set +e
	"$exhibit" verify "$3" --trust "$4" --now 2026-07-05T00:00:00Z >out 2>&1
	got=$?
	set -e
	[ $got = "$1" ] || fail "$2: status $got, not $1"
}

n=0
for package in "$packages"/*.asice; do
	name=$(basename "$package" .asice)
	cert=$packages/${name%-redacted}.pem
	verify 1 "$name" "$package" "$cert"
	grep -q 'not everything is verified' out || fail "$name: is said to verify"
	grep -q 'VERIFY.txt: not compared\|report.html: not made anew' out ||
		fail "$name: what was not compared is not named"
	grep -q 'WRONG' out && fail "$name: something is wrong"

	# by hand, as the package itself says
	rm -rf t stranger && mkdir stranger
	unzip -q "$package" -d t
	cp "$package" stranger/package.asice
	cp "$cert" stranger/ca.pem
	sed -n 's/^    \([^ ].*\)/\1/p' t/VERIFY.txt |
		sed 's/openssl cms -verify/& -attime 1783123200/' >commands
	[ "$(wc -l <commands)" -gt 8 ] || fail "$name: VERIFY.txt has no commands"
	(cd stranger && sh -e ../commands) >out 2>&1 || fail "$name: VERIFY.txt"

	# a changed byte of any file
	for file in report.xml report.html csv/population.csv checkpoint.txt; do
		rm -rf u && cp -r t u
		printf x >>u/$file
		"$pack" zip u changed.asice
		verify 3 "$name with a byte more in $file" changed.asice "$cert"
		grep -q "$file" out || fail "$name: $file is not named"
	done
	n=$((n + 1))
done
[ $n -ge 2 ] || fail "there are no packages"
echo "$n packages hold"
