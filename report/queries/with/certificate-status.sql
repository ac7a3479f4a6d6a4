WITH
-- with: module-status
certificate_status AS (SELECT * FROM module_status)
