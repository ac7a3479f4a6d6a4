-- What is granted (see kube-grants), and what has a namespace (see kube-scoped).
-- with: kube-grants
,
-- with: kube-scoped
