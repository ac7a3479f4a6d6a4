-- Images of nodes (see ami-chain), and lists that did not come (see kube-lists).
-- with: ami-chain
,
-- with: kube-lists
