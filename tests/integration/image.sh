#!/bin/sh
# Images from layouts, archives and folders: what is found in them, what later
# layers hide, and what is said of those that are not well. All are made here.
# usage: image.sh EXHIBIT
set -eu

exhibit=$(realpath "$1")
for tool in tar gzip zstd gcc sha256sum; do
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
failed=0

wrong() {
	echo "FAILED: $1" >&2
	failed=1
}

# expect NAME FILE TEXT: a line of the file holds this text
expect() {
	grep -qF -- "$3" "$2" || {
		wrong "$1: nothing says $3"
		cut -c1-400 "$2" >&2
	}
}

lacks() {
	! grep -qF -- "$3" "$2" || wrong "$1: it says $3"
}

# ---- an image in three layers

mkdir -p base/etc/ssl base/usr/lib base/usr/bin base/lib/apk/db
library base/usr/lib/ossl-modules/fips.so 'provider=fips,fips=yes' \
	'OpenSSL FIPS Provider' buildinfo 3.1.2 status
library base/usr/lib/libcrypto.so.3 'OpenSSL 3.1.4 24 Oct 2023' 'crypto/evp/x.c'
library base/usr/lib/libsodium.so.23 nothing
cat >base/etc/os-release <<'EOF'
ID=wolfi
PRETTY_NAME="Wolfi"
VERSION_ID="20230201"
EOF
cat >base/etc/ssl/openssl.cnf <<'EOF'
openssl_conf = openssl_init
.include /etc/ssl/fipsmodule.cnf
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
EOF
cat >base/etc/ssl/fipsmodule.cnf <<'EOF'
[fips_sect]
activate = 1
install-status = INSTALL_SELF_TEST_KATS_RUN
conditional-errors = 1
security-checks = 1
module-mac = 00:11
EOF
printf 'P:libcrypto3\nV:3.1.4-r5\nA:x86_64\n\nP:busybox\nV:1.36\nA:x86_64\n\n' \
	>base/lib/apk/db/installed
echo 'int main(void) { return 0; }' >main.c
gcc -o base/usr/bin/app main.c -Lbase/usr/lib -Wl,--no-as-needed \
	-l:libcrypto.so.3 -l:libsodium.so.23
ln base/usr/bin/app base/usr/bin/app2

mkdir -p second/usr/lib
: >second/usr/lib/.wh.libsodium.so.23
mkdir -p third/usr/lib
library third/usr/lib/libgcrypt.so.20 'This is Libgcrypt 1.10.1 - The GNU'

layer base one.tar.gz gzip
layer second two.tar.zst zstd
layer third three.tar cat
config config.json amd64 PATH=/bin GODEBUG=fips140=on SECRET=hunter2 \
	OPENSSL_CONF=/etc/ssl/openssl.cnf
digest=$(manifest layout manifest.json config.json one.tar.gz two.tar.zst three.tar)
index layout app-fips:1 "$digest" linux/amd64

"$exhibit" collect image oci:layout --emit >layout.out
expect reference layout.out "\"digest\":\"$digest\",\"image\":\"$digest\""
expect platform layout.out '"platform":"linux/amd64"'
expect scope layout.out "\"scope\":\"image/$digest\""
expect provider layout.out '"name":"OpenSSL FIPS Provider","path":"usr/lib/ossl-modules/fips.so"'
expect version layout.out '"version":"3.1.2"'
expect "digest of the provider" layout.out \
	"\"sha256\":\"$(sha256sum base/usr/lib/ossl-modules/fips.so | cut -d' ' -f1)\""
