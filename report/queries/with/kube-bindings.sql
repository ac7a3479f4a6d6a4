-- binding (see kube-binding) and unlisted (see kube-lists), for a statement to go on from.
WITH
-- with: kube-lists
,
-- with: kube-binding
