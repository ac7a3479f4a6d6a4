#!/bin/sh
# Proofs: the lines of docs/proofs.md check them, exhibit checks them without a
# store, and whatever is changed in one is refused.
# usage: proofs.sh EXHIBIT
set -eu

exhibit=$1
docs=$(cd "$(dirname "$0")/../../docs" && pwd)
fixtures=$(cd "$(dirname "$0")/../fixtures/node" && pwd)
for tool in openssl basenc sha256sum sqlite3; do
	command -v $tool >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir"

fail() {
	echo "FAILED: $1" >&2
	[ ! -s out ] || sed 's/^/  out: /' out | head -30 >&2
	[ ! -s err ] || sed 's/^/  err: /' err | head -5 >&2
	exit 1
}
run() { # STATUS ARG...
	status=$1
	shift
	got=0
	"$exhibit" "$@" >out 2>err || got=$?
	[ $got = "$status" ] || fail "$*: status $got, not $status"
}
says() {
	grep -qF -- "$1" out err || fail "the answer lacks '$1'"
}
audit() { # FIXTURE NAME
	run 1 audit --root "$fixtures/$1" --name "$2" --no-imds --no-commands
}
# the fenced sh lines below these headings of docs/proofs.md, as one script
lines() {
	for heading; do
		awk -v h="## $heading" '
			$0 == h { on = 1; next }
			/^## / { on = 0 }
			/^```/ { code = on && $0 == "```sh"; next }
			code' "$docs/proofs.md"
	done
}
by_hand() { # HEADING...
	lines Tools "$@" >lines
	sh -eu lines >out 2>&1
}

audit rhel9-fips web-1
audit al2023-half web-2
audit ubuntu2204-pro-fips web-1
cp exhibit-cert.pem trusted.pem
size1=$(sqlite3 exhibit.db 'SELECT min(size) FROM checkpoint')
last=$(sqlite3 exhibit.db 'SELECT max(size) FROM checkpoint')
# a reader's folder: no store in it
mkdir reader
cp exhibit-cert.pem reader

# ---- presence and absence, now and then
for r in 1 2 3; do
	run 0 prove node host/web-1 web-1 --run $r --output reader/present$r
	says "was present in the state as of run $r"
	run 0 prove node host/nobody nobody --run $r --output reader/absent$r
	says "was ABSENT in the state as of run $r"
done
run 0 prove node host/web-2 web-2 --run 1 --output reader/absent4
says "was ABSENT in the state as of run 1"
run 0 prove node host/web-2 web-2
grep -qx 'type present' out || fail "the newest run is not the default"
run 0 prove --consistency "$size1" --output reader/consistency
seq=0
while [ $seq -lt "$last" ]; do
	run 0 prove --record $seq --output "reader/record$seq"
	seq=$((seq + 1))
done
first=$(grep '^content ' reader/present1)
[ "$first" = "$(grep '^content ' reader/present2)" ] || fail "run 2 has another"
[ "$first" != "$(grep '^content ' reader/present3)" ] || fail "run 3 has the same"
[ "${first#content }" = "$(sqlite3 exhibit.db "SELECT c.body FROM subject s
	JOIN change x ON x.subject = s.id JOIN content c ON c.id = x.content
	WHERE s.kind = 'node' AND s.key = 'web-1' AND x.run = 1")" ] ||
	fail "not the store's bytes"

cd reader
for p in present* absent* consistency record*; do
	run 0 verify --proof "$p" --cert exhibit-cert.pem
	says 'Everything verifies.'
done
# by hand, with the very lines that are printed
for p in present1 present2 present3; do
	cp $p proof.txt
	by_hand Subject Present State Log Signature || fail "$p by hand"
	! by_hand Subject Absent State Log Signature || fail "$p as absent"
done
for p in absent1 absent2 absent3 absent4; do
	cp $p proof.txt
	by_hand Subject Absent State Log Signature || fail "$p by hand"
	! by_hand Subject Present State Log Signature || fail "$p as present"
done
for p in record*; do
	cp "$p" proof.txt
	by_hand Log Signature || fail "$p by hand"
done
cp present1 proof.txt
cd ..
for from in $(sqlite3 exhibit.db 'SELECT DISTINCT size FROM checkpoint'); do
	[ "$from" != "$last" ] || continue
	run 0 prove --consistency "$from" --output reader/consistency.txt
	(cd reader && run 0 verify --proof consistency.txt --cert exhibit-cert.pem &&
		by_hand Consistency) || fail "consistency from $from by hand"
done
one=1
while [ $one -lt "$last" ]; do # between any two logs, checkpoint or not
	two=$one
	while [ $two -lt "$last" ]; do
		two=$((two + 1))
		"$exhibit" prove --consistency $one $two >between
		got=0 # 1: there is no checkpoint of that size, so no signature
		"$exhibit" verify --proof between >out 2>err || got=$?
		[ $got -le 1 ] || fail "consistency of $one and $two"
	done
	one=$((one + 1))
done

