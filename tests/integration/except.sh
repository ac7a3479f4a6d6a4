#!/bin/sh
# Exceptions: noted, shown beside the verdicts, never instead of them, and gone
# when they end.
# usage: except.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
# where no --now says another: certificates made below must be in force
echo 'now: 2027-01-04T00:00:00Z' >exhibit.yaml

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
	"$exhibit" "$@" >out 2>&1
	got=$?
	set -e
	[ $got = "$want" ] || fail "$what: status $got, not $want"
}
says() {
	grep -qF -- "$1" out || fail "does not say: $1"
}
has() { # FILE XPATH COUNT
	n=$(xmllint --xpath "count($2)" "$1")
	[ "$n" = "$3" ] || fail "$1: $n of $2, not $3"
}
prop='//*[local-name()="prop"][@name="exception"]'
findings='//*[local-name()="observation"]/*[local-name()="prop"][@name="verdict"][@value="not-satisfied"]'

must 0 "a key" key new --now 2026-10-01T00:00:00Z
cat "$here/../fixtures/node/debian12-off.ndjson" \
	"$here/../fixtures/node/al2023-half.ndjson" >two
must 0 "evidence" collect import two --now 2026-10-01T01:00:00Z
must 1 "without any" report --now 2026-10-01T02:00:00Z --output before

must 0 "one" except add --now 2026-10-01T03:00:00Z --check 'node-fips-*' \
	--subject 'debian12*' --owner 'Build team' --approver 'The <ISSO>' \
	--reason 'no regulated data' --expires 2026-12-31
says "until 2026-12-31T23:59:59Z"
id=$(sed -n 's/Exception \(X[0-9]*\),.*/\1/p' out)
must 1 "with it" report --now 2026-10-02T00:00:00Z --output open
has before.xml "$prop" 0
grep -q "$id for 1 of" open.xml || fail "not beside the finding"
! grep -q 'The <ISSO>' open.html || fail "a name became markup"
xmllint --noout open.html
[ "$(xmllint --xpath "count($findings)" before.xml)" = \
	"$(xmllint --xpath "count($findings)" open.xml)" ] ||
	fail "an exception changed a verdict"
for v in 1.0.6 1.2.2; do
	xmllint --noout --schema \
		"$here/../fixtures/oscal/$v/oscal_assessment-results_schema.xsd" \
		open.xml 2>out || fail "OSCAL $v"
done

# after its last day it counts for nothing
must 1 "after it" report --now 2027-01-01T00:00:00Z --max-age 0 --output expired
has expired.xml "$prop" 0
grep -q '<td>expired</td>' expired.xml || fail "an expired one is not shown"
must 0 list except list --now 2027-01-01T00:00:00Z
says "expired"

# withdrawn, it counts from then on for nothing, and did before
must 0 "another" except add --now 2027-01-01T01:00:00Z --check node-fips-on \
	--subject '*' --owner o --approver a --reason r --expires 2027-02-01
second=$(sed -n 's/Exception \(X[0-9]*\),.*/\1/p' out)
must 0 "withdrawing" except withdraw "$second" --reason 'mended' \
	--now 2027-01-02T00:00:00Z
must 2 "twice" except withdraw "$second" --reason 'mended' \
	--now 2027-01-02T01:00:00Z
says "was withdrawn before"
must 1 "after that" report --now 2027-01-03T00:00:00Z --max-age 0 --output late
has late.xml "$prop" 0
must 0 "as it stood" query exceptions --as-of 2026-12-01 --now 2027-01-03T00:00:00Z
says "open"
! grep -q "$second" out || fail "the past knows a later exception"

# every report is still the one that the store gives
must 0 verification verify before.xml open.xml expired.xml late.xml \
	--trust exhibit-cert.pem --config exhibit.yaml
says "Everything verifies"
# and the log shows who takes one out
sqlite3 exhibit.db "DROP TRIGGER log_keep_update; UPDATE log SET body =
	replace(body, '2026-12-31', '2029-12-31') WHERE type = 'exception'"
must 3 "an edited one" verify
says "log"

# ---- refusals ----

must 2 "no check" except add --subject x --owner o --approver a --reason r \
	--expires 2027-02-01 --now 2027-01-03T00:00:00Z
says "--check is needed"
must 2 "no such check" except add --check nosuch --subject x --owner o \
	--approver a --reason r --expires 2027-02-01 --now 2027-01-03T00:00:00Z
says "no check is named so"
must 2 "for ever" except add --check node-fips-on --subject x --owner o \
	--approver a --reason r --expires 2099-01-01 --now 2027-01-03T00:00:00Z
says "an exception ends"
must 2 "the past" except add --check node-fips-on --subject x --owner o \
	--approver a --reason r --expires 2026-01-01 --now 2027-01-03T00:00:00Z
says "an exception ends"
must 2 "no date" except add --check node-fips-on --subject x --owner o \
	--approver a --reason r --expires never --now 2027-01-03T00:00:00Z
says "not a UTC date"
must 2 "blank" except add --check node-fips-on --subject x --owner ' ' \
	--approver a --reason r --expires 2027-02-01 --now 2027-01-03T00:00:00Z
says "--owner is needed"
must 2 "which" except withdraw
says "say which"
must 2 "none such" except withdraw X0 --reason r --now 2027-01-03T00:00:00Z
says "no such exception"
must 2 "what" except
says "say add, withdraw or list"
echo ok
