# Tiny images made by hand: sourced by tests and benchmarks. Nothing here runs
# what is in them.

# blob FILE LAYOUT: put a file among the blobs; prints "sha256:..."
blob() {
	b_sum=$(sha256sum "$1" | cut -d' ' -f1)
	mkdir -p "$2/blobs/sha256"
	cp "$1" "$2/blobs/sha256/$b_sum"
	printf 'sha256:%s' "$b_sum"
}

# size FILE
size() {
	wc -c <"$1" | tr -d ' '
}

# layer FOLDER OUT [gzip|zstd|cat]: a layer of all that is in the folder,
# packed by what reads and writes a stream
layer() {
	tar -C "$1" --sort=name --owner=0 --group=0 --mtime=@0 -cf - . |
		${3:-gzip} >"$2"
}

# plain FILE: a layer's bytes once they are unpacked
plain() {
	case $1 in
	*.gz) gzip -dc "$1" 2>/dev/null || : ;;
	*.zst) zstd -qdc "$1" ;;
	*) cat "$1" ;;
	esac
}

# manifest LAYOUT OUT CONFIG LAYER...: an OCI manifest of these files; its
# configuration and layers go among the blobs. A configuration that names no
# diff_ids is given those of the layers. Prints the manifest's digest.
manifest() {
	m_layout=$1 m_out=$2 m_config=$3
	shift 3
	m_ids=
	for m_layer; do
		m_ids="$m_ids${m_ids:+,}\"sha256:$(plain "$m_layer" | sha256sum | cut -d' ' -f1)\""
	done
	sed "s|\"diff_ids\":\[\]|\"diff_ids\":[$m_ids]|" "$m_config" >"$m_out.config"
	m_config=$m_out.config
	m_digest=$(blob "$m_config" "$m_layout")
	{
		printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%s},"layers":[' \
			"$m_digest" "$(size "$m_config")"
		m_comma=
		for m_layer; do
			case $m_layer in
			*.zst) m_type=tar+zstd ;;
			*.gz) m_type=tar+gzip ;;
			*) m_type=tar ;;
			esac
			printf '%s{"mediaType":"application/vnd.oci.image.layer.v1.%s","digest":"%s","size":%s}' \
				"$m_comma" "$m_type" "$(blob "$m_layer" "$m_layout")" \
				"$(size "$m_layer")"
			m_comma=,
		done
		printf ']}'
	} >"$m_out"
	blob "$m_out" "$m_layout"
}

# index LAYOUT NAME DIGEST PLATFORM...: index.json with these manifests
index() {
	i_layout=$1 i_name=$2
	shift 2
	printf '{"imageLayoutVersion":"1.0.0"}' >"$i_layout/oci-layout"
	{
		printf '{"schemaVersion":2,"manifests":['
		i_comma=
		while [ $# -gt 1 ]; do
			printf '%s{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s","size":%s,"platform":{"os":"%s","architecture":"%s"},"annotations":{"org.opencontainers.image.ref.name":"%s"}}' \
				"$i_comma" "$1" "$(size "$i_layout/blobs/sha256/${1#sha256:}")" \
				"${2%%/*}" "${2#*/}" "$i_name"
			i_comma=,
			shift 2
		done
		printf ']}'
	} >"$i_layout/index.json"
}

# config OUT MACHINE ENV...: an image's configuration
config() {
	c_out=$1 c_machine=$2
	shift 2
	{
		printf '{"os":"linux","architecture":"%s","config":{"Env":[' "$c_machine"
		c_comma=
		for c_env; do
			printf '%s"%s"' "$c_comma" "$c_env"
			c_comma=,
		done
		printf ']},"rootfs":{"type":"layers","diff_ids":[%s]}}' "${diff_ids:-}"
	} >"$c_out"
}

# library OUT TEXT...: a shared object that holds these texts side by side
library() {
	l_out=$1
	shift
	mkdir -p "$(dirname "$l_out")"
	{
		echo 'const char texts[] ='
		for l_text; do printf '"%s\\0"\n' "$l_text"; done
		echo ';'
		echo 'int OSSL_provider_init(void) { return 0; }'
	} >"$l_out.c"
	gcc -shared -fPIC -Wl,-soname,"$(basename "$l_out")" -o "$l_out" \
		"$l_out.c"
	rm "$l_out.c"
}