# ---- every line counts
# the character in the middle of line N becomes another of its kind
flip() { # FILE N
	awk -v n="$2" '
		NR == n {
			at = int((length($0) + 1) / 2)
			c = substr($0, at, 1)
			if (c ~ /[0-9]/) d = c == "1" ? "0" : "1"
			else if (c ~ /[a-z]/) d = c == "a" ? "b" : "a"
			else d = c == "A" ? "B" : "A"
			$0 = substr($0, 1, at - 1) d substr($0, at + 1)
		}
		{ print }' "$1"
}
cd reader
for p in present3 absent4 record2 consistency; do
	n=$(wc -l <$p)
	flip $p 1 >wrong # without its first line it is no proof
	run 2 verify --proof wrong
	says 'not a proof'
	sed 1d $p >wrong
	run 2 verify --proof wrong
	i=2
	while [ $i -le "$n" ]; do
		flip $p $i >wrong
		run 3 verify --proof wrong
		says WRONG
		sed "${i}d" $p >wrong
		run 3 verify --proof wrong
		says WRONG
		sed "${i}p" $p >wrong
		run 3 verify --proof wrong
		says WRONG
		i=$((i + 1))
	done
	head -c -1 $p >wrong
	run 3 verify --proof wrong
	says 'cut off'
	{ cat $p && echo; } >wrong
	run 3 verify --proof wrong
	says 'has ended before'
done
: >wrong
run 2 verify --proof wrong
# the same by hand, for what stands before the signature
for p in present3 absent4; do
	n=$(grep -n '^-----BEGIN' $p | cut -d: -f1)
	case $p in present*) what=Present ;; *) what=Absent ;; esac
	i=3
	while [ $i -lt "$n" ]; do
		flip $p $i >proof.txt
		! by_hand Subject $what State Log Signature ||
			fail "$p by hand, line $i flipped"
		i=$((i + 1))
	done
done

# ---- what was changed is named
sed 's/^type present/type absent/; /^content /d' present1 >wrong
run 3 verify --proof wrong
says 'it was not absent'
sed 's/"fips_enabled":1/"fips_enabled":0/' present1 >wrong
run 3 verify --proof wrong
says "the subject's content was another"
sed 's/^run 1$/run 2/' present1 >wrong
run 3 verify --proof wrong
says 'records another run than 2'
sed '/^entry /d; /^content /d; s/^type present/type absent/' present1 >wrong
run 3 verify --proof wrong
says 'the run recorded another state'
sed 's/^subject \["node"/subject [ "node"/' absent1 >wrong
run 3 verify --proof wrong
says 'not canonical JSON'
awk 'FNR == NR { if (/^record /) r = $0; next }
	/^record / { $0 = r } { print }' present2 present1 >wrong
run 3 verify --proof wrong
says 'another run'

# ---- who signed
cd ..
mkdir other && cd other
"$exhibit" key new >/dev/null
run 3 verify --proof ../reader/present1 --cert exhibit-cert.pem
says 'not trusted'
cd ../reader
rm exhibit-cert.pem
run 1 verify --proof present1
says 'who signed was not checked'
sed '/^-----BEGIN/,$d' present1 >unsigned
run 1 verify --proof unsigned
says 'NOT SIGNED'

# ---- a checkpoint that the reader has kept needs no signature
sqlite3 ../exhibit.db "SELECT writefile('kept', note) FROM checkpoint
	WHERE size = $size1" >/dev/null
sed -n '/^checkpoint$/,$p' present1 | sed -n 2,4p >newest
run 0 verify --proof unsigned --checkpoint newest
says 'is the one that was kept'
run 2 verify --proof unsigned --checkpoint kept
says 'prove --checkpoint'
cd ..
run 0 prove node host/web-1 web-1 --run 1 --checkpoint reader/kept \
	--output reader/under
run 2 prove node host/web-1 web-1 --run 3 --checkpoint reader/kept
says 'came later'
run 0 prove --consistency reader/kept reader/newest --output reader/grown
cd reader
run 0 verify --proof under --checkpoint kept --cert ../trusted.pem
run 0 verify --proof grown --checkpoint kept --cert ../trusted.pem
says 'is the one that was kept'
sed '3s/^./A/' newest | sed '3s/^AA/AB/' >forged
cmp -s forged newest && sed -i '3s/^./B/' forged
run 3 verify --proof unsigned --checkpoint forged
says 'two pasts'
sed '1s/.*/exhibit\/another/' newest >forged
run 3 verify --proof unsigned --checkpoint forged
says "another store's"
cd ..
run 2 prove node host/web-1 web-1 --checkpoint reader/forged
says 'of another store'

# ---- what cannot be asked
run 2 prove node host/web-1
says 'prove needs KIND SCOPE KEY'
run 2 prove nod host/web-1 web-1
says 'not a kind'
run 2 prove node host/web-1 web-1 --run 9
says 'no run 9'
run 2 prove node host/web-1 web-1 --run x
run 2 prove --record 999
says 'no entry 999'
run 2 prove --consistency 0
run 3 prove --consistency 1 999
says 'entries were removed'
run 2 prove node host/web-1 "$(printf 'a\377')"
says 'not UTF-8'
run 2 verify --proof reader/nothing
echo '<html>' >reader/page
run 2 verify --proof reader/page
says 'not a proof'
run 2 verify --proof reader/present1 reader/present2

# ---- a store that was edited proves nothing
cp exhibit.db edited.db
sqlite3 edited.db "DROP TRIGGER content_keep_update;
	UPDATE content SET body = replace(body, '\"fips_enabled\":1',
	'\"fips_enabled\":0')"
run 3 prove node host/web-1 web-1 --run 1 --store edited.db
says 'proves nothing'
cp exhibit.db edited.db
sqlite3 edited.db "DROP TRIGGER change_keep_delete;
	DELETE FROM change WHERE subject = (SELECT id FROM subject
	WHERE kind = 'node' AND key = 'web-2')"
run 3 prove node host/web-2 web-2 --run 2 --store edited.db
says 'proves nothing'
echo ok
