#!/bin/sh
# No function or datum is visible to other files for nothing: what no other
# object asks for is static, and what only tests ask for is the tests' own.
# usage: externs.sh EXHIBIT
set -eu

build=$(cd "$(dirname "$1")" && pwd)
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
if ! command -v nm >/dev/null; then
	echo "skipped: nm (binutils) is not here"
	exit 77
fi

# names FILE...: what these objects define for others, and what they ask for
find "$build/CMakeFiles" -name '*.c.o' | grep -E '/(base|store|report|collector|reference|doctor|demo|cli)/' >ours
find "$build/tests" -name '*.c.o' >theirs
[ -s ours ] && [ -s theirs ] || {
	echo "FAILED: no objects below $build"
	exit 1
}
xargs nm -A --defined-only <ours 2>/dev/null | awk '$2 ~ /^[TDBR]$/ { sub(/:.*/, "", $1); print $3, $1 }' |
	grep -v '^_' | sort >defined
xargs nm -u <ours 2>/dev/null | awk 'NF == 2 { print $2 }' | sort -u >asked
xargs nm -u <theirs 2>/dev/null | awk 'NF == 2 { print $2 }' | sort -u >tested
awk '{ print $1 }' defined | sort -u | comm -23 - asked | grep -vx main >alone || true
[ "$(wc -l <defined)" -gt 500 ]

comm -23 alone tested >dead
bad=0
while read -r name; do
	echo "FAILED: nothing outside its file uses $name: make it static, or remove it"
	bad=1
done <dead
comm -12 alone tested >white
while read -r name; do
	# shown to tests, and used where it stands
	n=$(cd "$root" && grep -rhow --include='*.c' "$name" base store report collector reference doctor demo cli | wc -l)
	[ "$n" -gt 1 ] || {
		echo "FAILED: only tests use $name: move it to them"
		bad=1
	}
done <white
[ "$bad" = 0 ]
echo "externs: $(wc -l <defined) names, each for somebody; $(wc -l <white) of them for tests of what is inside"
