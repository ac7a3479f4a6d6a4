#!/bin/sh
# What each program of an image computes with: images that differ in one thing
# from one whose only program uses a validated provider, with the verdict that
# each must have. All are made here; nothing in them is run.
# usage: image_programs.sh EXHIBIT
set -eu

exhibit=$(realpath "$1")
for tool in tar gzip gcc sha256sum zip; do
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

# ---- the image that is right

mkdir -p base/etc/ssl base/usr/lib base/usr/bin base/lib64
library base/usr/lib/ossl-modules/fips.so 'provider=fips,fips=yes' \
	'OpenSSL FIPS Provider' buildinfo 3.1.2 status
# crypto OUT VERSION PREFIX: a libcrypto built for PREFIX
crypto() {
	library "$1" "OpenSSL $2 24 Oct 2023" 'crypto/evp/x.c' \
		"OPENSSLDIR: \\\"$3/ssl\\\"" "MODULESDIR: \\\"$4\\\""
}
crypto base/usr/lib/libcrypto.so.3 3.1.4 /etc /usr/lib/ossl-modules
cat >base/etc/ssl/openssl.cnf <<'END'
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
END
printf '[fips_sect]\nactivate = 1\ninstall-status = INSTALL_SELF_TEST_KATS_RUN\nmodule-mac = 00\n' \
	>base/etc/ssl/fipsmodule.cnf
printf 'ID=wolfi\nPRETTY_NAME="Wolfi"\nVERSION_ID="1"\n' >base/etc/os-release
library base/usr/lib/libc.so.6 nothing

# program OUT CODE [FLAGS...]: an ELF program that is linked with the base's
# libraries as told
program() {
	p_out=$1
	mkdir -p "$(dirname "$1")"
	printf '%s\n' "$2" >program.c
	shift 2
	gcc -w -o "$p_out" program.c "$@"
}
main='int main(void) { return 0; }'
needs='-Wl,--no-as-needed -l:libcrypto.so.3'
# shellcheck disable=SC2086
program base/usr/bin/app "$main" -Lbase/usr/lib $needs

# ---- those that differ

command='"/usr/bin/app"'
variables=
names=
# image NAME: base with the folder NAME on it, of $command and $variables
image() {
	mkdir -p "$1"
	layer base "$1.base.tar.gz"
	layer "$1" "$1.tar.gz"
	# shellcheck disable=SC2086
	config "$1.json" amd64 PATH=/usr/bin $variables
	sed "s|\"config\":{|&\"Entrypoint\":[$command],|" "$1.json" >"$1.c.json"
	i_digest=$(manifest "$1.layout" "$1.m.json" "$1.c.json" \
		"$1.base.tar.gz" "$1.tar.gz")
	index "$1.layout" "$1" "$i_digest" linux/amd64
	names="$names oci:$1.layout"
	command='"/usr/bin/app"'
	variables=
}
# is NAME VERDICT TEXT: what must come of it
is() {
	printf '%s\t%s\t%s\n' "oci:$1.layout" "$2" "$3" >>want
}

image right
is right satisfied '/etc/ssl/openssl.cnf activates OpenSSL FIPS Provider'

# configuration
mkdir -p empty/etc/ssl
printf '[x]\n' >empty/etc/ssl/openssl.cnf
image empty
is empty not-satisfied 'does not make it use the FIPS provider'

mkdir -p optional/etc/ssl
sed 's/fips=yes/?fips=yes/; s/^base = .*/default = base_sect/' \
	base/etc/ssl/openssl.cnf >optional/etc/ssl/openssl.cnf
image optional
is optional unknown 'could not determine'

mkdir -p other/opt
printf '[x]\n' >other/opt/openssl.cnf
variables=OPENSSL_CONF=/opt/openssl.cnf
image other
is other not-satisfied '/opt/openssl.cnf does not make it use'

variables=OPENSSL_CONF=/opt/none-openssl.cnf
image unset
is unset not-satisfied 'does not exist'

variables=OPENSSL_MODULES=/opt/modules
image modules
is modules not-satisfied 'no FIPS provider where this copy looks'

mkdir -p gone/etc/ssl
: >gone/etc/ssl/.wh.fipsmodule.cnf
image gone
is gone not-satisfied 'does not make it use'

# another copy
mkdir -p second/opt/lib
crypto second/opt/lib/libcrypto.so.3 3.2.1 /opt /opt/modules
variables=LD_LIBRARY_PATH=/opt/lib
image second
is second not-satisfied 'opt/lib/libcrypto.so.3: no FIPS provider where this copy'

