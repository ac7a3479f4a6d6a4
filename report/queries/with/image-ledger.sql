WITH
-- with: module-status
-- with: image-found
found AS (SELECT * FROM image_found),
module_origin(subject, layer, name, vendors, confirmed, text) AS (
	SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE 0),
-- with: module-match
