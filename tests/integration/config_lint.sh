# Configuration files from the command line: exit statuses, SARIF, folders.
# usage: config_lint.sh EXHIBIT   (from tests/)
set -eu

exhibit=$1
here=$(pwd)
command -v sqlite3 >/dev/null || {
	echo "skipped: no sqlite3 here"
	exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here/fixtures/config" "$work/in"
cd "$work/in"
failed=0

status() { # wanted name command...
	wanted=$1 name=$2
	shift 2
	got=0
	"$@" >"$work/out" 2>&1 || got=$?
	if [ "$got" != "$wanted" ]; then
		echo "FAILED: $name: status $got, not $wanted"
		sed 's/^/    /' "$work/out"
		failed=1
	fi
}

same() { # name wanted got
	if [ "$2" != "$3" ]; then
		echo "FAILED: $1: '$3' instead of '$2'"
		failed=1
	fi
}

lint() { # operand...
	rm -f "$work"/s.db*
	"$exhibit" audit config "$@" --store "$work/s.db" --unsigned \
		--format sarif --output "$work/lint" --now 2026-01-01T00:00:00Z
}

with_views() { # a copy of the store that has them, for sqlite3
	rm -f "$work/views.db"
	"$exhibit" show --store "$work/s.db" --views "$work/views.db" >/dev/null &&
		echo "$work/views.db"
}

sarif() { # json-path-expression over the first run
	sqlite3 :memory: "SELECT $1 FROM (SELECT CAST(readfile('$work/lint.sarif') AS TEXT) AS j)"
}

# --- a good file passes, a bad one stops the build
status 0 'a good file' lint eksctl-good.yaml
same 'results of a good file' 0 "$(sarif "json_array_length(j, '$.runs[0].results')")"
same 'version' 2.1.0 "$(sarif "j ->> '$.version'")"
same 'rules that ran' 1 "$(sarif "json_array_length(j, '$.runs[0].tool.driver.rules') > 5")"
status 1 'a bad file' lint eksctl-guide.yaml
cp "$work/lint.sarif" "$work/first.sarif"
status 1 'the same again' lint eksctl-guide.yaml
same 'the same bytes again' '' "$(cmp "$work/first.sarif" "$work/lint.sarif" 2>&1 || true)"

# --- each result is what SARIF asks for, and where the finding is
results="json_each(j, '$.runs[0].results')"
bad() { # condition that no result may have
	sqlite3 :memory: "SELECT count(*) FROM
		(SELECT CAST(readfile('$work/lint.sarif') AS TEXT) AS j),
		$results r WHERE $1"
}
same 'results without a rule' 0 "$(bad "json_extract(j,
	'$.runs[0].tool.driver.rules[' || (r.value ->> '$.ruleIndex') || '].id')
	IS NOT r.value ->> '$.ruleId'")"
same 'results of another level' 0 "$(bad "r.value ->> '$.level'
	NOT IN ('error', 'warning', 'note')")"
same 'results without a message' 0 "$(bad "r.value ->> '$.message.text'
	NOT LIKE '%Remediation: %'")"
same 'results of other verdicts' 0 "$(bad "r.value ->> '$.properties.verdict'
	NOT IN ('not-satisfied', 'unknown')")"
same 'results without a line' 0 "$(bad "r.value ->>
	'$.locations[0].physicalLocation.region.startLine' IS NULL")"
same 'results in other files' 0 "$(bad "r.value ->>
	'$.locations[0].physicalLocation.artifactLocation.uri'
	IS NOT 'eksctl-guide.yaml'")"
line=$(grep -n 'overrideBootstrapCommand' eksctl-guide.yaml | head -1 | cut -d: -f1)
same 'the override is where it stands' 1 "$(bad "r.value ->> '$.ruleId' =
	'config-eksctl-bootstrap' AND r.value ->>
	'$.locations[0].physicalLocation.region.startLine' = $line")"

# --- what cannot be read is told with its line, and is no pass
status 1 'a key twice' lint hostile/duplicate.yaml
same 'its line' 4 "$(sarif "j ->>
	'$.runs[0].results[0].locations[0].physicalLocation.region.startLine'")"
status 1 'a file that is not there' lint no-such-file.yaml
status 1 'of no type' lint hostile/nothing-known.txt
status 1 'not of that type' lint eksctl-good.yaml hostile/nothing-known.txt
mkfifo pipe
status 1 'a pipe' timeout 1800 "$exhibit" audit config pipe --store "$work/p.db" \
	--unsigned --format sarif --output "$work/pipe"

# --- usage
status 2 'no file named' lint
status 2 'a type there is not' "$exhibit" collect config --type nothing x.yaml
status 2 'a format there is not' "$exhibit" audit config eksctl-good.yaml \
	--store "$work/f.db" --unsigned --format sarif,docx

# --- --config stays the options' file, and asks no collector
printf 'title: mine\n' >"$work/options.yaml"
status 0 'options from a file' "$exhibit" audit config \
	eksctl-good.yaml --config "$work/options.yaml" --store "$work/o.db" --unsigned \
	--format sarif --output "$work/o"

# --- a folder: every file of it, and what goes is gone
mkdir -p "$work/folder/sub" "$work/folder/.git"
cp eksctl-good.yaml "$work/folder/sub/cluster.yaml"
printf 'hello\n' >"$work/folder/README.md"
printf 'x\n' >"$work/folder/.git/HEAD"
cd "$work"
status 1 'a file that nobody understands' lint folder
same 'is unknown by name' 'folder/README.md' "$(sqlite3 s.db "SELECT
	group_concat(key) FROM verdict WHERE check_id = 'config-file-read' AND
	verdict = 'unknown'")"
status 0 'left out by a glob' lint folder --exclude '*.md'
same 'it stands in the report' 'folder/.git .git;folder/README.md --exclude *.md' \
	"$(sqlite3 "$(with_views)" "SELECT group_concat(key || ' ' || excluded_by, ';') FROM
	(SELECT * FROM config_file WHERE type = 'excluded' ORDER BY key)")"
same 'and in the plan' '*.md' "$(sqlite3 s.db "SELECT plan ->> '\$.options.exclude'
	FROM run")"
same 'files that were read' 'folder/sub/cluster.yaml' "$(sqlite3 "$(with_views)" "SELECT
	group_concat(key) FROM config_file WHERE type = 'eksctl'")"
ln -s /etc/passwd folder/link.yaml
ln -s .. folder/up
status 1 'links' lint folder --exclude '*.md,.git'
same 'are unknown by name' 2 "$(sqlite3 "$(with_views)" "SELECT count(*) FROM config_file
	WHERE outcome = 'error' AND reason LIKE '%symbolic link%'")"
status 0 'links left out' lint folder --exclude '*.md,link.*,up'
same 'all globs in the plan' '*.md,link.*,up' "$(sqlite3 s.db "SELECT plan ->>
	'\$.options.exclude' FROM run")"
rm folder/sub/cluster.yaml
status 0 'again' "$exhibit" collect config folder --exclude '*.md,link.*,up' --store s.db
same 'nothing left' 0 "$(sqlite3 "$(with_views)" "SELECT count(*) FROM config_file
	WHERE type <> 'excluded'")"

# --- a file that became unreadable takes its passes with it
cp in/eksctl-good.yaml now.yaml
status 0 'readable' lint now.yaml
printf 'kind: [\n' >now.yaml
status 1 'unreadable now' "$exhibit" audit config now.yaml --store s.db \
	--unsigned --format sarif --output lint
same 'passes left' 0 "$(sqlite3 s.db "SELECT count(*) FROM verdict_at v
	WHERE v.verdict = 'satisfied' AND v.judgement =
	(SELECT max(id) FROM judgement)")"

# --- one broken file of a folder leaves the others judged
mkdir -p mixed
cp in/eksctl-good.yaml mixed/good.yaml
printf 'kind: [\n' >mixed/broken.yaml
status 1 'a folder with a broken file' lint mixed
same 'verdicts of the good one' 1 "$(sqlite3 s.db "SELECT count(*) > 20
	FROM verdict WHERE verdict = 'satisfied' AND reason LIKE 'mixed/good.yaml%'")"
same 'and of the broken one' 'config-file-read;config-file-valid' "$(sqlite3 s.db "SELECT
	group_concat(check_id, ';') FROM (SELECT check_id FROM verdict
	WHERE verdict = 'unknown' AND key = 'mixed/broken.yaml' ORDER BY 1)")"

# --- what is not understood of a folder is named, and no pass
mkdir -p others
cp in/eksctl-good.yaml others/
printf 'tuned {\n\tprofile = throughput\n}\n' >others/tuned.cfg
cat >others/web.yaml <<'YAML'
apiVersion: example.com/v1
kind: Gadget
metadata: {name: web}
YAML
status 1 'files for others' lint others
same 'by name' 'others/tuned.cfg;others/web.yaml' "$(sqlite3 s.db "SELECT
	group_concat(key, ';') FROM (SELECT key FROM verdict WHERE
	check_id = 'config-file-read' AND verdict = 'unknown' ORDER BY 1)")"
same 'as what' 1 "$(sqlite3 s.db "SELECT count(*) FROM verdict WHERE reason LIKE
	'others/web.yaml:1: not understood: Gadget of example.com/v1'")"

# --- includes are followed inside the tree, and the files are read there once
mkdir -p tree/etc/ssh/sshd_config.d tree/etc/nginx/conf.d
cat >tree/etc/ssh/sshd_config <<'CONF'
Include /etc/ssh/sshd_config.d/*.conf
Ciphers chacha20-poly1305@openssh.com
MACs hmac-sha2-256-etm@openssh.com
KexAlgorithms ecdh-sha2-nistp384
HostKeyAlgorithms ecdsa-sha2-nistp384
CONF
printf 'Ciphers aes256-gcm@openssh.com\n' >tree/etc/ssh/sshd_config.d/01-fips.conf
cat >tree/etc/nginx/nginx.conf <<'CONF'
http {
	include conf.d/*.conf;
	ssl_protocols TLSv1.2;
	ssl_ecdh_curve secp384r1;
}
CONF
cat >tree/etc/nginx/conf.d/site.conf <<'CONF'
server {
	listen 443 ssl;
	ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384:!aNULL;
}
CONF
status 0 'what the main files include' lint tree
same 'read as part of them' 2 "$(sqlite3 "$(with_views)" "SELECT count(*) FROM config_file
	WHERE type = 'included' AND included_by IS NOT NULL")"
printf 'Ciphers aes128-cbc,chacha20-poly1305@openssh.com\n' \
	>tree/etc/ssh/sshd_config.d/00-first.conf
status 1 'the first one holds' lint tree
rm tree/etc/ssh/sshd_config.d/00-first.conf
printf 'Include /etc/crypto-policies/back-ends/opensshserver.config\n' \
	>tree/etc/ssh/sshd_config.d/00-first.conf
status 1 'what lies outside may set all' lint tree
same 'so that nothing is known' unknown "$(sqlite3 s.db "SELECT verdict FROM
	verdict WHERE check_id = 'config-sshd-algorithms'")"
rm tree/etc/ssh/sshd_config.d/00-first.conf
ln -s /etc/passwd tree/etc/ssh/sshd_config.d/out.conf
status 1 'a link that leads out' lint tree
rm tree/etc/ssh/sshd_config.d/out.conf
printf 'include loop.conf;\n' >tree/etc/nginx/conf.d/loop.conf
printf 'include conf.d/loop.conf;\nserver { listen 443 ssl; }\n' >tree/etc/nginx/loop.conf
status 1 'files that include one another' timeout 1800 "$exhibit" audit config tree \
	--store "$work/loop.db" --unsigned --format sarif --output "$work/loop"

# --- annotations, of that file alone, and no store
mkdir ci
cp in/eksctl-good.yaml in/eksctl-private.yaml ci/
cd ci
"$exhibit" audit config eksctl-private.yaml --unsigned --format sarif \
	--store exhibit.db --output old >/dev/null 2>&1 || true
cp exhibit.db before.db
status 0 'a good file beside a store with findings' "$exhibit" audit config \
	eksctl-good.yaml --unsigned --format github --output ci
same 'annotations of a good file' 0 "$(grep -c '^::' "$work/out" || true)"
status 1 'annotations' "$exhibit" audit config eksctl-private.yaml --unsigned \
	--format github --output ci
same 'an error with file and line' 1 "$(grep -c \
	'^::error file=eksctl-private.yaml,line=[0-9]*,title=config-eksctl-auth::cluster quiet' \
	"$work/out")"
same 'of other files' 0 "$(grep '^::' "$work/out" | grep -vc 'file=eksctl-private.yaml,' || true)"
same 'the store is as it was' '' "$(cmp exhibit.db before.db 2>&1 || true)"
cd ..

# --- the table of the report
status 0 'a page' "$exhibit" audit config in/eksctl-good.yaml --store t.db \
	--unsigned --output page
same 'its table' 1 "$(grep -c '<h3[^>]*>Configuration files' page.html)"

# --- the environment counts only when it is asked for
cat >aws-config <<'INI'
[default]
region = us-east-1
use_fips_endpoint = true
INI
kms="SELECT verdict FROM verdict WHERE check_id = 'config-aws-endpoint' AND
	key LIKE '%/kms'"
export AWS_ENDPOINT_URL_KMS=https://kms.us-east-1.amazonaws.com
lint aws-config >/dev/null 2>&1 || true
same 'without the environment' satisfied "$(sqlite3 s.db "$kms")"
lint aws-config --aws-environment >/dev/null 2>&1 || true
same 'with it' not-satisfied "$(sqlite3 s.db "$kms")"
export AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true
lint aws-config --aws-environment >/dev/null 2>&1 || true
same 'ignoring URLs' satisfied "$(sqlite3 s.db "$kms")"
unset AWS_ENDPOINT_URL_KMS AWS_IGNORE_CONFIGURED_ENDPOINT_URLS

# --- an exception stands beside the result
cp in/eksctl-private.yaml private.yaml
status 1 'before' lint private.yaml
"$exhibit" except add --check config-eksctl-auth --subject '*' \
	--owner 'Platform' --approver 'The board' --reason 'moves in March' \
	--expires 2026-06-01 --store s.db --unsigned \
	--now 2026-01-01T00:00:01Z >/dev/null
"$exhibit" report --store s.db --unsigned --format sarif --output lint \
	--now 2026-01-01T00:00:02Z >/dev/null 2>&1 || true
same 'suppressed results' 1 "$(bad "r.value ->> '$.suppressions[0].status' =
	'accepted' AND r.value ->> '$.ruleId' = 'config-eksctl-auth'")"
same 'other suppressed results' 0 "$(bad "r.value ->> '$.suppressions' IS NOT NULL
	AND r.value ->> '$.ruleId' <> 'config-eksctl-auth'")"

# --- what is in no file has a name instead of a place
"$exhibit" audit node --root "$here/fixtures/node/al2023-off" --name web-1 \
	--no-imds --no-commands --store n.db --unsigned --format sarif \
	--output lint --now 2026-01-01T00:00:00Z >/dev/null 2>&1 || true
same 'results without a name' 0 "$(bad "r.value ->>
	'$.locations[0].logicalLocations[0].fullyQualifiedName'
	NOT LIKE 'node%:host/web-1:%'")"
same 'results' 1 "$(sarif "json_array_length(j, '$.runs[0].results') > 2")"

# --- 50 MB
{ printf 'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\na: "'
	head -c 50000000 /dev/zero | tr '\0' x
	printf '"\n'; } >large.yaml
status 1 'fifty megabytes' lint large.yaml

[ $failed = 0 ] && echo ok
exit $failed
