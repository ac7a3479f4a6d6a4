-- id: scap-fips-rules
-- order: 190
-- title: No FIPS rule of a SCAP scan failed
-- severity: medium
-- controls: nist-800-53r5 sc-13 cm-6 ra-5; nist-800-171r2 3.13.11; cmmc-l2 SC.L2-3.13.11
-- kinds: scap.rule_result scap.result
-- rationale: A scanner that knows the distribution's own guide (SCAP Security Guide,
--   a STIG) asks the host itself. It is a second opinion beside exhibit's own reading:
--   where the two differ, somebody must look. A file of results is a third party's word, so
--   what it calls passed is no pass here. Judged are the rules whose name speaks
--   of FIPS or of the system-wide crypto policy.
-- remediation: Put right what the rule asks for, scan again and collect the new
--   results. A rule that was not checked needs a scan with its content.
-- references: https://www.open-scap.org/security-policies/scap-security-guide/
-- since: 0.1.0
WITH scan AS (
	SELECT scope, min(ended) AS ended FROM scap_result WHERE outcome = 'observed'
	 GROUP BY scope),
rule AS (
	SELECT r.subject, r.outcome, r.reason, r.rule, r.result, substr(s.ended, 1, 10) AS ended,
	       julianday(substr(a.as_of, 1, 10)) - julianday(substr(s.ended, 1, 10)) AS age
	  FROM asked a CROSS JOIN scap_rule_result r LEFT JOIN scan s ON s.scope = r.scope
	 WHERE r.key GLOB '*[Ff][Ii][Pp][Ss]*' OR r.key GLOB '*crypto_policy*')
SELECT subject,
       CASE
       WHEN outcome <> 'observed' THEN 'unknown'
       WHEN age IS NULL OR age > 92 OR age < -1 THEN 'unknown'
       WHEN result = 'fail' THEN 'not-satisfied'
       WHEN result IN ('pass', 'fixed', 'notapplicable', 'notselected') THEN 'not-applicable'
       ELSE 'unknown'
       END AS verdict,
       CASE
       WHEN outcome <> 'observed' THEN outcome || ': ' || coalesce(reason, 'no reason given')
       WHEN age IS NULL THEN 'the scan does not say when it ended'
       WHEN age > 92 THEN 'the scan ended on ' || ended || ', over 92 days before the day asked about'
       WHEN age < -1 THEN 'the scan ended on ' || ended || ', after the day asked about'
       WHEN result = 'notselected' THEN 'the scan''s profile does not ask for it'
       WHEN result IN ('pass', 'fixed') THEN 'the scanner says ' || result
            || ': third-party evidence, no pass by itself'
       ELSE 'the scanner says ' || coalesce(result, 'nothing')
       END AS reason
  FROM rule;