mkdir -p runpath/usr/lib/own
crypto runpath/usr/lib/own/libcrypto.so.3 3.2.1 /opt /opt/modules
# shellcheck disable=SC2086
program runpath/usr/bin/app "$main" -Lbase/usr/lib $needs \
	"-Wl,--enable-new-dtags,-rpath,\$ORIGIN/../lib/own"
image runpath
is runpath not-satisfied 'usr/lib/own/libcrypto.so.3'

program static/usr/bin/app 'const char t[] = "OpenSSL 3.0.13 30 Jan 2024\0crypto/evp/x.c"; int main(void) { return 0; }'
image static
is static unknown 'where this copy looks for providers is not known'

program node/usr/bin/node 'const char t[] = "OpenSSL 3.0.13 30 Jan 2024\0crypto/evp/x.c\0OPENSSLDIR: \"/etc/ssl\"\0MODULESDIR: \"/usr/lib/ossl-modules\""; int main(void) { return 0; }'
command='"node","/app/x.js"'
image node
is node not-satisfied 'usr/bin/node: /etc/ssl/openssl.cnf does not make it use'

program wheel/usr/bin/python3.11 "$main"
crypto wheel/usr/lib/python3.11/site-packages/x.libs/libcrypto-1a2b.so.3 3.3.0 /w /w/modules
image wheel
is wheel not-satisfied 'site-packages/x.libs/libcrypto-1a2b.so.3'

# cryptography of its own
program bear/usr/bin/app 'const char t[] = "br_ssl_engine_init"; int main(void) { return 0; }'
image bear
is bear not-satisfied BearSSL

program busybox/usr/bin/busybox 'const char t[] = "TLS %s from peer (alert code %d): %s"; int main(void) { return 0; }'
image busybox
is busybox not-satisfied 'TLS of busybox'

program deno/usr/bin/deno 'const char t[] = "/registry/ring-0.17.8/src/aead.rs\0/rustls-0.23.5/src"; int main(void) { return 0; }'
image deno
is deno not-satisfied 'ring (Rust)'

program bun/usr/bin/bun 'const char t[] = "OpenSSL 1.1.1 (compatible; BoringSSL)\0crypto/evp/x"; int main(void) { return 0; }'
image bun
is bun not-satisfied BoringSSL

program rust/usr/bin/app 'const char t[] = "/registry/aes-0.8.4/src/soft.rs"; int main(void) { return 0; }'
image rust
is rust not-satisfied RustCrypto

mkdir -p pycryptodome/usr/bin
program pycryptodome/usr/bin/python3.11 "$main"
library pycryptodome/usr/lib/python3.11/site-packages/Crypto/Cipher/_raw_aes.abi3.so PyInit__raw_aes
image pycryptodome
is pycryptodome not-satisfied PyCryptodome

program sbox/usr/bin/app 'const unsigned char s[] = { 0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30 }; int main(void) { return s[3]; }'
image sbox
is sbox unknown 'cipher code of no known library'

# nothing is recognized
program mystery/usr/bin/app 'int socket(int, int, int); int main(void) { return socket(2, 1, 0); }'
image mystery
is mystery unknown 'it can open connections'

program still/usr/bin/app 'int main(void) { return 0; }' -static
image still
is still unknown 'linked statically'

mkdir -p lost/usr/bin
library lost.so.9 nothing
cp lost.so.9 liblost.so.9
program lost/usr/bin/app "$main" -L. -Wl,--no-as-needed -l:lost.so.9
image lost
is lost unknown 'libraries it needs were not found: lost.so.9'

# reach
mkdir -p script/app
printf '#!/usr/bin/env -S python3 -u\n' >script/app/run
program script/usr/bin/python3 'const char t[] = "br_ssl_engine_init"; int main(void) { return 0; }'
command='"/app/run"'
variables=PATH=/nowhere:/usr/bin
image script
is script not-satisfied BearSSL

mkdir -p shell/opt
program shell/opt/server 'const char t[] = "br_ssl_engine_init"; int main(void) { return 0; }'
command='"/bin/sh","-c","exec /opt/server --port 1"'
image shell
is shell not-satisfied 'opt/server: BearSSL'

program aside/opt/server 'const char t[] = "br_ssl_engine_init"; int main(void) { return 0; }'
image aside
is aside unknown 'not shown to run, but not excluded: opt/server: BearSSL'

