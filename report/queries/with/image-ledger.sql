WITH
-- with: module-status
-- with: image-found
found AS (SELECT * FROM image_found),
-- with: module-match
