#!/bin/sh
# How long, how much memory: evidence of this host, read as --emit does.
# Figures to reach: 50 ms and 16 MiB. The ratio is against cat of the files
# that the evidence names.
# usage: bench_node.sh EXHIBIT [ROUNDS]
set -eu

exhibit=$(realpath "$1")
rounds=${2:-11}
[ -x /usr/bin/time ] || {
	echo "skipped: GNU time is not installed"
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM

# The median wall time in seconds, and the peak in KiB, of a command.
measure() {
	for _ in $(seq "$rounds"); do
		from=$(date +%s%N)
		"$@" >/dev/null 2>&1 || true
		echo $(($(date +%s%N) - from))
	done | sort -n | awk '{ v[NR] = $1 }
		END { printf "%.4f ", v[int((NR + 1) / 2)] / 1e9 }'
	/usr/bin/time -f '%M' -o "$dir/peak" "$@" >/dev/null 2>&1 || true
	tail -1 "$dir/peak"
}

"$exhibit" collect node --no-imds --emit >"$dir/lines" 2>/dev/null || true
sed -n 's/.*"source":"\(\/[^"]*\)".*/\1/p' "$dir/lines" | sort -u |
	while read -r file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done >"$dir/files"
printf 'cat "$@" >/dev/null\n' >"$dir/cat.sh"
# xargs is not part of what is compared: hand the names over once
set --
while read -r file; do set -- "$@" "$file"; done <"$dir/files"

echo "node: $(wc -l <"$dir/lines") observations, $# files of $(cat "$@" 2>/dev/null | wc -c) bytes"
baseline=$(measure sh "$dir/cat.sh" "$@")
for mode in "--no-commands" ""; do
	# shellcheck disable=SC2086
	ours=$(measure "$exhibit" collect node --no-imds $mode --emit)
	echo "$ours $baseline" | awk -v mode="${mode:-(with its commands)}" '{
		printf "  collect --emit %-20s %6.1f ms, %5.1f MiB peak; %.1f x cat (%.1f ms)%s%s\n",
			mode, $1 * 1e3, $2 / 1024, $1 / $3, $3 * 1e3,
			($1 > 0.05) ? "   OVER 50 ms" : "",
			($2 > 16 * 1024) ? "   OVER 16 MiB" : ""
	}'
done
