// Validate a CycloneDX 1.6 file by the schema of the npm package
// @cyclonedx/cyclonedx-library. Exit 77 where it or ajv cannot be had.
// usage: node cyclonedx.js FILE   (NODE_PATH names the node_modules folder)
'use strict'
const fs = require('fs')
const path = require('path')
let Ajv, formats, schemas
try {
	Ajv = require('ajv').default
	formats = require('ajv-formats').default
	const library = path.dirname(require.resolve(
		'@cyclonedx/cyclonedx-library/package.json'))
	schemas = path.join(library, 'res', 'schema')
} catch (e) {
	console.log('skipped: ' + e.message.split('\n')[0])
	process.exit(77)
}
const read = (name) => JSON.parse(
	fs.readFileSync(path.join(schemas, name + '.SNAPSHOT.schema.json')))
const ajv = new Ajv({ strict: false, allErrors: true })
formats(ajv)
ajv.addFormat('iri-reference', true)
ajv.addFormat('idn-email', true)
ajv.addSchema(read('jsf-0.82'), 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json')
ajv.addSchema(read('spdx'), 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json')
const validate = ajv.compile(read('bom-1.6'))
if (!validate(JSON.parse(fs.readFileSync(process.argv[2])))) {
	console.log(JSON.stringify(validate.errors, null, 1))
	process.exit(1)
}
console.log('valid')
