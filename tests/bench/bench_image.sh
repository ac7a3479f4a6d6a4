#!/bin/sh
# An image of 500 MB: how long and how much memory a look takes, beside
# unpacking and hashing its layers with gzip and sha256sum. Figures to reach:
# 1.5 times their time, 32 MiB.
# usage: bench_image.sh EXHIBIT [MEGABYTES]
set -eu

exhibit=$(realpath "$1")
megabytes=${2:-500}
for tool in /usr/bin/time tar gzip; do
	command -v "$tool" >/dev/null || {
		echo "skipped: $tool is not installed"
		exit 77
	}
done
. "$(dirname "$0")/../image_make.sh"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

# Real files of this host: libraries, programs, texts; five layers of them,
# each file as often as it takes, under names of its own.
mkdir -p found
find /usr/lib/x86_64-linux-gnu /usr/lib/aarch64-linux-gnu /usr/bin /usr/share \
	-xdev -type f -size +4k -size -20000k 2>/dev/null | head -20000 >list
kilobytes=$((megabytes * 1024 / 5))
for n in 1 2 3 4 5; do
	mkdir -p "root/$n"
	awk -v n="$n" 'NR % 5 == n - 1' list >part
	copied=0
	round=0
	while [ "$copied" -lt "$kilobytes" ] && [ "$round" -lt 50 ]; do
		round=$((round + 1))
		while read -r file && [ "$copied" -lt "$kilobytes" ]; do
			to="root/$n/$round$file"
			mkdir -p "${to%/*}"
			cp "$file" "$to" 2>/dev/null || continue
			size=$(($(size "$to") / 1024))
			copied=$((copied + size))
		done <part
	done
	layer "root/$n" "$n.tar.gz" gzip
	rm -rf "root/$n"
done
config config.json amd64 PATH=/bin
digest=$(manifest layout m.json config.json 1.tar.gz 2.tar.gz 3.tar.gz 4.tar.gz 5.tar.gz)
index layout bench "$digest" linux/amd64
unpacked=$(gzip -dc ./*.tar.gz | wc -c)

printf 'for f; do gzip -dc "$f" | sha256sum; done >/dev/null\n' >baseline.sh
# The best wall time of five, in seconds; the peak in KiB behind it.
measure() {
	for _ in 1 2 3 4 5; do
		/usr/bin/time -f '%e %M' -o t "$@" >/dev/null 2>&1
		tail -1 t
	done | sort -n | head -1
}
baseline=$(measure sh baseline.sh ./*.tar.gz)
ours=$(measure "$exhibit" collect image oci:layout --emit)
echo "$ours $baseline $unpacked" | awk '{
	printf "  look through %.0f MB: %.2f s, %.1f MiB peak; %.2f x gzip -dc | sha256sum (%.2f s)%s%s\n",
		$5 / 1e6, $1, $2 / 1024, $1 / $3, $3,
		($1 > 1.5 * $3) ? "   OVER 1.5 x" : "",
		($2 > 32 * 1024) ? "   OVER 32 MiB" : ""
}'
