-- id: kube-image-registry
-- order: 455
-- title: Images are pulled from ECR's FIPS hosts
-- severity: medium
-- controls: nist-800-53r5 sc-8 sc-13; nist-800-171r2 3.13.8; cmmc-l2 SC.L2-3.13.8
-- kinds: kube.image kube.cluster kube.list
-- catalogs: aws-endpoints
-- with: kube-unlisted
-- rationale: The name of an image says over which host it is pulled. ECR serves
--   ACCOUNT.dkr.ecr-fips.REGION where it has FIPS endpoints; the plain name is a
--   regular one.
-- remediation: Name the FIPS host in the image, where its region has one and the cluster can
--   reach it (not over PrivateLink).
-- references: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-endpoints.html
-- since: 0.1.0
, part AS MATERIALIZED (
	SELECT i.subject, lower(substr(r.value, 1, instr(r.value || '/', '/') - 1)) AS host
	  FROM kube_image i JOIN json_each(i."references") r WHERE i.outcome = 'observed'),
pulled AS (
	SELECT subject, min(CASE WHEN host GLOB '*.dkr.ecr.*' THEN host END) AS plain,
	       min(CASE WHEN host GLOB '[0-9]*.dkr.ecr-fips.*.amazonaws.com'
	                  OR host GLOB '[0-9]*.dkr-ecr-fips.*.on.aws' THEN host END) AS fips
	  FROM part GROUP BY subject),
region AS (
	SELECT p.*, substr(p.plain, instr(p.plain, '.dkr.ecr.') + 9) AS rest FROM pulled p)
SELECT i.subject,
       CASE WHEN i.outcome <> 'observed' OR i."references" IS NULL THEN 'unknown'
            WHEN p.plain IS NOT NULL THEN 'not-satisfied'
            WHEN p.fips IS NOT NULL THEN 'satisfied' ELSE 'not-applicable' END AS verdict,
       CASE WHEN i.outcome <> 'observed' THEN 'image ' || i.outcome || ': ' || i.reason
            WHEN i."references" IS NULL THEN 'the evidence lacks the names it runs under'
            WHEN p.plain IS NOT NULL AND EXISTS (SELECT 1 FROM catalog_aws_endpoints e
                 WHERE e.service = 'api.ecr' AND e.region = substr(p.rest, 1,
                       instr(p.rest || '.', '.') - 1))
            THEN 'pulled from ' || p.plain || ', which is no FIPS host'
            WHEN p.plain IS NOT NULL THEN 'pulled from ' || p.plain
                 || '; no FIPS host of ECR is listed for that region'
            WHEN p.fips IS NOT NULL THEN 'pulled from ' || p.fips
            ELSE 'not an image of ECR; what serves it is not in evidence' END AS reason
  FROM kube_image i LEFT JOIN region p ON p.subject = i.subject
UNION ALL
SELECT subject, 'unknown', reason FROM unlisted WHERE kind = 'kube.image';
