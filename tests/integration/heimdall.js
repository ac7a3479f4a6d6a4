// What Heimdall says of each control of an HDF file: "ID STATUS".
// usage: node heimdall.js FOLDER FILE   (FOLDER holds @mitre/saf's node_modules)
'use strict'
const fs = require('fs')
const path = require('path')
const { contextualizeEvaluation } = require(
	path.join(process.argv[2], 'node_modules', 'inspecjs'))
const all = contextualizeEvaluation(
	JSON.parse(fs.readFileSync(process.argv[3], 'utf8')))
for (const profile of all.contains)
	for (const control of profile.contains)
		console.log(control.data.id.replace('xccdf_exhibit_rule_', '') +
			' ' + control.hdf.status)
