# From a host to a signed report, checked with stock tools only.
# usage: audit.sh EXHIBIT   (from tests/)
set -eu

exhibit=$1
checks=$(cd "$(dirname "$0")/../../checks" && pwd)
here=$(pwd)
for tool in openssl sqlite3 xmllint sha256sum; do
	command -v "$tool" >/dev/null || {
		echo "skipped: no $tool here"
		exit 77
	}
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0

ok() { # name command...
	name=$1
	shift
	if ! "$@" >out 2>&1; then
		echo "FAILED: $name"
		sed 's/^/    /' out
		failed=1
	fi
}

status() { # wanted name command...
	wanted=$1 name=$2
	shift 2
	got=0
	"$@" >out 2>&1 || got=$?
	cp out last
	if [ "$got" != "$wanted" ]; then
		echo "FAILED: $name: status $got, not $wanted"
		sed 's/^/    /' out
		failed=1
	fi
}

same() { # name wanted got
	if [ "$2" != "$3" ]; then
		echo "FAILED: $1: '$3' instead of '$2'"
		failed=1
	fi
}

verify_p7s() {
	openssl cms -verify -binary -cades -purpose any -inform DER \
		-in "$1.p7s" -content "$1" -CAfile exhibit-cert.pem -out /dev/null
}

audit() {
	"$exhibit" audit --root "$here/fixtures/node/$1" --name "$2" \
		--no-imds --no-commands --organization 'Example & Sons' \
		--classification 'For official use'
}

status 1 'an audit with findings' audit rhel9-fips web-1

# --- what the report prints for the reader works as printed
ok 'html signature' verify_p7s exhibit-report.html
ok 'xml signature' verify_p7s exhibit-report.xml
ok 'html is well-formed' xmllint --noout --nonet exhibit-report.html
for v in 1.2.2 1.0.6; do
	xsd=$(ls "$here/fixtures/oscal/$v/"*results_schema.xsd)
	ok "xml against OSCAL $v" xmllint --noout --nonet --schema "$xsd" \
		exhibit-report.xml
done
same 'scripts in the page' 0 "$(grep -c '<script' exhibit-report.html)"
same 'references out of the page' 0 "$(grep -Ec \
	'(src|href)="(https?:)?//' exhibit-report.html)"
sed -n 's/<pre class="cmd"[^>]*>//p' exhibit-report.html |
	sed 's/<[^>]*>//g; s/&amp;/\&/g; s/&gt;/>/g; s/&lt;/</g' |
	grep '^openssl cms' >printed
same 'printed lines' 2 "$(grep -c '' printed)"
ok 'the printed lines, run as they stand' sh -eu printed

# --- exhibit says the same
status 0 'verify' "$exhibit" verify exhibit-report.html \
	exhibit-report.xml --trust exhibit-cert.pem
ok 'everything' grep -q '^Everything verifies' last
status 1 'a certificate that came along' "$exhibit" verify \
	exhibit-report.html exhibit-report.xml
ok 'is named' grep -q 'came with the evidence' last
status 0 'verify' "$exhibit" verify exhibit-report.html \
	exhibit-report.xml --trust exhibit-cert.pem
ok 'made anew' grep -q 'the same bytes' last
status 1 'verify without a certificate' env -C "$work" sh -c "
	mkdir -p elsewhere && cd elsewhere &&
	cp ../exhibit.db ../exhibit-report.* . && exec '$exhibit' verify \
	exhibit-report.html"

# --- every changed byte is refused
flip() { # file offset
	printf '\377' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
for f in exhibit-report.html exhibit-report.xml; do
	size=$(wc -c <"$f")
	for i in 1 2 3 4 5; do
		cp "$f" flipped
		cp "$f.p7s" flipped.p7s
		flip flipped $((size * i / 6))
		status 3 "$f flipped" "$exhibit" verify flipped
		status 4 "$f flipped, openssl" verify_p7s flipped
	done
done
cp exhibit-report.html flipped
cp exhibit-report.html.p7s flipped.p7s
flip flipped.p7s 700
status 3 'a flipped signature' "$exhibit" verify flipped
size=$(wc -c <exhibit.db)
wrong=0
for i in 1 2 3 4 5 6 7 8 9; do
	cp exhibit.db flipped.db
	flip flipped.db $((size * i / 10))
	"$exhibit" verify --store flipped.db --trust exhibit-cert.pem >/dev/null 2>&1 || wrong=$((wrong + 1))
done
# a flip may fall into a page's unused space, which says nothing
[ "$wrong" -ge 5 ] || {
	echo "FAILED: only $wrong of 9 flips in the store were noticed"
	failed=1
}

# --- the auditor's guide, by hand
sha=$(sqlite3 exhibit.db "SELECT sha256 FROM history WHERE kind = 'node'")
same 'content digest by hand' "$sha" "$(sqlite3 exhibit.db \
	"SELECT body FROM content WHERE sha256 = x'$sha'" |
	head -c -1 | sha256sum | cut -d' ' -f1)"
