#!/bin/sh
# A real FIPS provider: built from Debian's own source of OpenSSL, loaded, used
# by exhibit for hashing and signing, recognised as what it is (no certificate
# speaks of it), and changed by one byte, which must not read as active.
# The provider is built once, into CACHE. usage: fips_provider.sh EXHIBIT CACHE
set -eu

exhibit=$1
cache=$2
skip() {
	echo "skipped: $*"
	exit 77
}
fail() {
	echo "FAILED: $*"
	exit 1
}

# ---- the provider

[ -f /etc/debian_version ] || skip 'not a Debian system'
for need in openssl apt-get tar make perl strip cc; do
	command -v $need >/dev/null || skip "no $need here"
done
case $(openssl version) in
'OpenSSL 3.'*) ;;
*) skip "$(openssl version) knows no providers" ;;
esac
mkdir -p "$cache"
cd "$cache"
cache=$PWD

# What apt needs is kept here: its lists and settings of the system stay as they
# are.
fetch() {
	mkdir -p lists/partial archives/partial
	codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	keys=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r $keys ] || skip "no $keys here"
	cat >sources.list <<-EOF2
		deb-src [signed-by=$keys] http://deb.debian.org/debian $codename main
	EOF2
	set -- -q -o "Dir::Etc::sourcelist=$cache/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null \
		-o "Dir::State::lists=$cache/lists" -o "Dir::Cache=$cache" \
		-o Acquire::Retries=1 -o Acquire::http::Timeout=20
	timeout 600 apt-get "$@" update >apt.log 2>&1 ||
		skip "the sources' list cannot be had: $(tail -1 apt.log)"
	timeout 600 apt-get "$@" --download-only source openssl >apt.log 2>&1 ||
		skip "OpenSSL's source cannot be had: $(tail -1 apt.log)"
	set -- openssl_*.orig.tar.gz
	[ -f "$1" ] || skip 'OpenSSL has another form of source here'
	rm -rf source object
	mkdir source object
	tar -xzf "$1" -C source --strip-components=1
}
build() {
	case $(uname -m) in
	x86_64) target=linux-x86_64 ;;
	aarch64) target=linux-aarch64 ;;
	*) skip "not built on $(uname -m)" ;;
	esac
	(
		cd object
		timeout 3000 ../source/Configure enable-fips no-tests $target &&
			timeout 3000 make -s -j2 build_generated providers/fips.so
	) >build.log 2>&1 || skip "the provider does not build: $(tail -1 build.log)"
	strip -o fips.new object/providers/fips.so
	rm -rf source object lists archives
	mv fips.new fips.so
}
if [ ! -f fips.so ]; then
	[ "${EXHIBIT_FIPS_BUILD:-0}" = 1 ] || skip 'no provider is built yet;' \
		'EXHIBIT_FIPS_BUILD=1 (as scripts/test sets it) fetches and builds it'
	fetch
	build
fi

