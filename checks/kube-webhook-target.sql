-- id: kube-webhook-target
-- order: 465
-- title: Admission webhooks are services of the cluster
-- severity: medium
-- controls: nist-800-53r5 sc-7 ac-4; nist-800-171r2 3.13.1; cmmc-l2 SC.L2-3.13.1
-- kinds: kube.webhook kube.cluster kube.list
-- with: kube-unlisted
-- rationale: A webhook is sent every object it asks for, secrets too, and a mutating one may
--   change them. One that is reached by a URL sends them out of the cluster.
-- remediation: Have a service of the cluster answer, or make sure whose host that is.
-- references: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
-- since: 0.1.0
, out AS (
	SELECT w.subject, min(h.value ->> '$.to') AS host FROM kube_webhook w
	  JOIN json_each(w.webhooks) h
	 WHERE w.outcome = 'observed' AND h.value ->> '$.to' NOT LIKE 'service %'
	   -- without its port; 127.0.0.1 without one loses a digit
	   AND rtrim(rtrim(h.value ->> '$.to', '0123456789'), ':')
	       NOT IN ('localhost', '[::1]', '127.0.0.1', '127.0.0.')
	 GROUP BY w.subject)
SELECT w.subject,
       CASE WHEN w.outcome <> 'observed' OR w.webhooks IS NULL THEN 'unknown'
            WHEN o.host IS NOT NULL THEN 'not-satisfied'
            WHEN w.webhooks = '[]' THEN 'not-applicable'
            WHEN EXISTS (SELECT 1 FROM json_each(w.webhooks) h
                 WHERE h.value ->> '$.to' IS NULL) THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE WHEN w.outcome <> 'observed' THEN 'webhook ' || w.outcome || ': ' || w.reason
            WHEN w.webhooks IS NULL THEN 'the evidence lacks whom it asks'
            WHEN o.host IS NOT NULL THEN 'objects are sent to ' || o.host
            WHEN w.webhooks = '[]' THEN 'it has no webhooks'
            WHEN EXISTS (SELECT 1 FROM json_each(w.webhooks) h
                 WHERE h.value ->> '$.to' IS NULL) THEN 'a webhook of it names nobody to ask'
            ELSE 'a service of the cluster, or the API server''s own host, answers' END AS reason
  FROM kube_webhook w LEFT JOIN out o ON o.subject = w.subject
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.webhook';