ok 'the digest stands in the report' grep -q "$sha" exhibit-report.html
same 'leaf by hand' \
	"$(sqlite3 exhibit.db 'SELECT lower(hex(leaf)) FROM log WHERE seq = 0')" \
	"$(sqlite3 exhibit.db 'SELECT body FROM log WHERE seq = 0' |
		head -c -1 | (printf '\000' && cat) | sha256sum | cut -d' ' -f1)"
sqlite3 exhibit.db "SELECT writefile('note', note), writefile('note.p7s', cms)
	FROM checkpoint ORDER BY id DESC LIMIT 1" >/dev/null
ok 'checkpoint signature' openssl cms -verify -binary -cades -purpose any \
	-inform DER -in note.p7s -content note -CAfile exhibit-cert.pem \
	-out /dev/null
status 0 'a copy with views' "$exhibit" show --views views.db
same 'views in the shell' 'web-1|1' "$(sqlite3 views.db \
	'SELECT key, fips_enabled FROM node')"
same 'the past in the shell' 'web-1|1' "$(sqlite3 views.db \
	'SELECT key, fips_enabled FROM node_at WHERE run = 1')"

# --- time goes on: the old checkpoint still holds, an old copy does not
cp exhibit.db old.db
status 1 'a second audit' audit al2023-half web-2
ok 'the old checkpoint' "$exhibit" verify --checkpoint note \
	--trust exhibit-cert.pem
sqlite3 exhibit.db "SELECT writefile('note2', note) FROM checkpoint
	ORDER BY id DESC LIMIT 1" >/dev/null
status 3 'an older copy put in place' "$exhibit" verify --store old.db \
	--checkpoint note2
status 1 'the past, judged again' "$exhibit" report --as-of 1 --output past
same 'judgements are kept' 3 "$(sqlite3 exhibit.db \
	'SELECT count(*) FROM judgement')"
status 0 'and all of it verifies' "$exhibit" verify past.xml past.html \
	--trust exhibit-cert.pem

# --- a weaker check under the name of exhibit's own is named everywhere
mkdir weak
{
	sed -n '/^--/p' "$checks/node-fips-on.sql"
	echo "SELECT subject, 'satisfied' AS verdict, 'all is well' AS reason FROM node;"
} >weak/node-fips-on.sql
status 1 'a weak check' "$exhibit" report --checks weak --output weak-report
for f in weak-report.xml weak-report.html; do
	ok "$f names it" grep -q "another text than exhibit.*s" "$f"
	ok "$f shows the text" grep -q 'all is well' "$f"
done
status 1 'verify names it' "$exhibit" verify weak-report.xml weak-report.html \
	--trust exhibit-cert.pem
ok 'by its file' grep -q "checks/node-fips-on.sql: not exhibit's own text" last
ok 'and shows how it differs' grep -q '^ *+ SELECT subject' last
status 0 'unless the reader takes it for exhibit'"'"'s' "$exhibit" verify \
	weak-report.xml weak-report.html --trust exhibit-cert.pem --checks weak
ok 'the published digests' sh -eu -c '"$1" checks --digests >digests &&
	grep -qx "$(sha256sum <"$2/node-fips-on.sql" | cut -c 1-64)  checks/node-fips-on.sql" \
	digests' sh "$exhibit" "$checks"

# --- the same inputs, the same bytes
for d in a b; do
	mkdir $d
	(
		cd $d
		"$exhibit" init --name same --now 2026-01-01 >/dev/null
		"$exhibit" audit --root "$here/fixtures/node/rhel9-fips" \
			--name web-1 --no-imds --no-commands --unsigned \
			--now 2026-01-01T12:00:00Z >/dev/null || true
	)
done
ok 'same html' cmp a/exhibit-report.html b/exhibit-report.html
ok 'same xml' cmp a/exhibit-report.xml b/exhibit-report.xml

# --- what --emit prints and import reads is the same evidence
"$exhibit" collect node --root "$here/fixtures/node/rhel9-fips" --name web-1 \
	--no-imds --no-commands --emit >lines
# 1: the recorded root has no rpm to ask, and the run says so
status 1 'import' "$exhibit" collect import lines --store imported.db
same 'same state root' "$(sqlite3 exhibit.db \
	'SELECT state_root FROM run WHERE id = 1')" "$(sqlite3 imported.db \
	'SELECT state_root FROM run WHERE id = 1')"
exit $failed
