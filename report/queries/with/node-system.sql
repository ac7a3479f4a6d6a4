-- Which system each node runs, by what its os-release says: the row of the catalogue of
-- systems, the more specific first. Evidence that holds no ID is taken at its os_family.
-- known: os-release was read. system NULL: nobody in the catalogue.
named_system AS MATERIALIZED (
	SELECT d.*, (SELECT min(s.rowid) FROM catalog_systems s
	              WHERE iif(d.os_id IS NOT NULL, s.os_id = d.os_id
	                        AND (s.os_version IS NULL OR d.os_version GLOB s.os_version),
	                        s.system = d.os_family)) AS place
	  FROM (SELECT DISTINCT os_id, os_version, os_family FROM node) d),
node_system AS MATERIALIZED (
	SELECT n.subject, n.scope, n.os_version, n.os_variant,
	       coalesce(n.os_id, n.os_family) IS NOT NULL AS known,
	       s.system, coalesce(n.os_pretty, s.name, n.os_id, n.os_family) AS pretty, s.name,
	       s.vendor, s.holders, s.base, s.rebuild_of, s.flavour, s.modules, s.policies, s.note
	  FROM node n
	  LEFT JOIN named_system d ON d.os_id IS n.os_id AND d.os_version IS n.os_version
	        AND d.os_family IS n.os_family
	  LEFT JOIN catalog_systems s ON s.rowid = d.place)
