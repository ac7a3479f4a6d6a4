#!/bin/sh
# Missing evidence is never a pass: hosts, a cluster, endpoints and configuration files,
# each without one column after the other. Tests that make such evidence themselves
# (images, more of clusters) ask the same of it.
# usage: missing.sh EXHIBIT   (from tests/)
set -u

exhibit=$(realpath "$1")
. ./missing.sh
fixtures=$(realpath fixtures)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM HUP
failed=0

store() { # NAME, and the lines from standard input
	cat >"$dir/lines"
	"$exhibit" init --store "$dir/$1.db" --now 2026-06-01T00:00:00Z >"$dir/out" &&
		"$exhibit" collect import "$dir/lines" --store "$dir/$1.db" --now 2026-06-01T00:00:00Z >"$dir/out" ||
		[ $? = 1 ] || exit 1
}

now=2026-11-23T11:00:00Z
# of what the checks read; a file's digest and mode are none of it
for host in rhel9-inconsistent rhel8-fips al2023-half sles15-fips ubuntu2204-pro-fips \
	bottlerocket-fips-on bottlerocket-standard upstream-openssl; do
	cat "$fixtures/node/$host.ndjson"
done | store node
missing "$dir/node.db" $now alone '"scope":"host/' || failed=1
store kube <"$fixtures/kube/real.ndjson"
missing "$dir/kube.db" $now alone '"scope":"kube/' || failed=1
store endpoint <"$fixtures/endpoint/rows.ndjson"
missing "$dir/endpoint.db" $now alone '"scope":"endpoint/' || failed=1
"$exhibit" collect scap "$fixtures/scap/arf.xml" --emit | store scap
missing "$dir/scap.db" 2026-07-03T00:00:00Z alone '"scope":"scap/' || failed=1
for file in inspec.json kubescape.json one.ckl prowler.ocsf.json scan.nessus trivy.json; do
	"$exhibit" collect results "$fixtures/results/$file" --emit
done | store results
missing "$dir/results.db" 2026-07-03T00:00:00Z alone '"scope":"results/' || failed=1
cd "$fixtures/config" || exit 1
for file in *; do
	case $file in *.verdicts) continue ;; esac
	[ ! -f "$file" ] || "$exhibit" collect config "$file" --emit
done | store config
missing "$dir/config.db" $now alone '"scope":"config/' || failed=1
exit $failed
