#!/bin/sh
# Bundles: docs/bundles.md checks one, import takes it, and every other thing
# is refused with nothing written.
# usage: bundle.sh EXHIBIT
set -eu

exhibit=$1
here=$(cd "$(dirname "$0")" && pwd)
fixtures=$here/../fixtures/node
for tool in openssl sqlite3 base64 sha256sum; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"
# where no --now says another: certificates made below must be in force
echo 'now: 2026-03-10T00:00:00Z' >exhibit.yaml

fail() {
	echo "FAILED: $1" >&2
	[ ! -s out ] || sed 's/^/  out: /' out | head -20 >&2
	exit 1
}
run() { # STATUS ARG...
	status=$1
	shift
	got=0
	"$exhibit" "$@" >out 2>&1 || got=$?
	[ $got = "$status" ] || fail "$*: status $got, not $status"
	what=$*
}
says() {
	for text; do
		grep -qF -- "$text" out || fail "$what: the answer lacks '$text'"
	done
}
make() { # ORIGIN FILE TIME KEY FIXTURE
	run 0 collect node --root "$fixtures/$5" --name web-1 --no-imds \
		--no-commands --origin "$1" --bundle "$2" --now "$3" \
		--key "$4.key" --cert "$4.pem"
	says "of $1 is in $2"
}
# refuse TEXT FILE [OPTION...]: status 2 or 3, and the store as it was
refuse() {
	text=$1 file=$2
	shift 2
	cp exhibit.db before.db
	got=0
	"$exhibit" collect import "$file" --now 2026-03-03T00:00:00Z "$@" \
		>out 2>&1 || got=$?
	[ $got = 2 ] || [ $got = 3 ] || fail "$file $*: status $got"
	what="$file $*"
	says "$text"
	cmp -s exhibit.db before.db || fail "$what: something was written"
}

for who in web-1 web-2 thief; do
	run 0 key new --key $who.key --cert $who.pem --name $who --now 2026-01-01
done
mkdir signers
cp web-1.pem web-2.pem signers
make web-1 web-1.bundle 2026-03-02T12:00:00Z web-1 rhel9-fips
[ ! -e exhibit.db ] || fail "--bundle made a store"

# ---- the page's own lines
mkdir page
cp web-1.bundle page
cp web-1.pem page/signer.pem
awk '/^```/ { code = $0 == "```sh"; next } code' "$here/../../docs/bundles.md" \
	>page/lines.sh
sed -i 's/openssl cms -verify/& -attime 1773100800/' page/lines.sh
[ "$(wc -l <page/lines.sh)" -ge 5 ] || fail "bundles.md has no lines to run"
(cd page && sh -eu lines.sh) >out 2>&1 || fail "the lines of bundles.md"
sed '2s/observed/absent/' web-1.bundle >page/web-1.bundle
! (cd page && sh -eu lines.sh) >out 2>&1 || fail "bundles.md takes an edited line"
sed '1s/"origin":"web-1"/"origin":"web-2"/' web-1.bundle >page/web-1.bundle
! (cd page && sh -eu lines.sh) >out 2>&1 || fail "bundles.md takes an edited record"
# what --emit prints is what is between
"$exhibit" collect node --root "$fixtures/rhel9-fips" --name web-1 --no-imds \
	--no-commands --emit >emitted
sed '1d;$d' web-1.bundle | cmp -s - emitted || fail "not what --emit prints"

# ---- taken, with its origin
now=2026-03-03T00:00:00Z
run 3 collect import web-1.bundle --allow thief.pem --now $now
[ ! -e exhibit.db ] || fail "a refusal made a store"
run 0 init --name here --now 2026-03-01
run 2 collect import web-1.bundle --now $now
says 'is a signed bundle' '--allow'
rm -f exhibit.db
run 0 init --name here --now 2026-03-01
refuse 'is not trusted' web-1.bundle --allow thief.pem
cp exhibit.db empty.db
"$exhibit" collect import web-1.bundle --allow signers --now $now >out 2>&1 ||
	[ $? = 1 ] || fail "import"
