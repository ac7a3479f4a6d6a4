-- id: image-looked-at
-- order: 700
-- title: Every image that runs was looked through
-- severity: high
-- controls: nist-800-53r5 sc-13 cm-8
-- kinds: image.reference image kube.image
-- catalogs: cmvp-certificates cmvp-environments cmvp-identities cmvp-status systems
-- with: image-ledger
-- rationale: What is in an image decides about the cryptography of what runs from it.
--   An image that could not be had, or of which some files could not be read, is not
--   known.
-- remediation: Run 'exhibit collect image --in-use', with a login that may pull the
--   image; where files could not be read, the reason names them.
-- references: https://github.com/opencontainers/distribution-spec
-- since: 0.1.0
SELECT subject,
       iif(gap IS NOT NULL OR coalesce(json_array_length(unread), 1) > 0, 'unknown', 'satisfied') AS verdict,
       coalesce(gap, CASE WHEN unread IS NULL THEN 'which files could not be told is not known'
            WHEN json_array_length(unread) > 0
            THEN json_array_length(unread) || ' files could not be told, for instance '
                 || json_extract(unread, '$[0]')
            ELSE 'looked through: ' || coalesce(os_pretty, 'no operating system named')
            END) AS reason
  FROM looked_image;