mkdir -p service/usr/lib/systemd/system
program service/opt/server 'const char t[] = "br_ssl_engine_init"; int main(void) { return 0; }'
printf '[Service]\nExecStart=-/opt/server -f\n' >service/usr/lib/systemd/system/x.service
image service
is service not-satisfied 'opt/server: BearSSL'

# archives, and archives in them
program archived 'const char t[] = "br_ssl_engine_init"; int main(void) { return 0; }'
mkdir -p jar/opt inner
library inner/native/libx.so 'br_ssl_engine_init'
(cd inner && zip -q ../jar/opt/app.jar native/libx.so)
program jar/usr/bin/java "$main"
image jar
is jar not-satisfied 'opt/app.jar/native/libx.so: BearSSL'

mkdir -p war/opt/deep war/usr/bin
cp jar/opt/app.jar war/opt/deep/
(cd war/opt/deep && zip -q0 ../app.war app.jar && rm app.jar)
program war/usr/bin/java "$main"
image war
is war not-satisfied 'opt/app.war/app.jar/native/libx.so: BearSSL'

mkdir -p wheel2/opt wheel2/usr/bin
(cd inner && zip -q ../wheel2/opt/x-1-py3-none-any.whl native/libx.so)
program wheel2/usr/bin/python3 "$main"
image wheel2
is wheel2 not-satisfied 'x-1-py3-none-any.whl/native/libx.so: BearSSL'

mkdir -p tarred/opt
tar -czf tarred/opt/x.tgz archived
image tarred
is tarred unknown 'opt/x.tgz/archived: BearSSL'

mkdir -p packed/opt
gzip -c archived >packed/opt/archived.gz
image packed
is packed unknown 'opt/archived.gz/archived: BearSSL'

mkdir -p deep/opt
cp archived deep/opt/x
for i in 1 2 3 4 5; do
	(cd deep/opt && zip -q0 x.zip x && mv x.zip x)
done
image deep
is deep unknown 'some files could not be read'

mkdir -p half/opt
head -c 300 tarred/opt/x.tgz >half/opt/x.tgz
image half
is half unknown 'some files could not be read'

# beside the library that is right
program beside/usr/bin/app 'const unsigned char s[] = { 0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30 }; int main(void) { return s[3]; }' \
	-Lbase/usr/lib -Wl,--no-as-needed -l:libcrypto.so.3
image beside
is beside unknown 'cipher code of no known library in usr/bin/app'

printf 'const unsigned char s[] = { 0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30 };\n' >own.c
mkdir -p helper/usr/lib
gcc -shared -fPIC -o helper/usr/lib/libown.so own.c
# shellcheck disable=SC2086
program helper/usr/bin/app "$main" -Lbase/usr/lib $needs -Lhelper/usr/lib -lown
image helper
is helper unknown 'cipher code of no known library in usr/lib/libown.so'

# loaded before all else, or in place of it on some processors
mkdir -p preload/opt
library preload/opt/own.so br_ssl_engine_init
variables=LD_PRELOAD=/opt/own.so
image preload
is preload not-satisfied 'BearSSL in opt/own.so'

mkdir -p preloads/etc preloads/opt
library preloads/opt/own.so br_ssl_engine_init
echo /opt/own.so >preloads/etc/ld.so.preload
image preloads
is preloads not-satisfied 'BearSSL in opt/own.so'

variables=LD_PRELOAD=/opt/none.so
image preloaded
is preloaded unknown 'libraries it needs were not found: /opt/none.so'

mkdir -p hwcaps/usr/lib/glibc-hwcaps/x86-64-v3
crypto hwcaps/usr/lib/glibc-hwcaps/x86-64-v3/libcrypto.so.3 3.2.1 /opt /opt/modules
image hwcaps
is hwcaps not-satisfied 'glibc-hwcaps/x86-64-v3/libcrypto.so.3: no FIPS provider where'

# scripts, commands and units that change what is loaded
mkdir -p wrapper/usr/bin
printf '#!/bin/sh\nexport OPENSSL_CONF=/dev/null\nexec app "$@"\n' >wrapper/usr/bin/start
command='"start"'
image wrapper
is wrapper unknown 'variables of libraries are named in usr/bin/start'

command='"/bin/sh","-c","LD_LIBRARY_PATH=/opt exec app"'
image inline
is inline unknown 'variables of libraries are named in entrypoint'

mkdir -p unit/usr/lib/systemd/system
printf '[Service]\nEnvironment=OPENSSL_MODULES=/opt\nExecStart=/usr/bin/app\n' \
	>unit/usr/lib/systemd/system/x.service
