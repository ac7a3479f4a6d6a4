#!/bin/sh
# What is written about exhibit is what exhibit does: the manual page names
# every command and option and no other, and the generated pages are current.
# usage: docs.sh EXHIBIT
set -eu

exhibit=$1
docs=$(cd "$(dirname "$0")/../../docs" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

wrong() {
	echo "FAILED: $1" >&2
	failed=1
}

# "section<TAB>option" for every .It Fl, and "section<TAB>-> other" for every
# .Sx that a section refers to
awk '
/^\.Ss / { section = substr($0, 5); next }
/^\.Sh / { section = ""; next }
section != "" && /^\.It Fl -/ { print section "\t" substr($3, 2) }
section != "" && /^\.Sx / {
	other = substr($0, 5); sub(/ [.,:;]$/, "", other)
	print section "\t-> " other
}' "$docs/exhibit.1" >"$dir/page"

"$exhibit" --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' >"$dir/commands"
[ -s "$dir/commands" ] || wrong "exhibit --help lists no command"

while read -r command; do
	grep -qx "\.Ss $command" "$docs/exhibit.1" ||
		wrong "exhibit.1 has no section '$command'"
	grep -q "^\.Cm $command\$" "$docs/exhibit.1" ||
		wrong "exhibit.1: the synopsis lacks '$command'"
	"$exhibit" "$command" --help |
		sed -n 's/^  --\([a-z-]*\).*/\1/p' | sort -u >"$dir/real"
	# its own options, and those of the sections it refers to
	awk -F '\t' -v c="$command" '
		FNR == NR { if ($1 == c && sub(/^-> /, "", $2)) in_[$2] = 1
			next }
		$1 == c || $1 in in_ { if ($2 !~ /^->/) print $2 }
	' "$dir/page" "$dir/page" | sort -u >"$dir/written"
	comm -23 "$dir/real" "$dir/written" | while read -r o; do
		echo "$command --$o" >>"$dir/lacks"
	done
	comm -13 "$dir/real" "$dir/written" | while read -r o; do
		echo "$command --$o" >>"$dir/invents"
	done
done <"$dir/commands"
[ ! -s "$dir/lacks" ] ||
	wrong "exhibit.1 does not tell of: $(tr '\n' ' ' <"$dir/lacks")"
[ ! -s "$dir/invents" ] ||
	wrong "exhibit.1 tells of what is not: $(tr '\n' ' ' <"$dir/invents")"

# sections that are neither a command's nor referred to
sed -n 's/^\.Ss //p' "$docs/exhibit.1" | while read -r section; do
	grep -qx -- "$section" "$dir/commands" ||
		grep -q -- "	-> $section\$" "$dir/page" ||
		echo "$section"
done >"$dir/lost"
[ ! -s "$dir/lost" ] || wrong "exhibit.1: nobody needs '$(cat "$dir/lost")'"

for page in checks kinds; do
	"$exhibit" $page --format markdown >"$dir/$page.md"
	cmp -s "$dir/$page.md" "$docs/$page.md" ||
		wrong "docs/$page.md is not what 'exhibit $page --format markdown' prints; run 'cmake --build BUILD --target docs'"
done

if command -v mandoc >/dev/null; then
	mandoc -Tlint -W warning "$docs/exhibit.1" >"$dir/lint" ||
		wrong "mandoc: $(cat "$dir/lint")"
else
	echo "not asked: mandoc is not installed"
fi
[ $failed = 0 ] && echo "ok"
exit $failed
