-- id: tls-endpoint-complete
-- order: 390
-- title: Every endpoint answered everything that was asked
-- severity: low
-- controls: nist-800-53r5 ca-7 cm-8
-- kinds: tls.endpoint
-- rationale: What a server accepts is found by asking until it refuses. Where a
--   question had no answer, or a server that had accepted began to refuse, the lists
--   may be too short, and what depends on them is unknown.
-- remediation: Collect again from a place that reaches the endpoint, with a longer
--   --connection-time, and let the collecting address through limits on connections.
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome <> 'observed' OR coalesce(json_array_length(unanswered), 1) > 0
            OR coalesce(json_array_length(versions), 0) = 0 THEN 'unknown'
            ELSE 'satisfied' END AS verdict,
       CASE
       WHEN outcome <> 'observed' THEN 'endpoint ' || outcome || ': ' || reason
       WHEN unanswered IS NULL OR versions IS NULL
            THEN 'the evidence lacks what had no answer, or the versions'
       WHEN json_array_length(unanswered) > 1 THEN json_extract(unanswered, '$[0]')
            || ', and ' || (json_array_length(unanswered) - 1) || ' more'
       WHEN json_array_length(unanswered) = 1 THEN json_extract(unanswered, '$[0]')
       WHEN json_array_length(versions) = 0
            THEN 'it answers, but accepted no version and suite that was offered'
       ELSE 'every question was answered'
       END AS reason
  FROM tls_endpoint;
