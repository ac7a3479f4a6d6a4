WITH
-- with: module-status
-- with: node-found
-- with: image-found
found AS (SELECT * FROM node_found UNION ALL SELECT * FROM image_found),
-- with: module-match
