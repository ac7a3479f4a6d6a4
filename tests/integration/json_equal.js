// Are two JSON files the same value? Prints the first differences.
// usage: node json_equal.js OURS THEIRS
'use strict'
const fs = require('fs')
let shown = 0
const differ = (path, a, b) => {
	if (shown++ < 10)
		console.log(path + ': ' + JSON.stringify(a) + ' / ' + JSON.stringify(b))
}
// A bar inside a table's cell is escaped by us (GFM asks for it), not by them.
const text = (s) => typeof s === 'string' ? s.replace(/\\\|/g, '|') : s
const compare = (path, a, b) => {
	if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') {
		if (text(a) !== text(b)) differ(path, a, b)
		return
	}
	for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
		compare(path + '/' + key, a[key], b[key])
}
const read = (name) => JSON.parse(fs.readFileSync(name, 'utf8'))
compare('', read(process.argv[2]), read(process.argv[3]))
process.exit(shown === 0 ? 0 : 1)
