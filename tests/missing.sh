# Missing evidence is never a pass: sourced by tests that have a judged store.
#
# missing STORE TIME alone|together WORD...
# takes each column of each kind that STORE holds away, in a copy of its own of the
# evidence, and judges all copies in one store. No verdict may become satisfied or
# not-applicable by it, and none may vanish. A copy's names are made its own by
# putting its number behind each WORD of its lines. alone: what is judged rests on
# one scope, so only those that have the column are copied; together: all are.
# Judged for TIME, by $exhibit; prints what is wrong, status 1.
missing() {
	m_store=$(realpath "$1") m_now=$2 m_how=$3
	shift 3
	m_line=line
	for m_word; do
		m_line="replace($m_line, '$m_word', '$m_word' || 'x' || n || '.')"
	done
	m_dir=$(mktemp -d)
	missing_allowed >"$m_dir/allowed"
	sqlite3 "$m_dir/copies.db" <<-END
	ATTACH '$m_store' AS s;
	CREATE TABLE row(id INTEGER PRIMARY KEY, kind, scope, line);
	INSERT INTO row(kind, scope, line)
	SELECT b.kind, b.scope, json_object('key', b.key, 'kind', b.kind, 'observation',
	       json(k.body), 'provenance', json('{}'), 'scope', b.scope)
	  FROM s.subject b JOIN s.change c ON c.subject = b.id JOIN s.content k ON k.id = c.content
	 WHERE c.run = (SELECT max(run) FROM s.change WHERE subject = b.id);
	INSERT INTO row(scope, line)
	SELECT p.scope, json_object('coverage', json(k.body))
	  FROM s.place p JOIN s.answer a ON a.place = p.id JOIN s.content k ON k.id = a.content
	 WHERE a.run = (SELECT max(run) FROM s.answer WHERE place = p.id);
	CREATE TABLE taken(n INTEGER PRIMARY KEY, kind, name);
	INSERT INTO taken(kind, name)
	SELECT DISTINCT r.kind, a.key FROM row r, json_each(r.line, '$.observation.attributes') a
	 WHERE a.type <> 'null' ORDER BY 1, 2;
	CREATE TABLE held AS -- which scopes are copied for which column
	SELECT DISTINCT t.n, r.scope FROM taken t, row r
	 WHERE '$m_how' = 'together' OR r.kind = t.kind
	   AND json_type(r.line, '$.observation.attributes.' || t.name) <> 'null'
	 UNION SELECT DISTINCT 0, scope FROM row;
	CREATE TABLE copy AS
	SELECT n, id, kind, line ->> 'scope' AS scope, line ->> 'key' AS key, line FROM (
		SELECT n, id, kind, $m_line AS line FROM (
			SELECT h.n, r.id, r.kind, CASE WHEN r.kind = t.kind THEN json_remove(r.line,
			       '$.observation.attributes.' || t.name) ELSE r.line END AS line
			  FROM held h JOIN row r ON r.scope = h.scope
			  LEFT JOIN taken t ON t.n = h.n));
	CREATE INDEX copy_by_id ON copy(id);
	.once $m_dir/copies.ndjson
	SELECT line FROM copy;
	END
	"$exhibit" init --store "$m_dir/s.db" --now "$m_now" >"$m_dir/out" 2>&1 &&
		"$exhibit" collect import "$m_dir/copies.ndjson" --store "$m_dir/s.db" \
			--now "$m_now" >"$m_dir/out" 2>&1 || [ $? = 1 ] || cat "$m_dir/out"
	"$exhibit" assess --store "$m_dir/s.db" --now "$m_now" >"$m_dir/out" 2>&1 ||
		[ $? = 1 ] || cat "$m_dir/out"
	sqlite3 -separator '|' "$m_dir/copies.db" >"$m_dir/better" <<-END
	ATTACH '$m_dir/s.db' AS s;
	CREATE TABLE v(kind, scope, key, check_id, verdict, reason,
	       PRIMARY KEY (kind, scope, key, check_id)) WITHOUT ROWID;
	INSERT INTO v SELECT kind, scope, key, check_id, verdict, reason FROM s.verdict;
	CREATE TABLE allowed(what, judge, why);
	.import $m_dir/allowed allowed
	SELECT 'without ' || t.kind || '.' || t.name || ', ' || v.check_id || ' of ' || w.key
	       || ' is ' || coalesce(u.verdict || ' (' || u.reason || ')', 'gone') || ', not '
	       || v.verdict || ' (' || v.reason || ')'
	  FROM copy w CROSS JOIN v ON (v.kind, v.scope, v.key) = (w.kind, w.scope, w.key)
	 CROSS JOIN copy c ON c.id = w.id AND c.n > 0
	 CROSS JOIN taken t ON t.n = c.n
	  LEFT JOIN v u ON (u.kind, u.scope, u.key) = (c.kind, c.scope, c.key)
	   AND u.check_id = v.check_id
	 WHERE w.n = 0 AND u.verdict IS NOT v.verdict
	   AND (u.verdict IS NULL OR u.verdict IN ('satisfied', 'not-applicable'))
	   AND NOT EXISTS (SELECT 1 FROM allowed a WHERE a.what = t.kind || '.' || t.name
	                      AND v.check_id GLOB a.judge);
	SELECT 'nothing was judged' WHERE NOT EXISTS (SELECT 1 FROM v);
	.output $m_dir/said
	SELECT (SELECT count(*) FROM taken) || ' columns taken away, '
	       || (SELECT count(*) FROM v) || ' verdicts';
	END
	cat "$m_dir/said"
	m_bad=0
	if [ -s "$m_dir/better" ]; then
		head -40 "$m_dir/better" >&2
		m_bad=1
	fi
	rm -rf "$m_dir"
	return $m_bad
}

