// Validate a JSON file by a JSON schema. NODE_PATH names ajv and ajv-formats.
// usage: node schema.js SCHEMA FILE
'use strict'
const fs = require('fs')
const Ajv = require('ajv').default
const formats = require('ajv-formats').default
const Ajv2020 = require('ajv/dist/2020').default
const read = (name) => JSON.parse(fs.readFileSync(name, 'utf8'))
const schema = read(process.argv[2])
const newer = /2020-12/.test(schema.$schema || '')
const ajv = new (newer ? Ajv2020 : Ajv)({ strict: false, allErrors: true, logger: false })
formats(ajv)
const validate = ajv.compile(schema)
if (!validate(read(process.argv[3]))) {
	console.log(JSON.stringify(validate.errors.slice(0, 5), null, 1))
	process.exit(1)
}
console.log('valid')
