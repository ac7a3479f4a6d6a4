-- title: Every run and what became of it
SELECT id, began, ended, state, origin, operator, state_root FROM run ORDER BY attempt;