image unit
is unit unknown 'variables of libraries are named in usr/lib/systemd/system/x.service'

mkdir -p unitfile/usr/lib/systemd/system
printf '[Service]\nEnvironmentFile=/etc/default/x\nExecStart=/usr/bin/app\n' \
	>unitfile/usr/lib/systemd/system/x.service
image unitfile
is unitfile unknown 'variables of libraries are named in usr/lib/systemd/system/x.service'

mkdir -p plainscript/usr/bin
printf '#!/bin/sh\nexec app "$@"\n' >plainscript/usr/bin/start
command='"start"'
image plainscript
is plainscript satisfied 'activates OpenSSL FIPS Provider'

# a program with a library's name is a program
program soname/usr/bin/app2 'int socket(int, int, int); int main(void) { return socket(2, 1, 0); }' \
	-Wl,-soname,libapp.so.1
image soname
is soname unknown 'usr/bin/app2: no library of cryptography was recognized, but it can open'

# Go: what it was built with, and what the image's GODEBUG does to that
# go_program OUT GOFIPS140 DefaultGODEBUG
go_program() {
	mkdir -p "$(dirname "$1")"
	g_text=$(printf '0123456789abcdefpath\\tmain\\nbuild\\tGOFIPS140=%s\\nbuild\\tDefaultGODEBUG=%s\\n0123456789abcdef' "$2" "$3")
	g_len=$(printf '%b' "$g_text" | wc -c)
	printf 'static const struct { char magic[14]; unsigned char size, flags; char pad[16];\n' >go.c
	printf 'unsigned char n; char version[8]; unsigned char m[2]; char text[%d]; } info\n' "$g_len" >>go.c
	printf '__attribute__((section(".go.buildinfo"), used, aligned(16))) =\n' >>go.c
	printf '{ "\\xff Go buildinf:", 8, 2, "", 8, "go1.25.1", { %d, %d }, "%s" };\n' \
		$((g_len % 128 + 128)) $((g_len / 128)) "$g_text" >>go.c
	printf 'int main(void) { return info.size; }\n' >>go.c
	gcc -w -static -o "$1" go.c
}
go_program go/usr/bin/app v1.0.0-c2097c7c fips140=on
image go
is go satisfied 'Go Cryptographic Module v1.0.0-c2097c7c in usr/bin/app'

go_program gooff/usr/bin/app v1.0.0-c2097c7c fips140=on
variables=GODEBUG=fips140=off
image gooff
is gooff not-satisfied 'starts without FIPS mode'

go_program golatest/usr/bin/app latest fips140=on
image golatest
is golatest not-satisfied 'no validated version'

go_program goprocess/usr/bin/app v1.26.0-0123456 fips140=on
image goprocess
is goprocess not-satisfied 'Go Cryptographic Module v1.26.0-0123456'

# a name is no proof
program named/usr/bin/bash 'const char t[] = "x"; int main(void) { return 0; }' -static
image named
is named unknown 'usr/bin/bash: no library of cryptography was recognized, but it is linked statically'

# ---- judged together

"$exhibit" init --store s.db >/dev/null
# shellcheck disable=SC2086
"$exhibit" collect image $names --store s.db >collect.out || [ $? = 1 ]
"$exhibit" assess --store s.db >assess.out 2>&1 || [ $? = 1 ]
"$exhibit" query verdicts --store s.db --format csv >got.csv
while IFS="$(printf '\t')" read -r name verdict text; do
	grep -F "image/$name" got.csv | grep -F image-programs >line || :
	grep -q "^$verdict," line && grep -qF -- "$text" line || {
		echo "FAILED: $name: want $verdict, $text" >&2
		cut -c1-500 line >&2
		failed=1
	}
done <want

# ---- and once the CMVP data is too old, nothing is satisfied by it

"$exhibit" assess --store s.db --max-age 8760 --now 2027-01-20T00:00:00Z >/dev/null 2>&1 || [ $? = 1 ]
"$exhibit" query verdicts --store s.db --format csv |
	grep -F image/oci:right.layout >late.csv
for check in image-ledger-fresh image-certificate-status; do
	grep -q "^unknown,$check," late.csv || {
		echo "FAILED: $check of old data: $(grep -F ",$check," late.csv)" >&2
		failed=1
	}
done
grep -q 'last observed Active on 2026-10-01, 111 days ago; too old' late.csv || {
	echo "FAILED: the age is not told" >&2
	failed=1
}
exit $failed
