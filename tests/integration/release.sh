#!/bin/sh
# scripts/release: what it writes, that writing again gives equal bytes, and that
# a reader can check it. With EXHIBIT_TEST_ALL the package is built twice from
# nothing, in directories of other names, in another time zone and language.
# usage: release.sh EXHIBIT
set -eu

source=$(cd "$(dirname "$0")/../.." && pwd)
if ! git -C "$source" rev-parse HEAD >/dev/null 2>&1; then
	echo 'skipped: the sources are in no git repository'
	exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

git clone -q "$source" one
git clone -q "$source" another-name
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -days 2 \
	-subj /CN=release -keyout key.pem -out cert.pem 2>log || fail "$(cat log)"

whole=
[ -z "${EXHIBIT_TEST_ALL:-}" ] || whole=--deb
export CCACHE_DISABLE=1
one/scripts/release first $whole --key key.pem --cert cert.pem >log 2>&1 || fail "$(tail -5 log)"
(umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 another-name/scripts/release second $whole >log 2>&1) ||
	fail "$(tail -5 log)"

echo '== equal bytes'
cmp first/SHA256SUMS second/SHA256SUMS || fail "$(diff first/SHA256SUMS second/SHA256SUMS)"

echo '== a reader checks it'
(cd first && sha256sum --quiet -c SHA256SUMS) || fail 'the sums do not hold'
openssl cms -verify -binary -cades -purpose any -inform DER -in first/SHA256SUMS.p7s \
	-content first/SHA256SUMS -CAfile cert.pem -out /dev/null 2>log || fail "$(cat log)"
name=$(basename first/*.tar.gz .tar.gz)
mkdir unpacked
tar -xzf "first/$name.tar.gz" -C unpacked
(cd "unpacked/$name" && sha256sum --quiet -c "$dir/first/$name.digests") ||
	fail 'the digests are not those of the sources'
[ "$(find "unpacked/$name/checks" -name '*.sql' | wc -l)" = "$(grep -c ' checks/' "first/$name.digests")" ] ||
	fail 'a check has no digest'
for file in CHANGELOG.md SECURITY.md LICENSE docs/exhibit.1; do
	[ -s "unpacked/$name/$file" ] || fail "no $file in the sources"
done
if command -v sqlite3 >/dev/null; then
	[ "$(sqlite3 :memory: "SELECT json_valid(j) AND j ->> '\$.bomFormat' = 'CycloneDX'
		AND json_array_length(j, '\$.components') = 10
		AND NOT EXISTS (SELECT 1 FROM json_each(j, '\$.components') c
			WHERE coalesce(c.value ->> '\$.version', '') = '')
		FROM (SELECT CAST(readfile('first/$name.cdx.json') AS TEXT) AS j)")" = 1 ] ||
		fail 'the bill of materials'
fi

echo '== what is in no commit is not released'
echo >>one/README.md
one/scripts/release third >log 2>&1 && fail 'changes are released'
grep -q 'in no commit' log || fail "$(cat log)"

echo 'release: ok'
