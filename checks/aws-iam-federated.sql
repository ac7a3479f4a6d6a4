-- id: aws-iam-federated
-- order: 637
-- title: Roles for service accounts name the service account
-- severity: high
-- controls: nist-800-53r5 ac-3 ac-6 ia-9; nist-800-171r2 3.1.1 3.1.2
-- kinds: aws.iam_role aws.call aws.scope
-- rationale: A role that trusts the OIDC provider of a cluster (IRSA) may be assumed by
--   every pod of the cluster unless a condition names the service account (sub). StringLike
--   with * lets in more than one; without aud a token made for another purpose does.
-- remediation: Write StringEquals on ISSUER:sub with
--   system:serviceaccount:NAMESPACE:NAME and on ISSUER:aud with sts.amazonaws.com.
-- references: https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
-- since: 0.1.0
WITH federated AS MATERIALIZED (
	SELECT r.subject, r.scope, s.key AS place, s.value AS statement,
	       substr(p.value, instr(p.value, ':oidc-provider/') + 15) AS issuer
	  FROM aws_iam_role r JOIN json_each(r.trust) s JOIN json_each(s.value, '$.principal.Federated') p
	 WHERE r.outcome = 'observed' AND s.value ->> '$.effect' = 'Allow'
	   AND p.value GLOB '*:oidc-provider/*'),
bound AS MATERIALIZED ( -- a condition that must hold: IfExists lets in who has none
	SELECT f.subject, f.place, f.issuer, lower(substr(k.key, length(f.issuer) + 2)) AS claim,
	       o.key GLOB '*StringLike' AS pattern, k.value AS named
	  FROM federated f JOIN json_each(f.statement, '$.condition') o JOIN json_each(o.value) k
	 WHERE o.key IN ('StringEquals', 'StringLike', 'ForAnyValue:StringEquals', 'ForAnyValue:StringLike')
	   AND lower(substr(k.key, 1, length(f.issuer) + 1)) = lower(f.issuer) || ':'),
subs AS MATERIALIZED (
	SELECT b.subject, b.place, group_concat(v.value, ', ') AS sub,
	       group_concat(v.value, ', ') FILTER (WHERE b.pattern AND v.value GLOB '*[*?]*') AS wide,
	       group_concat(v.value, ', ') FILTER (WHERE NOT b.pattern AND v.value GLOB '*[*?]*') AS literal
	  FROM bound b JOIN json_each(b.named) v WHERE b.claim = 'sub' GROUP BY 1, 2),
auds AS MATERIALIZED (SELECT DISTINCT subject, place FROM bound WHERE claim = 'aud'),
judged AS (
	SELECT f.subject, f.issuer, s.sub, s.wide, s.literal, a.subject IS NOT NULL AS aud
	  FROM federated f LEFT JOIN subs s ON s.subject = f.subject AND s.place = f.place
	  LEFT JOIN auds a ON a.subject = f.subject AND a.place = f.place),
told AS ( -- the worst statement of the role
	SELECT subject, min(CASE WHEN sub IS NULL THEN 1 WHEN wide IS NOT NULL THEN 2 WHEN NOT aud THEN 3 ELSE 4 END) AS worst,
	       min(wide) AS wide, min(sub) AS sub, min(literal) AS literal
	  FROM judged GROUP BY subject)
SELECT r.subject,
       CASE WHEN r.outcome <> 'observed' OR r.trust IS NULL THEN 'unknown'
            WHEN t.subject IS NULL THEN 'not-applicable'
            WHEN t.worst = 4 THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN r.outcome <> 'observed' THEN 'role ' || r.outcome || ': ' || r.reason
            WHEN r.trust IS NULL THEN 'its trust policy could not be read' || coalesce(': ' || r.trust_problem, '')
            WHEN t.subject IS NULL THEN 'it trusts no OIDC provider'
            WHEN t.worst = 1 THEN 'every identity of its OIDC provider may assume it: no condition on sub'
            WHEN t.worst = 2 THEN 'its condition on sub lets in more than one: ' || t.wide
            WHEN t.worst = 3 THEN 'no condition on aud; sub is ' || t.sub
            ELSE 'only ' || t.sub || ' may assume it' END || coalesce(iif(t.worst = 4, '; StringEquals '
            || 'takes a wildcard for itself, so ' || t.literal || ' matches nobody: StringLike was meant',
            NULL), '') AS reason
  FROM aws_iam_role r LEFT JOIN told t ON t.subject = r.subject
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be roles that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'iam:GetAccountAuthorizationDetails'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