says 'Run 1'
[ "$(sqlite3 exhibit.db "SELECT origin, ended, plan ->> '\$.signed',
	plan ->> '\$.bundle.began', plan ->> '\$.bundle.plan.collector',
	length(plan ->> '\$.bundle.signer') FROM run")" = \
	"web-1|$now|1|2026-03-02T12:00:00Z|node|64" ] || fail "its plan: $(
	sqlite3 exhibit.db 'SELECT origin, ended, plan FROM run')"
run 1 verify --cert web-1.pem --now $now
says "no signed checkpoint"
[ "$(sqlite3 exhibit.db 'SELECT count(*) FROM subject')" = \
	"$(grep -c '"key"' emitted)" ] || fail "not all of it was kept"

# ---- replayed, older, of another origin
refuse 'was imported already, as run 1' web-1.bundle --allow signers
make web-1 older.bundle 2026-03-02T11:00:00Z web-1 al2023-half
refuse 'which is not older' older.bundle --allow signers
make web-1 same.bundle 2026-03-02T12:00:00Z web-1 al2023-half
refuse 'which is not older' same.bundle --allow web-1.pem
make web-2 claims.bundle 2026-03-02T13:00:00Z web-1 rhel9-fips
refuse 'is not trusted' claims.bundle --allow signers
make web-9 nobody.bundle 2026-03-02T13:00:00Z web-1 rhel9-fips
refuse "nobody may sign for origin 'web-9'" nobody.bundle --allow signers
refuse 'No such file' nobody.bundle --allow nothere.pem

# ---- too old, or from the future
make web-1 stale.bundle 2026-03-02T14:00:00Z web-1 rhel9-fips
cp exhibit.db at3.db
run 2 collect import stale.bundle --allow signers --now 2026-03-09
says 'over 24 hours ago' '--bundle-age'
run 2 collect import stale.bundle --allow signers --now 2026-03-02T13:00:00Z
says 'which is after now'
refuse 'not a number of hours' stale.bundle --allow signers --bundle-age=-1
cmp -s exhibit.db at3.db || fail "a refusal wrote something"
"$exhibit" collect import stale.bundle --allow web-1.pem --now 2026-03-09 \
	--bundle-age 0 >out 2>&1 || [ $? = 1 ] || fail "--bundle-age 0"
[ "$(sqlite3 exhibit.db "SELECT plan ->> '\$.bundle.ended' FROM run
	WHERE id = 2")" = 2026-03-02T14:00:00Z ] || fail "the origin's time"

# ---- forged, edited, cut, added to
make web-1 good.bundle 2026-03-02T20:00:00Z web-1 rhel9-fips
allow='--allow signers'
# shellcheck disable=SC2086
for _ in once; do
	sed '2s/observed/obzerved/' good.bundle >bad
	refuse 'edited or reordered' bad $allow
	{ sed -n 1p good.bundle; sed -n 3p good.bundle; sed -n 2p good.bundle
		sed '1,3d' good.bundle; } >bad
	refuse 'edited or reordered' bad $allow
	sed 2d good.bundle >bad
	refuse 'it was cut or added to' bad $allow
	sed '2p' good.bundle >bad
	refuse 'it was cut or added to' bad $allow
	sed '$d' good.bundle >bad
	refuse 'its last line is not a signature' bad $allow
	head -c 3000 good.bundle >bad
	refuse 'cut off' bad $allow
	{ cat good.bundle; echo; } >bad
	refuse 'its last line is not a signature' bad $allow
	{ cat good.bundle; printf x; } >bad
	refuse 'cut off' bad $allow
	{ cat good.bundle; sed -n 2p good.bundle; } >bad
	refuse 'its last line is' bad $allow
	{ cat good.bundle; tail -n 1 good.bundle; } >bad
	refuse 'it was cut or added to' bad $allow
	sed '1s/"origin":"web-1"/"origin":"web-2"/' good.bundle >bad
	refuse 'its signature' bad $allow
	sed '1s/"began":"2026-03-02T20/"began":"2026-03-02T19/' good.bundle >bad
	refuse 'its signature' bad $allow
	sed '1s/"version":1}/"version":2}/' good.bundle >bad
	refuse 'of version 2' bad $allow
	sed '1s/{"began"/{ "began"/' good.bundle >bad
	refuse 'not a signed bundle' bad $allow
	sed '1s/,"body"/, "body"/' good.bundle >bad
	refuse 'not canonical' bad $allow
	sed '1s/,"type":"bundle"/,"type":"bundle","type":"bundle"/' good.bundle >bad
	refuse 'bundle' bad $allow
	refuse 'not a signed bundle' emitted $allow
	: >bad
	refuse 'not a signed bundle' bad $allow
	head -c 270000000 /dev/zero >bad
	refuse 'larger' bad $allow
	rm bad
	# signed again by another, with its certificate inside
	head -n 1 good.bundle >record
	openssl cms -sign -binary -cades -md sha384 -in record -signer thief.pem \
		-inkey thief.key -outform DER -out record.p7s
	{ sed '$d' good.bundle; base64 -w 0 record.p7s; echo; } >bad
	refuse 'is not trusted' bad $allow
	# by the right one, over lines this version does not know
	sed '1d;$d' good.bundle | sed '1s/"kind":"[^"]*"/"kind":"no.such"/' >lines
	sum=$(sha256sum <lines | cut -c 1-64)
	sed "s/\"bytes\":[0-9]*/\"bytes\":$(wc -c <lines)/
		s/\"sha256\":\"[0-9a-f]*\"/\"sha256\":\"$sum\"/" record >record2
	openssl cms -sign -binary -cades -md sha384 -in record2 -signer web-1.pem \
		-inkey web-1.key -outform DER -out record.p7s
	{ cat record2 lines; base64 -w 0 record.p7s; echo; } >bad
