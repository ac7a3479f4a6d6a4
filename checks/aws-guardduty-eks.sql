-- id: aws-guardduty-eks
-- order: 765
-- title: GuardDuty watches EKS
-- severity: medium
-- controls: nist-800-53r5 si-4 ra-5 au-6; nist-800-171r2 3.14.6 3.3.5; cmmc-l2
--   SI.L2-3.14.6
-- kinds: aws.guardduty_detector aws.call aws.scope
-- rationale: GuardDuty reads the audit logs of EKS clusters and looks at processes on
--   their nodes only where its detector has these features on.
-- remediation: Enable the detector and its features EKS_AUDIT_LOGS and
--   RUNTIME_MONITORING.
-- references: https://docs.aws.amazon.com/guardduty/latest/ug/kubernetes-protection.html https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring.html
-- since: 0.1.0
SELECT subject,
       CASE WHEN outcome = 'absent' THEN 'not-satisfied'
            WHEN outcome <> 'observed' OR unread ->> 'Detector' IS NOT NULL OR status IS NULL
            THEN 'unknown'
            WHEN status = 'ENABLED' AND eks_audit_logs = 'ENABLED' AND eks_runtime = 'ENABLED'
            THEN 'satisfied' ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'detector ' || outcome || ': ' || reason
            WHEN unread ->> 'Detector' IS NOT NULL OR status IS NULL
            THEN 'the detector could not be read: ' || coalesce(unread ->> 'Detector', 'no answer')
            WHEN status <> 'ENABLED' THEN 'the detector is ' || lower(status)
            WHEN coalesce(eks_audit_logs, '') <> 'ENABLED' AND coalesce(eks_runtime, '') <> 'ENABLED'
            THEN 'neither audit logs of EKS nor processes on its nodes are watched'
            WHEN coalesce(eks_audit_logs, '') <> 'ENABLED'
            THEN 'audit logs of EKS are not watched'
            WHEN coalesce(eks_runtime, '') <> 'ENABLED'
            THEN 'processes on nodes of EKS are not watched'
            ELSE 'audit logs of EKS and processes on its nodes are watched' END AS reason
  FROM aws_guardduty_detector
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result)
       || '; there may be detectors that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key IN ('guardduty:ListDetectors', 'guardduty:GetDetector')
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