# COLUMN|CHECKS|why no value says something of its own there
missing_allowed() {
	cat <<-'END'
	aws.kms_key.arn|kube-volume-encrypted|a key that nobody looked at is not held against a volume
	config.eksctl_cluster.private_cluster|config-eksctl-endpoints|not stated: eksctl makes none
	config.eksctl_nodegroup.ami|config-eksctl-ami|not stated: amiFamily decides
	config.eksctl_nodegroup.ami_family|config-eksctl-*|not stated: AmazonLinux2023
	config.eksctl_nodegroup.disable_imdsv1|config-eksctl-imds|not stated: true
	config.eksctl_nodegroup.launch_template|config-eksctl-*|not stated: eksctl makes its own
	config.eksctl_nodegroup.override|config-eksctl-bootstrap|not stated: there is none
	config.eksctl_nodegroup.pre_bootstrap|config-eksctl-bootstrap|not stated: there are none
	config.eksctl_nodegroup.ssh_allow|config-eksctl-ssh|not stated: closed
	config.kubeconfig.skip_verify|config-kubeconfig|not stated: the certificate is verified
	config.resource.image_id|config-resource-fips|not stated: no image is named there
	config.resource.protocol|config-resource-fips|not stated: HTTP
	config.resource.http_tokens|config-resource-access|not stated: what Karpenter makes
	config.setting.list|config-setting|not stated: the program's own default, as the catalog has it
	config.setting.value|config-setting|not stated: the program's own default, as the catalog has it
	config.sshd.match_public_key|config-sshd-algorithms|no Match block sets it
	node.package.name|node-ledger-fresh|a package without a name is no module's: of the others the data is as fresh
	kube.ingress.class|kube-ingress-tls|not set: the default class
	kube.load_balancer.ssl_policy|kube-load-balancer-tls|not set: it leaves the policy to others
	kube.service.ssl_cert|kube-service-tls|no annotation: the load balancer passes TLS on
	kube.service_account.role_arn|kube-workload-endpoint|no annotation: no IAM role
	kube.service_account.sts_regional|kube-workload-endpoint|no annotation: regional
	kube.workload.service_account|kube-workload-endpoint|not set: the account named default
	node.bottlerocket.go_fips140|node-*|not set: Go's programs are not told to
	node.openssl.security_checks|node-openssl-config|not set in the file: switched on
	node.openssl.conditional_errors|node-openssl-config|not set in the file: switched on
	END
}
