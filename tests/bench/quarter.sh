#!/bin/sh
# Make a store of a fleet over a quarter: NODES hosts (5000) like those of
# tests/fixtures/node, a run a day for DAYS (92) from 2026-07-01. A host in a
# hundred restarts a day; some lose FIPS mode for a month, some do not answer for
# ten days, some come late or go.
# usage: quarter.sh EXHIBIT STORE
set -eu

exhibit=$1 store=$2
fixtures=$(cd "$(dirname "$0")/../fixtures/node" && pwd)

# What a hundred hosts are, by the folder each is a copy of.
kinds="al2023-fips:38 rhel9-fips:18 ubuntu2204-pro-fips:14 bottlerocket-fips-on:12
	rhel8-fips:6 sles15-fips:3 al2-fips:3 al2023-off:2 debian12-off:1
	al2023-half:1 rhel9-inconsistent:1 rhel10-fips:1"

"$exhibit" init --store "$store" --name bench --now 2026-06-30T00:00:00Z >/dev/null
day=0
while [ $day -lt "${DAYS:-92}" ]; do
	awk -v day=$day -v nodes="${NODES:-5000}" -v kinds="$kinds" \
		-v from="$fixtures" -f "$(dirname "$0")/quarter.awk" </dev/null |
		"$exhibit" collect import --store "$store" --now \
			"$(date -u -d "2026-07-01 03:00 UTC +$day days" \
				+%Y-%m-%dT%H:%M:%SZ)" >/dev/null || [ $? = 1 ]
	day=$((day + 1))
done
