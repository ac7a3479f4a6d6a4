# One run of quarter.sh's fleet as NDJSON: copies of recorded hosts.

# A recorded host, its name taken out.
function learn(name,    line) {
	while ((getline line < (from "/" name ".ndjson")) > 0) {
		gsub(name, "\001", line)
		lines[name, ++count[name]] = line
		if (line ~ /"boot_id":"/)
			boot[name] = count[name]
	}
}
function unreachable(host) {
	printf "{\"coverage\":{\"calls\":1,\"collector\":\"node\",\"denied\":0,\"gaps\":[],\"kinds\":[],\"outcome\":\"unreachable\",\"reason\":\"Connection timed out\",\"scope\":\"host/%s\",\"subjects\":0}}\n", host
}
BEGIN {
	n = split(kinds, words, /[ \t\n]+/)
	for (i = 1; i <= n; i++) {
		split(words[i], k, ":")
		learn(k[1])
		for (j = 0; j < k[2]; j++)
			mix[slots++] = k[1]
	}
	for (h = 1; h <= nodes; h++) {
		host = sprintf("ip-10-%d-%d-%d.ec2.internal", h / 4096 % 16, h / 64 % 64, h % 64 + 10)
		if ((h % 250 == 3 && day < 40) || (h % 250 == 5 && day > 60))
			continue # came late, or is gone
		if (h % 500 == 7 && day % 40 >= 20 && day % 40 < 30) {
			unreachable(host)
			continue
		}
		like = mix[(h * 37) % slots]
		turn = int((day + h % 100) / 100)
		off = h % 50 == 0 && (day + h % 100) % 100 < 30
		for (i = 1; i <= count[like]; i++) {
			line = lines[like, i]
			if (i == boot[like]) {
				sub(/"boot_id":"[^"]*"/, sprintf("\"boot_id\":\"%08x-0000-4000-8000-%012x\"", h, turn), line)
				if (off)
					sub(/"fips_enabled":1/, "\"fips_enabled\":0", line)
			}
			gsub("\001", host, line)
			print line
		}
	}
}
