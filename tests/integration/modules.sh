#!/bin/sh
# The module ledger in time: the same evidence under certificates that were active, and
# are historical; nothing is collected again.
# usage: modules.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	sed 's/^/  out: /' out >&2
	exit 1
}
# must STATUS WHAT ARG...
must() {
	want=$1 what=$2
	shift 2
	set +e
	"$exhibit" "$@" >raw 2>&1
	got=$?
	set -e
	tr -d '\r' <raw >out
	[ $got = "$want" ] || fail "$what: status $got, not $want"
}
says() {
	grep -qF -- "$1" out || fail "does not say: $1"
}

cat "$here/../fixtures/node/rhel8-fips.ndjson" \
	"$here/../fixtures/node/rhel9-fips.ndjson" >two
must 0 "evidence" collect import two --now 2026-07-31T00:00:00Z
"$exhibit" collect import two --now 2026-10-01T00:00:00Z >/dev/null || true

# ---- the ledger on both sides of the end of FIPS 140-2 ----

must 0 before query modules --as-of 2026-08-01 --now 2026-11-24T00:00:00Z --format csv
says 'rhel8-fips,openssl,openssl-libs,1:1.1.1k-14.el8_6,stream,4642,FIPS 140-2,1,active'
says 'rhel9-fips,openssl,Red Hat Enterprise Linux 9 - OpenSSL FIPS Provider,3.0.7-395c1a240fbfffd8,exact,4857'
must 0 after query modules --as-of 2026-10-02 --now 2026-11-24T00:00:00Z --format csv
says 'rhel8-fips,openssl,openssl-libs,1:1.1.1k-14.el8_6,stream,4642,FIPS 140-2,1,historical'
says 'rhel9-fips,openssl,Red Hat Enterprise Linux 9 - OpenSSL FIPS Provider,3.0.7-395c1a240fbfffd8,exact,4857,FIPS 140-3,1,active'

# ---- and the verdicts ----

must 1 "judging before" assess --as-of 2026-08-01 --now 2026-08-01T12:00:00Z
must 1 "judging after" assess --as-of 2026-10-01T12:00:00Z --now 2026-10-01T12:00:00Z
verdict() { # DATE NODE
	must 0 "verdicts" query "SELECT verdict FROM verdict WHERE check_id =
		'node-certificate-status' AND key = '$2'" --as-of "$1" --format csv \
		--now 2026-11-24T00:00:00Z
	sed -n 2p out
}
[ "$(verdict 2026-08-01 rhel8-fips)" = satisfied ] || fail "active in August"
[ "$(verdict 2026-10-02 rhel8-fips)" = not-satisfied ] ||
	fail "historical in October"
[ "$(verdict 2026-10-02 rhel9-fips)" = satisfied ] || fail "FIPS 140-3 in October"
must 0 "what flipped" history rhel8-fips --now 2026-11-24T00:00:00Z
says node-certificate-status
must 1 "a report on it" report --period 2026Q3..2026Q4 --now 2026-10-02T00:00:00Z \
	--unsigned --max-age 0
grep -q 'id="t-module-ledger"' exhibit-report.html || fail "no ledger in the report"
grep -q 'id="t-catalogs"' exhibit-report.html || fail "no catalogues in the report"
grep -q '>4642<' exhibit-report.html || fail "no certificate number in the report"

# past the newest observations nothing is active any more: look
must 1 "much later" assess --now 2027-06-01T00:00:00Z --max-age 0
must 0 "verdicts" query "SELECT verdict, reason FROM verdict WHERE check_id =
	'node-certificate-status' AND key = 'rhel9-fips'" --now 2027-06-01T00:00:00Z
says unknown
says "check live"

# ---- a newer catalogue, and the record of the old ----

mkdir newer
{
	"$exhibit" catalog show cmvp-status
	printf '4857\tHistorical\t2026-09-30\tseen by a person\n'
} >newer/cmvp-status.tsv
must 1 "with it" assess --as-of 2026-10-01T12:00:00Z --now 2026-11-24T00:00:00Z \
	--catalogs newer
[ "$(verdict 2026-10-02 rhel9-fips)" = not-satisfied ] || fail "the newer is not used"
must 0 "records" query "SELECT count(DISTINCT body ->> '\$.catalogs.cmvp-status') AS n
	FROM log WHERE type = 'judgement'" --format csv
[ "$(sed -n 2p out)" = 2 ] || fail "judgements do not name their catalogues"
must 0 "one catalogue" catalog show cmvp-identity --format csv
says "certificate,module,by,name,exact,stream,source"
must 2 "none such" catalog show nosuch
says "there is none named"
must 2 "not one" catalog what
says "say list, or show"
printf 'x\n' >newer/cmvp-status.tsv
must 2 "a broken one" assess --catalogs newer
says "cmvp-status.tsv: it needs"
must 0 verification verify
echo ok
