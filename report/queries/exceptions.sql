-- title: Exceptions: findings that somebody answers for, and whether they still count
SELECT 'X' || id AS exception,
       CASE WHEN withdrawn <= :at THEN 'withdrawn' WHEN expires < :at THEN 'expired'
            ELSE 'open' END AS state,
       expires, check_id AS "check", key AS subject, scope, owner, approver, reason, made,
       CASE WHEN withdrawn <= :at THEN withdrawn END AS withdrawn,
       CASE WHEN withdrawn <= :at THEN withdrawn_why END AS withdrawn_why
  FROM exception WHERE made <= :at ORDER BY id;
