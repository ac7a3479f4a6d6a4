# refuse_account STORE: the account of each AWS scope in it refuses now, whole, as the
# collector tells of it (collector/aws/aws.c); then nothing that was observed there
# may count for any check, and each check of AWS is unknown for the account. Needs
# $exhibit, $now and fail().
refuse_account() {
	"$exhibit" kinds | grep -o '^aws\.[a-z0-9_]*' | sort >refused.kinds
	sqlite3 "$1" "SELECT DISTINCT scope FROM state WHERE scope GLOB 'aws/*'" >refused.scopes
	while read -r scope; do
		printf '{"key":"%s","kind":"aws.scope","observation":{"outcome":"denied","reason":"AccessDenied"},"provenance":{},"scope":"%s"}\n' \
			"${scope#aws/}" "$scope"
		printf '{"coverage":{"calls":1,"collector":"aws","denied":1,"gaps":[%s],"kinds":[%s],"outcome":"denied","reason":"AccessDenied","scope":"%s","subjects":1}}\n' \
			"$(grep -v '^aws.scope$' refused.kinds |
				sed 's/.*/{"kind":"&","outcome":"denied","reason":"AccessDenied"}/' |
				paste -sd, -)" \
			"$(sed 's/.*/"&"/' refused.kinds | paste -sd, -)" "$scope"
	done <refused.scopes >refused.ndjson
	[ -s refused.ndjson ] || fail 'no account to refuse'
	for what in 'collect import refused.ndjson' assess; do
		# shellcheck disable=SC2086
		"$exhibit" $what --store "$1" --now "$now" >/dev/null 2>refused.err ||
			[ $? = 1 ] || { fail "$what: $(cat refused.err)"; return; }
	done
	sqlite3 "$1" "SELECT check_id, kind, key, verdict FROM verdict
		WHERE kind GLOB 'aws.*' AND verdict <> 'unknown'" >refused.bad
	[ ! -s refused.bad ] || fail "of a refused account: $(head -20 refused.bad)"
	"$exhibit" checks | grep -o '^aws-[a-z0-9-]*' | sort >refused.all
	sqlite3 "$1" "SELECT DISTINCT check_id FROM verdict
		WHERE kind = 'aws.scope' AND verdict = 'unknown'" | sort |
		comm -23 refused.all - >refused.silent
	[ ! -s refused.silent ] || fail "silent of a refused account: $(cat refused.silent)"
}
