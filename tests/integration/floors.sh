#!/bin/sh
# Rooms hold: every include is one that the room's own list allows, the
# drawing in docs/architecture.md shows these lists, a forbidden include does
# not compile, and names are ours alone.
# usage: floors.sh EXHIBIT ROOMS.TXT CC
set -eu

rooms=$2
cc=$3
top=$(cd .. && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
	echo "FAIL: $*"
	failed=1
}

# ROOM_A ROOM_B for each that A may include, itself among them
awk -F': *' '{ print $1, $1; n = split($2, r, /[ ;]+/)
	for (i = 1; i <= n; i++) if (r[i] != "") print $1, r[i] }' \
	"$rooms" >"$work/allowed"

# FILE ROOM_A ROOM_B of each include in the sources
cd "$top"
grep -n '^ *# *include *"' base/*.[ch] store/*.[ch] reference/*.[ch] doctor/*.[ch] demo/*.[ch] cli/*.[ch] report/*/*.[ch] \
	collector/*/*.[ch] | awk -F'"' '{ split($1, at, ":"); from = at[1]
	to = $2; sub("/[^/]*$", "", from); sub("/[^/]*$", "", to)
	print at[1], from, to, $2 }' >"$work/includes"
[ "$(wc -l <"$work/includes")" -gt 500 ] || fail 'the includes were not found'

awk 'NR == FNR { ok[$0] = 1; next }
	!(($2 " " $3) in ok) { print $1 ": the room " $2 " does not list " $3 }' \
	"$work/allowed" "$work/includes" >"$work/strangers"
[ ! -s "$work/strangers" ] || fail "$(cat "$work/strangers")"
awk '{ print $4 }' "$work/includes" | sort -u | while read -r header; do
	[ -f "$header" ] || echo "$header"
done >"$work/lost"
[ ! -s "$work/lost" ] || fail "no paths from the root: $(cat "$work/lost")"

# no two rooms list each other
awk '$1 != $2' "$work/allowed" | sort >"$work/arrows"
awk '{ print $2, $1 }' "$work/arrows" | sort | comm -12 "$work/arrows" - |
	while read -r a b; do echo "FAIL: $a and $b list each other"; done \
		>"$work/circles"
[ ! -s "$work/circles" ] || { cat "$work/circles"; failed=1; }

# every room has a line of its own in the drawing, with the same list
sed -n '/^    room /,/^$/p' docs/architecture.md | sed 's/^ *//; /^room /d; /^$/d' |
	sed 's/ *<- */: /; s/  */ /g; s/ *$//' | sort >"$work/drawn"
sed 's/;/ /g; s/ *$//; s/:$/:/' "$rooms" | sort >"$work/built"
diff "$work/drawn" "$work/built" >"$work/diff" ||
	fail "docs/architecture.md draws other floors than CMakeLists.txt:
$(cat "$work/diff")"

# a forbidden include does not compile, an allowed one does
compiles() { # ROOM HEADER
	echo "#include \"$2\"" >"$work/try.c"
	"$cc" -std=c17 -D_GNU_SOURCE -DEXHIBIT_VERSION='"x"' -fsyntax-only \
		-I "$(dirname "$rooms")/view/$(echo "$1" | tr / _)" \
		"$work/try.c" 2>"$work/said"
}
compiles store base/buf.h || fail 'store cannot include base/buf.h'
for forbidden in 'base store/store.h' 'store report/judge/judge.h' \
	'report/sign store/store.h' 'report/judge report/model/model.h' \
	'report/model report/format/oscal.h' 'report/format report/page/render.h' \
	'report/page report/package/zip.h' 'collector/aws collector/kube/kube.h' \
	'collector/node collector/config/config_file.h' \
	'collector/kit collector/http/http.h' 'collector/kube cli/cli.h'; do
	# shellcheck disable=SC2086
	set -- $forbidden
	[ -f "$2" ] || fail "$2 is no file: name another forbidden header"
	if compiles "$1" "$2"; then
		fail "in the room $1, \"$2\" compiles"
	fi
done

# no function or struct of ours is one of libc's
libc=$("$cc" -print-file-name=libc.so.6)
nm -D --defined-only "$libc" | sed 's/.* //; s/@.*//' | sort -u >"$work/libc"
cat base/*.[ch] store/*.[ch] reference/*.[ch] doctor/*.[ch] demo/*.[ch] cli/*.[ch] report/*/*.[ch] collector/*/*.[ch] |
	sed -n 's/^\([a-z_0-9]\{1,\}\)(.*/\1/p; s/^struct \([a-z_0-9]*\) {.*/\1/p' |
	sort -u >"$work/ours"
[ "$(wc -l <"$work/ours")" -gt 1000 ] || fail 'our names were not found'
comm -12 "$work/ours" "$work/libc" >"$work/same"
[ ! -s "$work/same" ] || fail "names of libc: $(tr '\n' ' ' <"$work/same")"

# two files of one base name only where their folders make the meaning plain
ls base/*.[ch] store/*.[ch] reference/*.[ch] doctor/*.[ch] demo/*.[ch] cli/*.[ch] report/*/*.[ch] collector/*/*.[ch] |
	sed 's#.*/##' | sort | uniq -d >"$work/twice"
[ ! -s "$work/twice" ] || fail "file names that stand twice: $(tr '\n' ' ' <"$work/twice")"

# header guards follow the path
for h in base/*.h store/*.h reference/*.h doctor/*.h demo/*.h cli/*.h report/*/*.h collector/*/*.h; do
	echo "$h"
done | sort >"$work/headers"
grep -H '^#ifndef .*_H$' base/*.h store/*.h reference/*.h doctor/*.h demo/*.h cli/*.h report/*/*.h collector/*/*.h |
	awk -F: '{ guard = toupper($1); gsub("[/.]", "_", guard)
		if ($2 == "#ifndef " guard) print $1 }' | sort -u >"$work/guarded"
comm -23 "$work/headers" "$work/guarded" >"$work/unguarded"
[ ! -s "$work/unguarded" ] || fail "guards not after the path: $(cat "$work/unguarded")"

exit $failed