expect "third layer" layout.out '"key":"libgcrypt:usr/lib/libgcrypt.so.20"'
lacks "whiteout" layout.out '"module":"libsodium","name"'
expect links layout.out '"examples":["usr/bin/app","usr/bin/app2"],"library":"libsodium.so"'
expect packages layout.out '"manager":"apk","name":"libcrypto3","signing_key":null,"vendor":null,"version":"3.1.4-r5"'
lacks "packages that do not matter" layout.out busybox
expect configuration layout.out '"config_activates_fips":true'
expect "other providers" layout.out '"config_activates_default":false'
expect properties layout.out '"config_properties":"fips=yes"'
expect "self-test" layout.out '"install_status":"INSTALL_SELF_TEST_KATS_RUN"'
expect environment layout.out '"env":{"GODEBUG":"fips140=on","OPENSSL_CONF":"/etc/ssl/openssl.cnf"}'
lacks secrets layout.out hunter2
expect system layout.out '"os_id":"wolfi"'
expect complete layout.out '"gaps":[]'

# ---- the same from elsewhere

"$exhibit" collect image oci:layout:app-fips:1 --emit >named.out
expect "by name" named.out "\"digest\":\"$digest\""
"$exhibit" collect image oci:layout:other --emit >none.out
expect "no such name" none.out '"outcome":"absent"'

tar -C layout -cf oci.tar .
"$exhibit" collect image oci-archive:oci.tar --emit >oci.out
# everything but the name, and what is counted over it, is equal
sed 's/oci:layout/X/g; s/,"seq":{[^}]*}//; /^{"end"/d' layout.out >a
sed 's/oci-archive:oci.tar/X/g; s/,"seq":{[^}]*}//; /^{"end"/d' oci.out >b
cmp a b || wrong "an archive of a layout differs from the layout"

mkdir docker
gzip -dc one.tar.gz >docker/1.tar
zstd -qdc two.tar.zst >docker/2.tar
mkdir docker/3
cp three.tar docker/layer3.tar
ln -s ../layer3.tar docker/3/layer.tar
diff_ids=$(sha256sum docker/1.tar docker/2.tar docker/layer3.tar |
	sed 's/^\([0-9a-f]*\).*/"sha256:\1"/' | paste -sd,)
config docker/config.json amd64 PATH=/bin
diff_ids=
echo '[{"Config":"config.json","RepoTags":["acme/app:1-fips"],"Layers":["1.tar","2.tar","3/layer.tar"]}]' \
	>docker/manifest.json
tar -C docker -cf docker.tar .
"$exhibit" collect image docker-archive:docker.tar --emit >docker.out
expect "docker archive" docker.out '"name":"OpenSSL FIPS Provider"'
expect "its digest" docker.out \
	"\"digest\":\"sha256:$(sha256sum docker/config.json | cut -d' ' -f1)\""
expect "its third layer" docker.out '"key":"libgcrypt:usr/lib/libgcrypt.so.20"'
lacks "its whiteout" docker.out '"module":"libsodium","name"'

"$exhibit" collect image root:base --emit >root.out
expect folder root.out '"image":"root:base"'
expect "provider of a folder" root.out '"name":"OpenSSL FIPS Provider"'
expect "library of a folder" root.out '"module":"libsodium","name"'

# ---- platforms

config arm.json arm64
arm=$(manifest layout arm-manifest.json arm.json one.tar.gz)
index layout x "$digest" linux/amd64 "$arm" linux/arm64
"$exhibit" collect image oci:layout --platform linux/arm64 --emit >arm.out
expect arm64 arm.out "\"digest\":\"$arm\""
lacks arm64 arm.out "$digest"
"$exhibit" collect image oci:layout --platform all --emit >all.out
expect "all: arm64" all.out "\"digest\":\"$arm\""
expect "all: amd64" all.out "\"digest\":\"$digest\""
"$exhibit" collect image oci:layout --platform linux/s390x --emit >s390.out
expect s390x s390.out 'it has no image for the platforms asked for'

# ---- images that are not well

# other LAYER...: an image of these layers and what is said of it
other() {
	rm -rf bad
	o_digest=$(manifest bad m.json config.json "$@")
	index bad x "$o_digest" linux/amd64
}
head -c 2000 one.tar.gz >cut.tar.gz
other cut.tar.gz
"$exhibit" collect image oci:bad --emit >cut.out
expect "cut layer" cut.out \
	'"outcome":"error","reason":"layer 1 of 1: the compressed data is cut off"'
expect "gaps" cut.out '"kind":"image.module"'

