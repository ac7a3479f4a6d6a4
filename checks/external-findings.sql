-- id: external-findings
-- order: 191
-- title: Other tools found nothing against cryptography
-- severity: medium
-- controls: nist-800-53r5 sc-13 ra-5 ca-7; nist-800-171r2 3.13.11
-- kinds: external.result external.report
-- rationale: What other tools found is evidence of a third party: it shows a weakness, and it
--   never shows that there is none. A failure stands until its tool says otherwise; a pass of
--   another tool is told beside exhibit's own reading and is no pass here. Looked at are the
--   rules whose name speaks of FIPS, encryption, TLS, keys or certificates.
-- remediation: Put right what the tool's rule asks for. Run the tool again and collect the new
--   results.
-- references: https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
-- since: 0.1.0
WITH named AS (
	SELECT *, lower(' ' || coalesce(rule, '') || ' ' || coalesce(title, '')) AS words
	  FROM external_result)
SELECT subject,
       CASE WHEN outcome <> 'observed' THEN 'unknown'
            WHEN result = 'fail' THEN 'not-satisfied'
            WHEN result = 'pass' THEN 'not-applicable'
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN outcome || ': ' || coalesce(reason, 'no reason given')
            WHEN result = 'fail' THEN rule || ': the tool states ' || coalesce(stated, 'nothing')
            WHEN result = 'pass' THEN 'the tool states ' || stated ||
                 ': third-party evidence, no pass by itself'
            ELSE 'not evaluated: the tool states ' || coalesce(stated, 'no result')
       END AS reason
  FROM named
 WHERE words LIKE '%fips%' OR words LIKE '%crypt%' OR words LIKE '%tls%' OR words LIKE '%ssl%'
    OR words LIKE '%cipher%' OR words LIKE '%kms%' OR words LIKE '%certificate%';