done
got=0
cp empty.db kind.db # time has gone on in the other
"$exhibit" collect import bad --allow signers --store kind.db --now $now >out 2>&1 ||
	got=$?
[ $got = 2 ] || fail "an unknown kind: status $got"
what=kind
says "kind 'no.such' is unknown"
[ "$(sqlite3 kind.db "SELECT state, origin FROM run ORDER BY id DESC
	LIMIT 1")" = 'failed|web-1' ] || fail "the failed attempt"
# which does not stand in the way of the good one, from standard input
"$exhibit" collect import - --allow signers --store kind.db --now $now <good.bundle >out 2>&1 ||
	[ $? = 1 ] || fail "the good one"
run 1 verify --store kind.db --cert web-1.pem --now $now
says "no signed checkpoint"

# ---- options, and what is not signed
refuse 'neither with import nor --emit' good.bundle --bundle x
run 2 collect node --bundle x --emit
for bad in '' .. a/b -x "$(printf %065d 0)" 'a b'; do
	run 2 collect node --root "$fixtures/rhel9-fips" --bundle x "--origin=$bad"
	says '--origin'
	[ ! -e x ] || fail "--origin '$bad' wrote a bundle"
done
"$exhibit" collect import emitted --now 2026-03-10 >out 2>&1 || [ $? = 1 ] ||
	fail "plain NDJSON"
[ "$(sqlite3 exhibit.db "SELECT origin, plan ->> '\$.signed' FROM run
	ORDER BY id DESC LIMIT 1")" = 'here|0' ] || fail "unsigned, and not so marked"

# ---- an authority's certificate instead of the signer's
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -days 9000 \
	-keyout ca.key -out ca.pem -subj /CN=ca 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout leaf.key \
	-subj /CN=leaf -out leaf.csr 2>/dev/null
printf 'keyUsage=digitalSignature\n' >ext
openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -days 8000 -extfile ext \
	-out leaf.pem 2>/dev/null
soon=$(date -u +%Y-%m-%dT%H:%M:%SZ)
make web-3 leaf.bundle "$soon" leaf rhel9-fips
"$exhibit" collect import leaf.bundle --allow ca.pem --now "$soon" >out 2>&1 ||
	[ $? = 1 ] || fail "by an authority"
# ---- an expired signer cannot sign for today
run 2 collect node --root "$fixtures/rhel9-fips" --no-imds --no-commands \
	--origin web-1 --bundle x --now 2099-01-01 --key web-1.key --cert web-1.pem
[ ! -e x ] || fail "signed by an expired certificate"
echo ok
