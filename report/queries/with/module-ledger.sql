WITH
-- with: module-status
-- with: node-found
found AS (SELECT * FROM node_found),
-- with: module-match
