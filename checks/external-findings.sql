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
	SELECT *, lower(key || ' ' || coalesce(title, '')) AS words FROM external_result),
about AS (
	SELECT *, words LIKE '%fips%' OR words LIKE '%crypt%' OR words LIKE '%tls%'
	       OR words LIKE '%ssl%' OR words LIKE '%cipher%' OR words LIKE '%kms%'
	       OR words LIKE '%certificate%' AS cryptography
	  FROM named)
SELECT subject,
       CASE WHEN outcome <> 'observed' OR NOT cryptography THEN 'unknown'
            WHEN result = 'fail' THEN 'not-satisfied'
            WHEN result = 'pass' AND title IS NOT NULL THEN 'not-applicable'
            ELSE 'unknown' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN outcome || ': ' || coalesce(reason, 'no reason given')
            WHEN NOT cryptography OR title IS NULL AND result <> 'fail'
            THEN 'could not determine whether ' || key || ' is about cryptography: the tool gives no title'
            WHEN result = 'fail' THEN coalesce(rule, key) || ': the tool states ' ||
                 coalesce(stated, 'that it failed')
            WHEN result = 'pass' THEN 'the tool states ' || coalesce(stated, 'that it passed') ||
                 ': third-party evidence, no pass by itself'
            ELSE 'not evaluated: the tool states ' || coalesce(stated, 'no result')
       END AS reason
  FROM about
 WHERE cryptography OR title IS NULL;