# provider FOLDER: a place for it, with its configuration
provider() {
	mkdir -p "$1"
	cp "$cache/fips.so" "$1/fips.so"
	openssl fipsinstall -out "$1/fipsmodule.cnf" -module "$1/fips.so" \
		>"$1/install.log" 2>&1 || fail "fipsinstall: $(tail -1 "$1/install.log")"
	cat >"$1/openssl.cnf" <<-EOF2
		openssl_conf = openssl_init
		.include $1/fipsmodule.cnf
		[openssl_init]
		providers = provider_sect
		alg_section = algorithm_sect
		[provider_sect]
		fips = fips_sect
		base = base_sect
		[base_sect]
		activate = 1
		[algorithm_sect]
		default_properties = fips=yes
	EOF2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
provider "$work/good"
provider "$work/bad"
version=$(OPENSSL_CONF=$work/good/openssl.cnf OPENSSL_MODULES=$work/good \
	openssl list -providers | sed -n '/^  fips/,$s/^    version: //p' | head -1)
[ -n "$version" ] || fail 'OpenSSL itself does not load it'
now=2026-11-25T00:00:00Z

# with FOLDER COMMAND...: under this provider
with() {
	folder=$1
	shift
	OPENSSL_CONF=$folder/openssl.cnf OPENSSL_MODULES=$folder "$@"
}

echo "== exhibit hashes and signs by it: $version"
with "$work/good" "$exhibit" init --fips --now $now >/dev/null || fail 'init --fips'
with "$work/good" "$exhibit" key new --fips --now $now >/dev/null || fail 'a key under --fips'
at='"provenance":{"collector":"node","source":"test"},"scope":"host/web-1"}'
cat >host.ndjson <<EOF2
{"key":"web-1","kind":"node","observation":{"attributes":{"fips_enabled":1,"fips_enabled_outcome":"observed","kernel_release":"6.1.0-40-amd64","os_family":"debian","os_version":"12"},"outcome":"observed"},$at
{"key":"web-1","kind":"node.openssl","observation":{"attributes":{"library_version":"3.0.19","runtime_outcome":"observed"},"outcome":"observed"},$at
{"key":"fips","kind":"node.provider","observation":{"attributes":{"active":true,"buildinfo":"$version","name":"OpenSSL FIPS Provider","version":"$version"},"outcome":"observed"},$at
{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node","node.openssl","node.provider"],"outcome":"observed","reason":null,"scope":"host/web-1","subjects":3}}
EOF2
with "$work/good" "$exhibit" collect import host.ndjson --fips --now $now >/dev/null ||
	fail 'collect --fips'
got=0
with "$work/good" "$exhibit" report --fips --now $now >out 2>&1 || got=$?
[ $got = 1 ] || fail "report --fips: status $got: $(cat out)"
want="OpenSSL FIPS Provider $version (build $version), libcrypto"
for file in exhibit-report.xml exhibit-report.html; do
	grep -q "$want .*fips=yes" $file || fail "$file does not name the module"
done
"$exhibit" query 'SELECT module FROM run' --format csv | grep -q "$want" ||
	fail 'the run does not name the module'
with "$work/good" "$exhibit" verify exhibit-report.xml --fips --cert exhibit-cert.pem >/dev/null ||
	fail 'verify --fips'
openssl cms -verify -binary -cades -purpose any -inform DER -in exhibit-report.xml.p7s \
	-content exhibit-report.xml -CAfile exhibit-cert.pem -out /dev/null 2>/dev/null ||
	fail 'the signature does not verify by the system'"'"'s OpenSSL'

echo '== recognised: no certificate speaks of it'
"$exhibit" query modules --format csv --now $now >modules
grep -q '^host/web-1,openssl,OpenSSL FIPS Provider,'"$version"',,' modules || fail "$(cat modules)"
grep '^host/web-1,openssl' modules | grep -qE ',(none|different),' || fail "$(cat modules)"
[ "$("$exhibit" query "SELECT verdict FROM verdict WHERE check_id = 'node-module-validated'" --format csv | sed -n 2p | tr -d '\r')" = not-satisfied ] ||
	fail 'it reads as validated'

echo '== read without running it: what the file of another root says it is'
mkdir -p root/usr/lib64/ossl-modules root/etc
cp "$cache/fips.so" root/usr/lib64/ossl-modules/
printf 'ID=debian\nVERSION_ID=12\n' >root/etc/os-release
"$exhibit" collect node --root root --emit --now $now >root.ndjson || [ $? = 1 ] || fail 'collect --root'
grep '"kind":"node.openssl"' root.ndjson | grep -q '"fips_module_name":"OpenSSL FIPS Provider"' ||
	fail "$(grep node.openssl root.ndjson)"
grep '"kind":"node.openssl"' root.ndjson | grep -q "\"fips_module_version\":\"$version\"" ||
	fail "$(grep node.openssl root.ndjson)"
"$exhibit" init --store root.db --now $now >/dev/null
"$exhibit" collect import root.ndjson --store root.db --now $now >/dev/null || [ $? = 1 ]
"$exhibit" query modules --store root.db --format csv --now $now | grep "^host/.*,openssl,OpenSSL FIPS Provider,$version,.*,none," >/dev/null ||
	fail "$("$exhibit" query modules --store root.db --format csv --now $now)"
"$exhibit" assess --store root.db --now $now >/dev/null || [ $? = 1 ]
[ "$("$exhibit" query "SELECT verdict FROM verdict WHERE check_id = 'node-module-active'" --store root.db --format csv | sed -n 2p | tr -d '\r')" = unknown ] ||
	fail 'a file that was read is no module in use'

echo '== a byte is changed: exhibit does nothing under --fips'
size=$(wc -c <"$work/bad/fips.so")
byte=$(od -An -tu1 -j $((size / 2)) -N 1 "$work/bad/fips.so" | tr -d ' ')
printf "\\$(printf %o $((byte ^ 1)))" |
	dd of="$work/bad/fips.so" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
cmp -s "$work/good/fips.so" "$work/bad/fips.so" && fail 'the byte is as it was'
with "$work/bad" openssl list -providers >list 2>&1 || true
grep -q 'status: active' list || fail 'OpenSSL lists nothing at all'
got=0
with "$work/bad" "$exhibit" report --fips --now $now --output tampered >out 2>&1 || got=$?
[ $got = 2 ] || fail "report --fips: status $got: $(cat out)"
grep -q "no FIPS provider here that loads and passes its self-tests" out || fail "$(cat out)"
[ ! -e tampered.html ] && [ ! -e tampered.xml ] || fail 'a report was written'

echo '== and a node is not seen as active'
# The collector reads the host's own configuration, whatever the environment
# says; so the host gets another one, in a mount namespace that ends with it.
modules=$(openssl version -m | sed 's/^MODULESDIR: "\(.*\)"$/\1/')
config=$(openssl version -d | sed 's/^OPENSSLDIR: "\(.*\)"$/\1/')/openssl.cnf
# collect SIDE: the host with this provider, as NDJSON
collect() {
	mkdir "$1-modules"
	cp "$1/fips.so" "$1-modules/"
	unshare -m sh -c 'mount --bind "$1" "$2" && mount --bind "$3" "$4" &&
		exec "$5" collect node --emit --now "$6"' sh "$work/$1/openssl.cnf" \
		"$(readlink -f "$config")" "$work/$1-modules" "$modules" "$exhibit" $now
}
provider_of() { # NDJSON
	grep '"key":"fips","kind":"node.provider"' "$1" || true
}
if [ "$(id -u)" != 0 ] || ! unshare -m mount --bind "$work" "$work" 2>/dev/null; then
	echo 'node collection: skipped: no mount namespace here'
else
	for side in good bad; do
		collect $side >$side.ndjson 2>err || [ $? = 1 ] || fail "$side: $(cat err)"
	done
	provider_of good.ndjson | grep -q '"active":true' || fail "$(grep node.openssl good.ndjson)"
	provider_of good.ndjson | grep -q "\"version\":\"$version\"" || fail "$(provider_of good.ndjson)"
	grep '"kind":"node.openssl"' good.ndjson | grep -q '"runtime_fips_served_by":"fips","runtime_md5":"refused"' ||
		fail "$(grep node.openssl good.ndjson)"
	provider_of bad.ndjson | grep -q '"active":true' && fail 'the changed provider reads as active'
	"$exhibit" init --store bad.db --now $now >/dev/null
	"$exhibit" collect import bad.ndjson --store bad.db --now $now >/dev/null || [ $? = 1 ]
	"$exhibit" assess --store bad.db --now $now >/dev/null || [ $? = 1 ]
	got=$("$exhibit" query "SELECT verdict FROM verdict WHERE check_id = 'node-module-active'" --store bad.db --format csv | sed -n 2p | tr -d '\r')
	[ "$got" = not-satisfied ] || [ "$got" = unknown ] || fail "node-module-active: $got"
fi
echo 'fips_provider: ok'
