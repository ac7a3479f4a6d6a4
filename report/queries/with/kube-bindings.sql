-- binding alone (see kube-binding), for a statement to go on from.
WITH
-- with: kube-binding
