#!/bin/sh
# A report and a package of a fleet over a quarter of daily runs, against their
# figures to reach: report 2 s and 256 MiB, page 5 MB, package 10 s, verifying
# it 5 times the sha256sum of its files. NODES and DAYS make it smaller.
# usage: bench_package.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

ms() {
	echo $(($(date +%s%N) / 1000000))
}
# timed LINE COMMAND...: its wall time, CPU time and memory
timed() {
	line=$1
	shift
	from=$(ms)
	/usr/bin/time -o usage -f '%U %S %M' "$@" >out 2>&1 || [ $? = 1 ] || {
		cat out >&2
		exit 1
	}
	took=$(($(ms) - from))
	awk -v l="$line" -v w=$took 'END { printf "  %-34s %7.2f s, CPU %6.2f s, %4d MiB", l, w / 1000, $1 + $2, $3 / 1024 }' usage
}
bytes() {
	wc -c <"$1"
}

NODES=${NODES:-5000} DAYS=${DAYS:-92} sh "$here/quarter.sh" "$exhibit" s.db
"$exhibit" key new --now 2026-07-01T00:00:00Z >/dev/null
echo "${NODES:-5000} hosts, ${DAYS:-92} runs, $(bytes s.db) bytes"
# what is judged anew each time is part of the time
timed "report: judge, XML, HTML" "$exhibit" report --store s.db --period 2026Q3 \
	--now 2026-10-02T00:00:00Z --output r
echo "   (2 s, 256 MiB)"
timed "the same with the tables" "$exhibit" report --store s.db --period 2026Q3 \
	--now 2026-10-02T01:00:00Z --output r --format html,xml,csv
echo
echo "  page $(bytes r.html) bytes (5000000), XML $(bytes r.xml)"
timed "package" "$exhibit" package --store s.db --period 2026Q3 \
	--now 2026-10-02T02:00:00Z --output q.asice
echo "   (10 s), $(bytes q.asice) bytes"
mkdir un
(cd un && unzip -q ../q.asice)
from=$(ms)
find un -type f -exec sha256sum {} + >/dev/null
sum=$(($(ms) - from))
timed "verify the package" "$exhibit" verify q.asice --trust exhibit-cert.pem
awk -v a=$took -v b=$sum 'BEGIN { printf "   ratio to sha256sum %.1f (5)\n", a / (b > 0 ? b : 1) }'
if command -v chromium >/dev/null; then
	timed "chromium: page to picture" chromium --headless --no-sandbox --disable-gpu \
		--user-data-dir="$dir/data" --window-size=1440,2400 \
		--screenshot="$dir/p.png" "file://$dir/r.html"
	printf '   of which, an empty page:\n'
	echo '<p>' >empty.html
	timed "" chromium --headless --no-sandbox --disable-gpu \
		--user-data-dir="$dir/data" --window-size=1440,2400 \
		--screenshot="$dir/p.png" "file://$dir/empty.html"
	echo
else
	echo "  skipped: no chromium: how long the page takes to open"
fi
