#!/bin/sh
# What exhibit cannot do it says in one line that names the thing, with the
# exit status that belongs to it; nothing half done is left behind.
# usage: bad_input.sh EXHIBIT
set -u

exhibit=$(realpath "$1")
dir=$(mktemp -d)
mounted=
cleanup() {
	[ -z "$mounted" ] || umount "$mounted" 2>/dev/null
	chmod -R u+rwx "$dir" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
chmod 755 "$dir" # others than root run from here too
cd "$dir" || exit 1

failed=0
now=2026-03-01T00:00:00Z
fail() {
	echo "FAILED: $1" >&2
	sed 's/^/    /' "$dir/err" | LC_ALL=C tr -c '\n -~' '?' | head -5 >&2
	failed=$((failed + 1))
}

# run COMMAND...: within a minute, output to out and err, status to $status
run() {
	timeout 1800 "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	[ $status -ne 124 ] || fail "hangs: $*"
}

# One line on stderr that matches the pattern, without control characters.
says() {
	LC_ALL=C grep -q '[[:cntrl:]]' "$dir/err" &&
		fail "$1: a control character on stderr"
	[ "$(wc -l <"$dir/err")" -eq 1 ] || fail "$1: not one line on stderr"
	grep -q '^exhibit: ' "$dir/err" || fail "$1: does not say who speaks"
	grep -qe "$2" "$dir/err" || fail "$1: does not say '$2'"
}

# refuses WHAT PATTERN COMMAND...: status 2 and the pattern
refuses() {
	what=$1 pattern=$2
	shift 2
	run "$@"
	[ "$status" -eq 2 ] || fail "$what: status $status, not 2"
	says "$what" "$pattern"
}

# gives WHAT STATUS COMMAND...
gives() {
	what=$1 want=$2
	shift 2
	run "$@"
	[ "$status" -eq "$want" ] || fail "$what: status $status, not $want"
}

runs_in() { # how many runs the store holds that have ended, not failed
	"$exhibit" query --store "$1" \
		"SELECT count(*) FROM ended WHERE state <> 'failed'" 2>/dev/null |
		tr -dc '0-9'
}

is_sound() { # WHAT STORE
	"$exhibit" verify --store "$2" >"$dir/out" 2>"$dir/err"
	[ $? -le 1 ] || fail "$1: the store does not verify"
}

# as somebody else than root, where that can be done
can_be_other=yes
other=
if [ "$(id -u)" = 0 ]; then
	command -v setpriv >/dev/null || can_be_other=
	other="setpriv --reuid 65534 --regid 65534 --clear-groups"
	cp "$exhibit" "$dir/exhibit" && chmod 755 "$dir/exhibit"
	exhibit=$dir/exhibit
fi

# ---------------------------------------------------------------- a good root

root=$dir/root
mkdir -p "$root/etc" "$root/var/lib/dpkg" "$root/usr/lib"
printf 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n' \
	>"$root/etc/os-release"
echo host-1 >"$root/etc/hostname"
cat >"$root/var/lib/dpkg/status" <<-END
	Package: openssl
	Status: install ok installed
	Version: 3.0.17-1
	Architecture: amd64
END
collect() { # STORE [options]: of the good root
	db=$1
	shift
	run "$exhibit" collect node --root "$root" --no-imds --store "$db" "$@"
}
collect good.db
[ $status -le 1 ] || fail "a good root: status $status"
[ "$(runs_in good.db)" = 1 ] || fail "a good root: not one run"
fresh() { cp good.db s.db; }

# ---------------------------------------------------------------- the command

refuses "unknown command" "'frobnicate'" "$exhibit" frobnicate
refuses "unknown option" "'--frobnicate'" "$exhibit" collect node --frobnicate
refuses "value missing" "'--root'" "$exhibit" collect node --root
refuses "unknown collector" "'moon'" "$exhibit" collect moon
refuses "operand too many" "'b'" "$exhibit" collect node b
refuses "--now nonsense" "--now yesterday" \
	"$exhibit" collect node --root "$root" --store s.db --now yesterday
refuses "--now 30 February" "2026-02-30" \
	"$exhibit" init --store s.db --now 2026-02-30T00:00:00Z
refuses "SOURCE_DATE_EPOCH nonsense" "SOURCE_DATE_EPOCH" \
	env SOURCE_DATE_EPOCH=soon "$exhibit" init --store s.db
refuses "SOURCE_DATE_EPOCH negative" "SOURCE_DATE_EPOCH" \
	env SOURCE_DATE_EPOCH=-5 "$exhibit" init --store s.db
refuses "bad store name" "'No Such'" \
	"$exhibit" init --store s.db --name 'No Such'
[ ! -e s.db ] || fail "a refused command made a store"
fresh
for value in nonsense 99 2020-01-01 2026-13-01; do
	refuses "--as-of $value" "$value" "$exhibit" report --store s.db \
		--unsigned --as-of "$value"
done
refuses "--format nonsense" "docx" "$exhibit" report --store s.db --unsigned \
	--format docx
refuses "--max-age nonsense" "old" "$exhibit" report --store s.db --unsigned \
	--max-age old
refuses "--checks elsewhere" "$dir/none" "$exhibit" report --store s.db \
	--unsigned --checks "$dir/none"
refuses "--templates elsewhere" "$dir/none" "$exhibit" report --store s.db \
	--unsigned --templates "$dir/none"
refuses "control characters in an argument" "frob" "$exhibit" \
	"$(printf 'frob\033[2Jnicate')"
refuses "control characters in a path" "no" "$exhibit" report --unsigned \
	--store "$(printf '%s/no\033]0;x\007\ndb' "$dir")"

# ------------------------------------------------------------------ the store

refuses "missing store" "none.db.*exhibit init" "$exhibit" report \
	--store none.db --unsigned
[ ! -e none.db ] || fail "missing store: made by a reader"
refuses "store in no folder" "none/s.db" "$exhibit" collect node \
	--root "$root" --store none/s.db
echo 'this is a letter, not a store' >text.db
cp text.db text.copy
for command in "collect node --root $root" "report --unsigned" verify; do
	# shellcheck disable=SC2086
	refuses "text file ($command)" "text.db.*not an exhibit store" \
		"$exhibit" $command --store text.db
done
cmp -s text.db text.copy || fail "a text file was changed"
: >empty.db
refuses "empty file" "empty.db" "$exhibit" report --unsigned --store empty.db
[ ! -s empty.db ] || fail "an empty file was written to"
refuses "a folder" "$dir" "$exhibit" report --unsigned --store "$dir"
mkfifo fifo.db
refuses "a FIFO" "fifo.db" "$exhibit" report --unsigned --store fifo.db
refuses "exists already" "good.db" "$exhibit" init --store good.db
if command -v sqlite3 >/dev/null; then
	sqlite3 other.db 'CREATE TABLE t(x); INSERT INTO t VALUES (1)'
	cp other.db other.copy
	refuses "another SQLite file" "other.db.*not an exhibit store" \
		"$exhibit" collect node --root "$root" --store other.db
	cmp -s other.db other.copy || fail "another SQLite file was changed"
	cp good.db newer.db
	sqlite3 newer.db 'PRAGMA user_version = 99'
	cp newer.db newer.copy
	refuses "newer store" "newer.db.*newer" "$exhibit" collect node \
		--root "$root" --store newer.db
	cmp -s newer.db newer.copy || fail "a newer store was changed"
fi
head -c 20000 good.db >cut.db
run "$exhibit" verify --store cut.db
[ $status -ge 2 ] || fail "a cut store: status $status"
says "a cut store" "cut.db"

if [ -n "$can_be_other" ]; then
	cp good.db secret.db
	chmod 000 secret.db
	refuses "unreadable store" "secret.db.*[Pp]ermission" \
		$other "$exhibit" report --unsigned --store "$dir/secret.db"
	mkdir ro
	cp good.db ro/s.db
	chmod 444 ro/s.db
	chmod 555 ro
	refuses "read-only store" "ro/s.db.*read-only" \
		$other "$exhibit" collect node --root "$root" --store ro/s.db
	gives "verify a read-only store" 1 $other "$exhibit" verify \
		--store ro/s.db
	gives "query a read-only store" 0 $other "$exhibit" query \
		--store ro/s.db 'SELECT count(*) FROM node'
	[ "$(ls ro)" = s.db ] || fail "a reader left files in a folder"
	chmod 755 ro
	chmod 644 ro/s.db
	chmod 555 ro
	refuses "read-only folder" "ro/s.db" \
		$other "$exhibit" collect node --root "$root" --store ro/s.db
	refuses "new store in a read-only folder" "ro/new.db" \
		$other "$exhibit" init --store ro/new.db
	chmod 755 ro
fi

# -------------------------------------------------------------------- imports

line() { # KEY [attributes]: one valid observation
	printf '{"key":"%s","kind":"node.package","observation":{"attributes":{%s},"outcome":"observed"},"provenance":{"collector":"node/1","source":"/x"},"scope":"host/i"}\n' \
		"$1" "${2:-}"
}
attributes() { # as exhibit itself writes them for a package
	"$exhibit" collect node --root "$root" --no-imds --emit 2>/dev/null |
		grep '"key":"openssl.*"kind":"node.package"' | head -1 |
		sed 's/.*"attributes":{//; s/},"outcome".*//'
}
package=$(attributes)
[ -n "$package" ] || fail "no package line from --emit"
cover='{"coverage":{"calls":1,"collector":"node","denied":0,"gaps":[],"kinds":["node.package"],"outcome":"observed","reason":null,"scope":"host/i","subjects":1}}'
{ line a "$package" && echo "$cover"; } >good.ndjson
fresh
gives "a good import" 0 "$exhibit" collect import good.ndjson --store s.db

# bad_import WHAT PATTERN FILE: refused, nothing stored
bad_import() {
	fresh
	refuses "import: $1" "$2" "$exhibit" collect import "$3" --store s.db
	[ "$(runs_in s.db)" = 1 ] || fail "import: $1: a run was stored"
	is_sound "import: $1" s.db
}
head -c -5 good.ndjson >bad
bad_import "cut last line" "bad:2: " bad
{ line a "$package" && echo 'hello'; } >bad
bad_import "not JSON" "bad:2: " bad
{ cat good.ndjson && echo '[1,2]'; } >bad
bad_import "no object" "bad:3: " bad
{ cat good.ndjson && echo '{}'; } >bad
bad_import "empty object" "bad:3: " bad
{ cat good.ndjson && echo; } >bad
bad_import "empty line" "bad:3: " bad
line a "$package" | sed 's/node.package/node.moon/' >bad
bad_import "unknown kind" "bad:1: .*node.moon" bad
line a "$package,\"moon\":1" >bad
bad_import "undeclared column" "bad:1: .*moon" bad
line a "$(echo "$package" | sed 's/"version":"[^"]*"/"version":7/')" >bad
bad_import "wrong type" "bad:1: .*version" bad
line a "$package" | sed 's/"observed"/"imagined"/' >bad
bad_import "unknown outcome" "bad:1: " bad
line a "$package,\"version\":\"2\"" >bad
bad_import "duplicate key" "bad:1: " bad
line "$(printf 'a\001b')" "$package" >bad
bad_import "control character in JSON" "bad:1: " bad
line "$(printf 'a\377b')" "$package" >bad
bad_import "invalid UTF-8" "bad:1: " bad
{ line a "$package" && printf '{"key":"a\000b"}\n'; } >bad
bad_import "NUL" "bad:2: " bad
{ printf '{"key":"' && head -c 20000000 /dev/zero | tr '\0' a && echo '"}'; } >bad
bad_import "huge line" "bad:1: " bad
echo "$cover" | sed 's/"gaps":\[\]/"gaps":["x"]/' >bad
bad_import "a gap that is no object" "bad:1: coverage" bad
echo "$cover" | sed 's/"gaps":\[\]/"gaps":[{"kind":1}]/' >bad
bad_import "a gap without a kind" "bad:1: coverage" bad
echo "$cover" | sed 's/\["node.package"\]/[1,{}]/' >bad
bad_import "kinds that are no names" "bad:1: coverage" bad
echo "$cover" | sed 's/"calls":1/"calls":"many"/' >bad
bad_import "calls that are no number" "bad:1: coverage" bad
{ head -c 20000000 /dev/zero | tr '\0' a; } >bad
bad_import "huge line without end" "bad:1: " bad
{ head -c 100000 /dev/zero | tr '\0' '[' && echo; } >bad
bad_import "deep nesting" "bad:1: " bad
line "$(head -c 5000 /dev/zero | tr '\0' k)" "$package" >bad
bad_import "key too long" "bad:1: " bad
: >bad
bad_import "empty file" "bad" bad
mkdir -p folder
bad_import "a folder" "folder" folder
bad_import "no file" "nowhere" nowhere
fresh
refuses "import: two files" "one file" \
	"$exhibit" collect import good.ndjson good.ndjson --store s.db

# -------------------------------------------------------------- a host's root

emit() { # ROOT: evidence to the file out
	run "$exhibit" collect node --root "$1" --name h --no-imds --emit
	[ $status -le 1 ] || fail "$2: status $status"
}
refuses "root missing" "$dir/none" "$exhibit" collect node \
	--root "$dir/none" --store s.db
refuses "root a file" "good.db" "$exhibit" collect node --root "$dir/good.db" \
	--store s.db
refuses "root and ssh" "--root excludes --ssh" "$exhibit" collect node \
	--root "$root" --ssh h --store s.db
[ "$(runs_in s.db)" = 1 ] || fail "a refused root left a run"

bad=$dir/badroot
anew() {
	rm -rf "$bad"
	cp -a "$root" "$bad"
}

echo 'a secret outside the root' >outside
digest=$(sha256sum outside | cut -d' ' -f1)
anew
ln -sf "$dir/outside" "$bad/etc/os-release"
ln -sf ../../../../../../../../../../../"$dir"/outside "$bad/etc/system-fips"
mkdir -p "$bad/etc/default"
ln -sf ../../../outside "$bad/etc/default/grub"
emit "$bad" "links that escape"
grep -q "$digest" out && fail "links that escape: outside digest in evidence"
grep -q 'a secret outside' out && fail "links that escape: outside text"

anew
ln -sf os-release "$bad/etc/os-release"
ln -sf b "$bad/etc/a"
ln -sf a "$bad/etc/b"
rm -rf "$bad/usr/lib"
ln -sf lib "$bad/usr/lib"
emit "$bad" "link loop"
grep '"/etc/os-release"' out | grep -q '"outcome":"observed"' &&
	fail "link loop: observed"

anew
rm "$bad/etc/os-release" "$bad/var/lib/dpkg/status"
truncate -s 1G "$bad/etc/os-release" "$bad/var/lib/dpkg/status" 2>/dev/null
emit "$bad" "1 GiB files"
grep -q '"outcome":"error"' out || fail "1 GiB files: no error as evidence"
grep '"key":' out | grep '"kind":"node.package"' |
	grep -q '"outcome":"observed"' &&
	fail "1 GiB files: packages observed"

anew
printf 'ID=\000\377\376\033[2J\nVERSION_ID=\200\n' >"$bad/etc/os-release"
emit "$bad" "NUL and invalid UTF-8"
LC_ALL=C tr -d '\n' <out | LC_ALL=C grep -q '[[:cntrl:]]' &&
	fail "NUL and invalid UTF-8: control characters in evidence"
if command -v iconv >/dev/null; then
	iconv -f UTF-8 -t UTF-8 <out >/dev/null 2>&1 ||
		fail "NUL and invalid UTF-8: evidence is not UTF-8"
fi
cp out evil.ndjson
fresh
run "$exhibit" collect import evil.ndjson --store s.db
[ $status -le 1 ] || fail "evidence of a hostile file is not imported again"

anew
rm "$bad/etc/os-release"
mkfifo "$bad/etc/os-release"
emit "$bad" "FIFO"
grep '"/etc/os-release"' out | grep -q '"outcome":"error"' ||
	fail "FIFO: not an error as evidence"

anew
printf 'x' >"$bad/etc/$(printf 'evil\033[2J\nname').conf"
mkdir -p "$bad/etc/dracut.conf.d"
printf 'add_dracutmodules+=" fips "\n' \
	>"$bad/etc/dracut.conf.d/$(printf '\033]0;evil\007\n.conf')"
emit "$bad" "control characters in a file name"
LC_ALL=C tr -d '\n' <out | LC_ALL=C grep -q '[[:cntrl:]]' &&
	fail "control characters in a file name: reach the evidence"
LC_ALL=C grep -q '[[:cntrl:]]' err &&
	fail "control characters in a file name: reach stderr"

anew
rm "$bad/etc/os-release"
mkdir "$bad/etc/os-release"
emit "$bad" "a folder in place of a file"

if [ -n "$can_be_other" ]; then
	anew
	chmod 000 "$bad/etc/os-release"
	run $other "$exhibit" collect node --root "$bad" --name h --no-imds \
		--emit
	grep '"/etc/os-release"' out | grep -q '"outcome":"denied"' ||
		fail "unreadable file: not denied"
	grep '"/etc/os-release"' out | grep -q '"outcome":"absent"' &&
		fail "unreadable file: absent"
	chmod 644 "$bad/etc/os-release"
fi

# --------------------------------------------------------------------- output

if [ -c /dev/full ]; then
	for args in "--help" "collect --help" "--version" \
		"collect node --root $root --no-imds --emit" \
		"init --store full-init.db"; do
		# shellcheck disable=SC2086
		timeout 1800 "$exhibit" $args >/dev/full 2>err
		status=$?
		[ $status -eq 2 ] || fail "full stdout ($args): status $status"
		says "full stdout ($args)" "standard output"
		# shellcheck disable=SC2086
		rm -f full-init.db
		timeout 1800 "$exhibit" $args >&- 2>err
		status=$?
		[ $status -eq 2 ] || fail "closed stdout ($args): status $status"
		rm -f full-init.db
	done
fi

fresh
refuses "no folder for the report" "$dir/none/r" "$exhibit" report \
	--store s.db --unsigned --output "$dir/none/r"
mkdir -p r.html
refuses "a folder is where the report goes" "r.html" "$exhibit" report \
	--store s.db --unsigned --output "$dir/r"
ls | grep -q 'r\.html\..' && fail "temporary files are left"
rmdir r.html

# ----------------------------------------------------------------------- keys

gives "a new key" 0 "$exhibit" key new --key k.pem --cert c.pem
cp k.pem k.copy
refuses "key exists already" "k.pem" "$exhibit" key new --key k.pem \
	--cert other.pem
refuses "certificate exists already" "c.pem" "$exhibit" key new \
	--key other.pem --cert c.pem
cmp -s k.pem k.copy || fail "a key was overwritten"
[ ! -e other.pem ] || fail "a refused key left a file"
refuses "no folder for the certificate" "none/c.pem" "$exhibit" key new \
	--key other.pem --cert none/c.pem
[ ! -e other.pem ] || fail "a key is left without its certificate"
[ "$(stat -c %a k.pem)" = 600 ] || fail "a key others may read"
echo right >right
echo wrong >wrong
gives "a key with a passphrase" 0 "$exhibit" key new --key p.pem \
	--cert pc.pem --passphrase-file right
refuses "wrong passphrase" "p.pem" "$exhibit" key show --key p.pem \
	--cert pc.pem --passphrase-file wrong
refuses "no passphrase" "p.pem" "$exhibit" key show --key p.pem --cert pc.pem
refuses "passphrase file missing" "none" "$exhibit" key show --key p.pem \
	--cert pc.pem --passphrase-file none
refuses "no such key" "none.pem" "$exhibit" key show --key none.pem \
	--cert c.pem
refuses "key of another certificate" "k.pem\|pc.pem\|certificate" \
	"$exhibit" key show --key k.pem --cert pc.pem
echo garbage >garbage.pem
refuses "no key in the file" "garbage.pem" "$exhibit" key show \
	--key garbage.pem --cert c.pem
refuses "--days nonsense" "--days" "$exhibit" key new --key n.pem \
	--cert nc.pem --days many
fresh
refuses "no default key" "exhibit-key.pem" "$exhibit" report --store s.db
ls | grep -q '^exhibit-report' && fail "a refused report left files"

# -------------------------------------------------------------------- a disk

many() { # KEYS: a large import
	awk -v n="$1" -v a="$package" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "{\"key\":\"k%06d\",\"kind\":\"node.package\",\"observation\":{\"attributes\":{%s},\"outcome\":\"observed\"},\"provenance\":{\"collector\":\"node/1\",\"source\":\"/x%06d\"},\"scope\":\"host/i\"}\n", i, a, i
	}'
	echo "$cover"
}
many 20000 >many.ndjson
if [ "$(id -u)" = 0 ] && mkdir disk &&
	mount -t tmpfs -o size=1m tmpfs "$dir/disk" 2>/dev/null; then
	mounted=$dir/disk
	collect disk/s.db
	[ $status -le 1 ] || fail "small disk: status $status"
	refuses "full disk" "disk/s.db.*disk is full" \
		"$exhibit" collect import many.ndjson --store disk/s.db
	[ "$(runs_in disk/s.db)" = 1 ] || fail "full disk: half a run"
	is_sound "full disk" disk/s.db
	head -c 2000000 /dev/zero >disk/fill 2>/dev/null
	refuses "no room for a report" "disk/r" "$exhibit" report --unsigned \
		--store good.db --output disk/r
	ls disk | grep -q '^r\.' && fail "full disk: part of a report is left"
	refuses "no room for a store" "disk/new.db" "$exhibit" init \
		--store disk/new.db
	[ ! -e disk/new.db ] || fail "full disk: half a store is left"
	rm disk/fill
	collect disk/s.db
	[ $status -le 1 ] || fail "disk with room again: status $status"
	is_sound "disk with room again" disk/s.db
	umount "$mounted" && mounted=
else
	fresh
	(
		trap '' XFSZ
		ulimit -f 400
		run "$exhibit" collect import many.ndjson --store s.db
		exit "$status"
	)
	[ $? -eq 2 ] || fail "file size limit: not refused"
	is_sound "file size limit" s.db
fi

# ---------------------------------------------------------- the same, again

for i in 1 2; do
	rm -f s.db
	run "$exhibit" init --store s.db --name same --now $now
	run "$exhibit" collect node --root "$root" --no-imds --store s.db \
		--now $now
	run "$exhibit" report --store s.db --unsigned --now $now \
		--output "same$i"
	[ $status -le 1 ] || fail "report $i: status $status"
	mkdir -p "same.$i"
	for file in html xml; do
		mv "same$i.$file" "same.$i/same.$file" 2>/dev/null ||
			fail "report $i: no .$file"
	done
done
run true
# the base name is printed in the report: made alike to compare the rest
for i in 1 2; do
	sed -i "s/same$i/same/g" "same.$i/same.html" "same.$i/same.xml"
done
for file in html xml; do
	cmp -s "same.1/same.$file" "same.2/same.$file" ||
		fail "same inputs, other bytes of $file"
done

if [ $failed -gt 0 ]; then
	echo "$failed failed" >&2
	exit 1
fi