other one.tar.gz
printf x >>"bad/blobs/sha256/$(sha256sum one.tar.gz | cut -d' ' -f1)"
"$exhibit" collect image oci:bad --emit >digest.out
expect "wrong size" digest.out 'bytes that its manifest names'
lacks "wrong size" digest.out '"name":"OpenSSL FIPS Provider"'

other one.tar.gz
bad_blob="bad/blobs/sha256/$(sha256sum one.tar.gz | cut -d' ' -f1)"
{ head -c 100 one.tar.gz && printf '%s' xx && tail -c +103 one.tar.gz; } >"$bad_blob"
"$exhibit" collect image oci:bad --store bad.db >bad.out && code=0 || code=$?
[ "$code" = 1 ] || wrong "an image with wrong bytes: status $code"
"$exhibit" query gaps --store bad.db --format csv >gaps.csv
expect "a gap" gaps.csv 'image.module'

diff_ids="\"sha256:$(printf 'other' | sha256sum | cut -d' ' -f1)\""
config diff.json amd64 PATH=/bin
diff_ids=
rm -rf bad
o_digest=$(manifest bad m.json diff.json one.tar.gz)
index bad x "$o_digest" linux/amd64
"$exhibit" collect image oci:bad --emit >diffid.out
expect "wrong diff_id" diffid.out 'its unpacked bytes do not match the digest'

"$exhibit" collect image oci:nosuch --store bad.db >bad.out && code=0 || code=$?
[ "$code" = 1 ] || wrong "an image that is not there: status $code"

other one.tar.gz
printf x >>"bad/blobs/sha256/${o_digest#sha256:}"
"$exhibit" collect image oci:bad --emit >manifest.out
expect "wrong manifest" manifest.out 'do not match this digest'

other one.tar.gz
rm "bad/blobs/sha256/$(sha256sum one.tar.gz | cut -d' ' -f1)"
"$exhibit" collect image oci:bad --emit >absent.out
expect "absent layer" absent.out '"outcome":"absent"'

echo 'not json' >bad/index.json
"$exhibit" collect image oci:bad --emit >json.out
expect "no JSON" json.out 'index.json: no list of manifests'

mkdir -p rpm/var/lib/rpm
echo database >rpm/var/lib/rpm/Packages
layer rpm rpm.tar.gz
other rpm.tar.gz
"$exhibit" collect image oci:bad --emit >rpm.out
expect "RPM of no form" rpm.out 'RPM database: '

gzip -c docker.tar >docker.tar.gz
"$exhibit" collect image docker-archive:docker.tar.gz --emit >packed.out
expect "packed archive" packed.out 'unpack it first'

# ---- what is said to the user

"$exhibit" collect image --emit >out 2>&1 && status=0 || status=$?
[ "$status" = 2 ] || wrong "no image: status $status"
expect "no image" out 'name images'
"$exhibit" collect image 'UPPER!' --emit >out 2>&1 && status=0 || status=$?
[ "$status" = 2 ] || wrong "bad name: status $status"
"$exhibit" collect image --in-use --emit >out 2>&1 && status=0 || status=$?
[ "$status" = 2 ] || wrong "--in-use --emit: status $status"
expect "--in-use --emit" out 'takes what clusters run from a store'

# ---- once is enough

"$exhibit" collect image oci:layout --store s.db >out
expect "first run" out 'Run 1 complete'
"$exhibit" query images-known --store s.db --format csv >known.csv
expect "it is known" known.csv "$digest 3"
# its layers are gone, and are not missed
rm "layout/blobs/sha256/$(sha256sum three.tar | cut -d' ' -f1)"
"$exhibit" collect image oci:layout --store s.db >out
expect "second run" out 'Run 2 complete: 0 new, 0 changed, 0 gone'
# one that could not be looked at is tried again
other cut.tar.gz
"$exhibit" collect image oci:bad --store s.db >out || true
"$exhibit" query images-known --store s.db --format csv >known.csv
lacks "it is not known" known.csv "$o_digest"

[ "$failed" = 0 ] && echo "images are read"
exit "$failed"
