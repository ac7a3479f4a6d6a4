-- What the profile accepts: policy(match, environment, standards, inherited,
-- observation_days, ending_days), each from the table parameter.
policy AS MATERIALIZED (
	SELECT max(value) FILTER (WHERE name = 'match') AS match,
	       max(value) FILTER (WHERE name = 'environment') AS environment,
	       max(value) FILTER (WHERE name = 'standards') AS standards,
	       max(value) FILTER (WHERE name = 'inherited') AS inherited,
	       CAST(max(value) FILTER (WHERE name = 'observation_days') AS INTEGER) AS observation_days,
	       CAST(max(value) FILTER (WHERE name = 'ending_days') AS INTEGER) AS ending_days
	  FROM parameter),
-- A certificate's status on the day asked about, from dated observations and
-- never from a printed sunset: module_status(certificate, state, why).
-- In turn: not validated yet; seen Historical by then; FIPS 140-2 from its end
-- on 2026-09-22; seen Active later; moved later; seen Active no more than the
-- accepted days before, and not before its own sunset; else nobody knows.
today AS MATERIALIZED (SELECT substr(as_of, 1, 10) AS d FROM asked),
seen AS MATERIALIZED (
	SELECT c.certificate, t.d,
	       min(coalesce(s.began, s.observed)) FILTER (WHERE s.status <> 'Active'
	           AND coalesce(s.began, s.observed) <= t.d) AS ended,
	       min(s.began) FILTER (WHERE s.status <> 'Active' AND s.began > t.d) AS ends,
	       min(s.observed) FILTER (WHERE s.status <> 'Active' AND s.observed > t.d) AS gone,
	       min(s.observed) FILTER (WHERE s.status = 'Active' AND s.observed > t.d) AS later,
	       max(s.observed) FILTER (WHERE s.status = 'Active' AND s.observed <= t.d) AS active
	  FROM catalog_cmvp_certificates c CROSS JOIN today t
	  LEFT JOIN catalog_cmvp_status s ON s.certificate = c.certificate
	 WHERE c.certificate IS NOT NULL GROUP BY c.certificate),
decided AS MATERIALIZED (
	SELECT c.*, s.active, s.later, s.ended, s.ends, s.gone, s.d, p.observation_days AS days,
	       CASE WHEN c.validated > s.d THEN 'not yet validated'
	            WHEN s.ended IS NOT NULL THEN 'historical'
	            WHEN c.standard = '140-2' AND s.d >= '2026-09-22' THEN 'historical'
	            -- since when is not known: what was seen later says nothing of before
	            WHEN c.validated IS NULL AND s.active IS NULL THEN 'unknown'
	            WHEN s.later IS NOT NULL OR s.ends IS NOT NULL THEN 'active'
	            WHEN s.active = s.d THEN 'active'
	            WHEN s.gone IS NOT NULL OR s.active IS NULL THEN 'unknown'
	            WHEN c.sunset < s.d AND s.active <= c.sunset THEN 'unknown'
	            WHEN julianday(s.d) - julianday(s.active) <= p.observation_days THEN 'active'
	            ELSE 'unknown' END AS state
	  FROM catalog_cmvp_certificates c JOIN seen s USING (certificate) CROSS JOIN policy p),
module_status AS MATERIALIZED (
	SELECT certificate, standard, level, sunset, interim, validated, successor, state,
	       active AS observed,
	       -- the first day on which the newest observation is older than accepted
	       CASE WHEN state = 'active' AND later IS NULL AND ends IS NULL
	            THEN date(active, '+' || (days + 1) || ' days') END AS stale,
	       CAST(julianday(d) - julianday(active) AS INTEGER) AS age,
	       CASE state
	       WHEN 'not yet validated' THEN 'not validated until ' || validated
	       WHEN 'historical' THEN 'historical' || CASE
	            WHEN ended IS NULL THEN ', as every FIPS 140-2 certificate since 2026-09-22'
	            ELSE ' by ' || ended END
	            || coalesce(', replaced by ' || successor, '')
	       WHEN 'active' THEN CASE
	            WHEN later IS NOT NULL THEN 'active, as it still was on ' || later
	            WHEN ends IS NOT NULL THEN 'active until it moved on ' || ends
	            ELSE 'active, observed on ' || active END
	            || iif(interim = 'Y', ' (interim validation)', '')
	       ELSE 'status unknown: ' || CASE WHEN sunset < d
	            THEN 'its sunset ' || sunset || ' has passed and nobody looked since'
	            WHEN active IS NOT NULL THEN 'last observed active on ' || active
	                 || iif(gone IS NULL, ', longer ago than the accepted ' || days || ' days', '')
	            ELSE 'never observed' END
	            || '; check live at csrc.nist.gov/projects/'
	            || 'cryptographic-module-validation-program/certificate/' || certificate
	       END AS why
	  FROM decided),
