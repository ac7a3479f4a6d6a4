WITH one AS (SELECT 1)
-- with: finding-parts
