WITH
-- with: node-system
