-- id: config-certificate
-- order: 553
-- title: Certificates in configuration files have not expired
-- severity: medium
-- controls: nist-800-53r5 sc-12 sc-17 ia-5; nist-800-171r2 3.13.10
-- kinds: config.certificate
-- rationale: A kubeconfig with an expired authority or client certificate works no more, and
--   people then switch verification off. Of certificates only the end of their validity
--   is kept.
-- remediation: Make the kubeconfig again ('aws eks update-kubeconfig', 'kubeadm certs renew').
-- since: 0.1.0
SELECT c.subject,
       CASE WHEN c.outcome <> 'observed' OR c.not_after IS NULL THEN 'unknown'
            WHEN c.not_after <= a.as_of THEN 'not-satisfied' ELSE 'satisfied' END AS verdict,
       CASE WHEN c.outcome <> 'observed' THEN c.key || ': ' || c.reason
            ELSE c.file || ':' || c.line || ': ' || coalesce(c.what, 'certificate')
                 || CASE WHEN c.not_after IS NULL THEN ' is not base64 of PEM that can be read'
                    WHEN c.not_after <= a.as_of THEN ' expired on ' || c.not_after
                    ELSE ' expires on ' || c.not_after END END AS reason
  FROM config_certificate c, asked a;
