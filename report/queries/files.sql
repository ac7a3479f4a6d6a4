-- title: Files that were read or refused, each with its digest
-- param: scope [*] scopes that match, as in host/web-*
-- param: path [*] paths that match, as in /etc/*
SELECT f.scope, f.key AS path, f.outcome, f.size, f.mode, f.modified, f.sha256,
       f.target, f.reason
  FROM node_file f
 WHERE f.scope GLOB :scope AND f.key GLOB :path
 ORDER BY f.scope, f.key;
