-- unlisted alone (see kube-lists).
WITH
-- with: kube-lists
