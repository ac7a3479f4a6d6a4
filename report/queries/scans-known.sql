-- title: Scans and reports of other tools that are the state, and when they ended: what an older one does not replace
SELECT scope || char(9) || ended AS known FROM scap_result
 WHERE outcome = 'observed' AND ended IS NOT NULL
 UNION ALL
SELECT scope || char(9) || time FROM external_report
 WHERE outcome = 'observed' AND time IS NOT NULL
 ORDER BY 1;
