-- id: aws-nitro
-- order: 620
-- title: Instances run on Nitro
-- severity: medium
-- controls: nist-800-53r5 sc-39 sc-8(1) si-7; nist-800-171r2 3.13.11
-- kinds: aws.instance aws.instance_type aws.call aws.scope
-- rationale: On Nitro, memory, disks and network of an instance are separated and encrypted
--   by dedicated hardware. The type of an instance tells, not the field hypervisor of the
--   instance, which says xen for both. Bare-metal types have no hypervisor and are Nitro.
--   Whether traffic between instances is encrypted by the hardware is a matter of the type
--   of its own.
-- remediation: Move to a current instance type, as m6i, m7g or c7i.
-- references: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html
-- since: 0.1.0
WITH what AS (
	SELECT i.subject, i.outcome, i.reason, i.instance_type, t.outcome AS t_outcome,
	       t.reason AS t_reason, t.hypervisor, t.bare_metal, t.encryption_in_transit
	  FROM aws_instance i
	  LEFT JOIN aws_instance_type t ON t.scope = i.scope AND t.key = i.instance_type)
SELECT subject,
       CASE WHEN outcome <> 'observed' OR t_outcome IS NOT 'observed' THEN 'unknown'
            WHEN hypervisor = 'nitro' OR bare_metal THEN 'satisfied'
            WHEN hypervisor IS NULL THEN 'unknown'
            ELSE 'not-satisfied' END AS verdict,
       CASE WHEN outcome <> 'observed' THEN 'instance ' || outcome || ': ' || reason
            WHEN t_outcome IS NULL THEN 'type ' || coalesce(instance_type, '?') || ' was not looked up'
            WHEN t_outcome <> 'observed' THEN 'type ' || instance_type || ' ' || t_outcome || ': ' || t_reason
            WHEN hypervisor IS NULL AND bare_metal IS NOT 1
            THEN 'type ' || instance_type || ' names neither a hypervisor nor bare metal'
            ELSE instance_type || CASE WHEN bare_metal THEN ' is bare metal on Nitro'
                 WHEN hypervisor = 'nitro' THEN ' is Nitro' ELSE ' is ' || hypervisor || ', not Nitro' END
                 || CASE encryption_in_transit WHEN 1 THEN '; traffic between such instances is encrypted'
                    WHEN 0 THEN '; traffic between such instances is not encrypted by the hardware'
                    ELSE '' END END AS reason
  FROM what
 UNION ALL -- what may be missing
SELECT subject, 'unknown', key || ' was not answered: ' || coalesce(error, result) || '; there may be instances that are not judged'
  FROM aws_call WHERE outcome = 'observed' AND result <> 'answered'
   AND key = 'ec2:DescribeInstances'
 UNION ALL -- an account or region that was requested and did not answer
SELECT subject, 'unknown', 'not evaluated: ' || key || ' ' || outcome || ': ' || reason
  FROM aws_scope WHERE outcome <> 'observed';
