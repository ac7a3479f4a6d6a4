-- title: Modules seen in process at CMVP, which is not validated
-- catalogs: cmvp-in-process
SELECT module, vendor, standard, status, observed, source FROM catalog_cmvp_in_process
 ORDER BY module, vendor, observed;
